"""Looking up an order: asked for what is missing, shown only to someone who knows the e-mail, in either language."""

from datetime import date
from pathlib import Path

import pytest

from agent.errors import SettingsError
from agent.tools.record_lookup import load_tools
from agent.types import Language, Understanding, Utterance

ORDERS = (
    "order_number,email,status,eta\nLO-1,a@example.com,shipped,2026-11-20\nLO-2,a@example.com,delivered,2026-11-20\n"
)
TOOLS = r"""
orders:
  file: orders.csv
  key: order_number
  key_pattern: '\bLO-\d+\b'
  proof: email
  proof_pattern: '[\w.+-]+@[\w.-]+\.\w+'
  values: {status: {shipped: {en: on its way, zh: 已发货}}}
  say:
    en:
      found: "{order_number} is {status}."
      ask_key: Which order?
      ask_proof: Your e-mail?
      not_found: "No {order_number}."
    zh:
      found: "{order_number}{status}。"
      ask_key: 哪个订单？
      ask_proof: 邮箱？
      not_found: "没有{order_number}。"
"""


def write_tools(folder: Path, text: str = TOOLS) -> Path:
    (folder / "orders.csv").write_text(ORDERS, "utf-8")
    (folder / "tools.yaml").write_text(text, "utf-8")
    return folder / "tools.yaml"


@pytest.mark.parametrize(
    ("titles", "shown"),
    [("", ("My orders", "My orders")), ("  title: {en: Your order, zh: 您的订单}\n", ("Your order", "您的订单"))],
)
async def test_what_was_found_has_a_source_that_customers_can_read(
    tmp_path: Path, titles: str, shown: tuple[str, str]
) -> None:
    tool = load_tools(write_tools(tmp_path, TOOLS.replace("orders:\n", f"my_orders:\n{titles}", 1)))["my_orders"]
    for language, title in zip(("en", "zh"), shown, strict=True):
        result = await tool.run(Understanding(question="", text="LO-1 a@example.com", language=language), [], None)
        assert (result.title, result.source_id) == (title, "my_orders")


@pytest.mark.parametrize(
    ("said", "language", "customer", "text", "missing"),
    [
        (["where is my order"], "en", None, "Which order?", ("order_number",)),
        (["where is lo-1"], "en", None, "Your e-mail?", ("email",)),
        (["where is LO-1", "a@example.com"], "en", None, "LO-1 is on its way.", ()),
        (["where is LO-1, A@Example.com"], "en", None, "LO-1 is on its way.", ()),
        (["where is LO-1"], "en", "a@example.com", "LO-1 is on its way.", ()),
        (["where is LO-1", "b@example.com"], "en", None, "No LO-1.", ("order_number",)),
        (["where is LO-9", "a@example.com"], "en", None, "No LO-9.", ("order_number",)),
        (["查一下 LO-1", "a@example.com"], "zh", None, "LO-1已发货。", ()),
    ],
)
async def test_lookup(
    tmp_path: Path, said: list[str], language: Language, customer: str | None, text: str, missing: tuple[str, ...]
) -> None:
    tool = load_tools(write_tools(tmp_path))["orders"]
    history = [Utterance(role="user", content=earlier) for earlier in said[:-1]]
    understanding = Understanding(text=said[-1], question=said[-1], language=language)
    result = await tool.run(understanding, history, customer)
    assert (result.text, result.missing) == (text, missing)


def test_no_file_means_no_tools(tmp_path: Path) -> None:
    assert load_tools(tmp_path / "tools.yaml") == {}


@pytest.mark.parametrize("text", ["orders: {file: orders.csv}", "orders: [", TOOLS.replace("orders.csv", "gone.csv")])
def test_a_wrong_file_is_named(tmp_path: Path, text: str) -> None:
    with pytest.raises(SettingsError, match=r"tools\.yaml"):
        load_tools(write_tools(tmp_path, text))


MORE = (
    TOOLS.replace(r"'\bLO-\d+\b'", r"'\bLO-?\d+\b'")
    .replace(
        '      not_found: "No {order_number}."',
        """      not_found: "No {order_number}."
      not_found_again: "Still no {order_number}."
      found_again: "Still {status}."
      late: "{order_number} is {days} days late."
      late_again: "Still {days} days late."
      no_key: In the e-mail.
      no_key_again: Ask a person.
      no_proof: It went there.""",
    )
    .replace("  values:", "  due: eta\n  settled: {status: [delivered]}\n  values:")
)


async def told(folder: Path, day: date, *said: str) -> list[str]:
    """The texts that follow each other in one conversation."""
    tool = load_tools(write_tools(folder, MORE), lambda: day)["orders"]
    history: list[Utterance] = []
    for text in said:
        result = await tool.run(Understanding(text=text, question=text, language="en"), history, None)
        history += [Utterance(role="user", content=text), Utterance(role="assistant", content=result.text)]
    return [one.content for one in history if one.role == "assistant"]


async def test_what_was_told_is_not_told_alike_again(tmp_path: Path) -> None:
    before, after = date(2026, 11, 20), date(2026, 11, 26)
    assert await told(tmp_path, before, "LO-1 a@example.com", "when?") == ["LO-1 is on its way.", "Still on its way."]
    assert await told(tmp_path, after, "LO-1 a@example.com", "when?") == ["LO-1 is 6 days late.", "Still 6 days late."]
    assert await told(tmp_path, after, "LO-2 a@example.com") == ["LO-2 is delivered."]
    assert await told(tmp_path, after, "LO-9 a@example.com", "when?") == ["No LO-9.", "Still no LO-9."]


async def test_a_number_is_found_however_it_is_written(tmp_path: Path) -> None:
    assert await told(tmp_path, date(2026, 11, 20), "lo1 a@example.com") == ["LO-1 is on its way."]


async def test_who_has_no_number_is_told_where_it_is_then_who_helps(tmp_path: Path) -> None:
    day = date(2026, 11, 20)
    said = await told(tmp_path, day, "where is it", "I don't have the number", "any other way?", "no")
    assert said == ["Which order?", "In the e-mail.", "Ask a person.", "Ask a person."]
    assert await told(tmp_path, day, "I lost the number") == ["In the e-mail."]
    assert await told(tmp_path, day, "LO-1", "I forgot which e-mail") == ["Your e-mail?", "It went there."]


async def test_what_was_typed_wide_earlier_counts(tmp_path: Path) -> None:
    tool = load_tools(write_tools(tmp_path))["orders"]
    history = [Utterance(role="user", content="訂單 ＬＯ－１")]
    asked = Understanding(text="a@example.com", question="a@example.com", language="zh")
    assert (await tool.run(asked, history, None)).text == "LO-1已发货。"


@pytest.mark.parametrize(
    ("said", "found"),
    [
        (["where is my order", "1", "a@example.com"], "LO-1 is on its way."),
        (["where is my order", "it's number 1", "a@example.com"], "LO1 is on its way."),
        (["where is my order", "I have 1 question", "a@example.com"], "Which order?"),
        (["where is my order", "11", "a@example.com"], "Which order?"),
    ],
)
async def test_a_number_is_known_without_the_letters_that_all_begin_with(
    tmp_path: Path, said: list[str], found: str
) -> None:
    tool = load_tools(write_tools(tmp_path))["orders"]
    history = [Utterance(role="user", content=earlier) for earlier in said[:-1]]
    result = await tool.run(Understanding(text=said[-1], question=said[-1], language="en"), history, None)
    assert result.text == found.replace("LO1", "LO-1")


async def test_a_language_without_texts_gets_those_of_another(tmp_path: Path) -> None:
    english = TOOLS.split("    zh:\n", maxsplit=1)[0]
    lookups = load_tools(write_tools(tmp_path, english))
    understanding = Understanding(text="查 LO-1 ，a@example.com", question="", language="zh")
    assert (await lookups["orders"].run(understanding, (), None)).text == "LO-1 is 已发货."
