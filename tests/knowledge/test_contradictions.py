"""Which pairs of statements contradict each other, in both languages, and which only look as if."""

import json
import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from knowledge.contradictions import contradictions
from knowledge.cutting.chunking import split
from knowledge.index.names import Names
from knowledge.loaders.registry import load
from knowledge.text.quantities import take_out
from knowledge.types import Passage

DATA = Path(os.environ.get("PARLEY_DATA", Path(__file__).parents[3] / "shared" / "data"))


def article(number: int, text: str, title: str = "Returns", valid_from: str = "") -> Passage:
    return Passage(
        id=f"a{number}#0",
        source_id=f"a{number}",
        title=title,
        section=(),
        text=text,
        position=0,
        valid_from=date.fromisoformat(valid_from) if valid_from else None,
    )


def found(*passages: Passage) -> list[tuple[str, str, str]]:
    pairs = contradictions(passages, Names.learn(passages))
    return [(pair.kind, pair.older.span.text, pair.newer.span.text) for pair in pairs]


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        ("You can return a product within 30 days of delivery.", "You can return a product within 14 days of delivery.", "numbers"),
        ("Customers may send back opened laptops within two weeks.", "Opened laptops may be sent back within three weeks by customers.", "numbers"),
        ("Express delivery costs $12.90 in all zones.", "Express delivery costs $9.90 in all zones.", "numbers"),
        ("The branch in the station opens at 9:00 on weekdays.", "The branch in the station opens at 8:30 on weekdays.", "numbers"),
        ("Opened software can be returned to every store.", "Opened software can not be returned to every store.", "yes or no"),
        ("手机的保修期是两年，电池除外。", "手机的保修期是1年，电池除外。", "numbers"),
        ("退货须在签收后三十天内申请。", "退货须在签收后15天内申请。", "numbers"),
        ("打开包装的软件可以在门店退货。", "打开包装的软件不可以在门店退货。", "yes or no"),
    ],
)  # fmt: skip
def test_the_same_with_other_numbers_or_yes_and_no(one: str, other: str, kind: str) -> None:
    pairs = found(article(1, one), article(2, other, title="Returns (2023)"))
    assert [pair[0] for pair in pairs] == [kind]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("You can return a product within 30 days of delivery.", "You can return a product within thirty days of delivery."),
        ("The fee is $1,000 for every single transfer abroad.", "The fee is $1000.00 for every single transfer abroad."),
        ("The Gold card costs $95 for every full year.", "The Silver card costs $45 for every full year."),
        ("Delivery takes 3 days in all our zones.", "Delivery is done by our own couriers in all zones."),
        ("Can you return opened software to every store?", "Opened software can not be returned to every store."),
        ("No. Opened software is returned to the maker at once.", "Opened software is returned to the maker at once."),
        ("手机的保修期是两年，电池除外。", "平板的保修期是一年，键盘除外。"),
        ("手机的保修期是两年，电池除外。", "手机的保修期是2年，电池除外。"),
    ],
)  # fmt: skip
def test_what_only_looks_like_it(one: str, other: str) -> None:
    assert found(article(1, one), article(2, other)) == []


def test_what_stands_above_tells_things_apart() -> None:
    fees = [article(n, f"Annual fee: ${n}5", title=f"{name} card: fees") for n, name in enumerate(["Gold", "Silver"])]
    assert found(*fees) == []
    tables = [
        article(n, f"| Plan | Fee |\n|---|---|\n| Basic | ${n}5 |", title=f"{name} accounts")
        for n, name in enumerate(["Private", "Business"])
    ]
    assert found(*tables) == []
    assert len(found(article(1, "Annual fee: $5", "Gold card"), article(2, "Annual fee: $6", "Gold card"))) == 1


def test_the_newer_one_comes_last_and_what_was_never_valid_together_is_no_contradiction() -> None:
    old = article(1, "You can return a product within 30 days of delivery.", valid_from="2025-01-01")
    new = article(2, "You can return a product within 14 days of delivery.", valid_from="2024-01-01")
    (pair,) = contradictions([old, new], Names.learn([old, new]))
    assert pair.is_dated and pair.newer.passage == old
    over = replace(new, valid_until=date(2024, 12, 31))
    assert contradictions([old, over], Names.learn([old, over])) == []


def test_only_what_changed_is_compared_with_the_rest() -> None:
    texts = [f"The parking fee in zone A is {n} crowns a day." for n in range(3)]
    passages = [article(n, text) for n, text in enumerate(texts)]
    assert len(contradictions(passages, Names.learn(passages))) == 3
    assert len(contradictions(passages, Names.learn(passages), frozenset({"a1"}))) == 2
    assert contradictions(passages, Names.learn(passages), frozenset()) == []


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("$1,000.50 or €3 million", ["1000.5 $", "3000000 €"]),
        ("within two weeks, 3-5 business days", ["2 week", "3 ", "5 busi day"]),
        ("保修两年，三十五天，百分之五，3个工作日", ["2 年", "35 天", "5 %", "3 工作日"]),
        ("on 2026-01-31, 2026年1月31日", ["2026-01-31 date", "2026-01-31 date"]),
        ("open_account_4821, Q1, 第2条, v2", []),
    ],
)
def test_quantities_are_read_in_one_form(text: str, wanted: list[str]) -> None:
    quantities, _ = take_out(text)
    assert [f"{quantity.value} {quantity.unit}" for quantity in quantities] == wanted


@pytest.mark.data
@pytest.mark.skipif(not DATA.is_dir(), reason="needs ../shared/data or PARLEY_DATA")
def test_the_real_bank_gives_few_false_alarms_and_changed_copies_are_found(tmp_path: Path) -> None:
    data = (DATA / "rho_bank" / "articles.jsonl").read_bytes()
    documents = [one for one in load("articles.jsonl", ".jsonl", data) if not isinstance(one, Exception)]
    passages = [passage for document in documents for passage in split(document)]
    assert len(contradictions(passages, Names.learn(passages))) <= 3
    rows = [json.loads(line) for line in data.decode().splitlines()]
    fees = [row for row in rows if "$25" in row["content"]][:10]
    copies = "\n".join(
        json.dumps({**row, "id": f"{row['id']}_old", "content": row["content"].replace("$25", "$99")}) for row in fees
    )
    old = [one for one in load("old.jsonl", ".jsonl", copies.encode()) if not isinstance(one, Exception)]
    both = [*passages, *(passage for document in old for passage in split(document))]
    pairs = contradictions(both, Names.learn(both), frozenset(document.source_id for document in old))
    hit = {pair.newer.passage.source_id.removesuffix("_old") for pair in pairs}
    hit |= {pair.older.passage.source_id.removesuffix("_old") for pair in pairs}
    assert len(hit & {row["id"] for row in fees}) >= 0.8 * len(fees)


def test_rows_of_one_table_do_not_contradict_each_other() -> None:
    rows = [
        replace(article(n, f"The price of a day is ${n}0 for every customer."), source_id=f"fees.xlsx#S!{n}", row=n)
        for n in (1, 2)
    ]
    assert found(*rows) == []
    assert found(rows[0], replace(rows[1], source_id="other.xlsx#S!2"))
