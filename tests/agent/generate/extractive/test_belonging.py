"""Spans that are quoted together."""

from itertools import groupby

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from agent.generate.extractive.belonging import (
    with_introductions,
    with_the_rule,
    with_what_belongs,
    with_what_they_lean_on,
    with_whole_lists,
)
from agent.generate.extractive.candidates import Candidate
from agent.generate.extractive.facets import facets_of
from tests.support.evidence import passage


def spans(*texts: str) -> list[Candidate]:
    passages = [passage(text, number) for number, text in enumerate(texts, start=1)]
    return [Candidate(passage=p, facets=facets) for p in passages for facets in facets_of(p) if facets.quotable]


def together(found: list[Candidate], place: int, *, steps: bool = False) -> list[str]:
    return [found[at].span.text for at in sorted(with_what_belongs(found, place, steps=steps))]


STEPS = """## Freezing a card

To freeze it:

1. Open the app. The card must be active.
2. Choose **Freeze**.
3. Confirm.

## Unfreezing a card

1. Call us.
2. Name the card."""


def test_a_sentence_that_leans_on_the_one_before_brings_it() -> None:
    found = spans("Laptops go back within 14 days. This holds for opened ones only.")
    assert together(found, 1) == [found[0].span.text, found[1].span.text]


@pytest.mark.parametrize(
    "text",
    [
        "You have 45 days to redeem. After this period, all rewards are forfeited.",
        "The trial lasts a month. During that time nothing is charged.",
        "Late payments are noted. If this happens twice, the card is blocked.",
        "- You have 45 days.\n- After these days, nothing is refunded.",
        "Reset links hold for an hour. Until then, the old one works. Before that, call us.",
        "积分可在45天内兑换。超过该期限，积分作废。",
        "试用期一个月。在此期间不收费。",
        "请在30天内退货。此后不再受理。",
        "密码输错三次。若这样，卡会被锁。",
        "Pay by card. It is free.",
    ],
)
def test_every_sentence_brings_the_one_it_leans_on(text: str) -> None:
    found = spans(f"Welcome. {text}", "Another.")
    last = max(at for at, one in enumerate(found) if one.passage.id == "p1")
    assert with_what_they_lean_on(found, [len(found) - 1, last], 100)[2:] == [last - 1]
    assert with_what_they_lean_on(found, [last], 1) == [last]


@pytest.mark.parametrize(
    "text",
    [
        "You have 45 days. After 45 days, all rewards are forfeited.",
        "Rewards never expire. Thistles are weeds.",
        "- Cards are free.\n- It takes three days.",
        "- 卡免费。\n- 其他卡收费。",
        "卡免费。此外，取现也免费。",
    ],
)
def test_what_stands_alone_brings_nothing(text: str) -> None:
    found = spans(text)
    assert with_what_they_lean_on(found, [len(found) - 1], 100) == [len(found) - 1]


def test_an_exception_is_never_cut_off() -> None:
    for text in (
        "You can cancel at any time. Unless the order has shipped, nothing is charged.",
        "Returns are free. However, opened laptops cost 10%. Thank you.",
        "订单可以随时取消。除非已经发货。",
    ):
        found = spans(text)
        assert together(found, 0)[:2] == [found[0].span.text, found[1].span.text]


def test_what_another_passage_begins_with_does_not_belong() -> None:
    found = spans("Returns are free.", "However, opened laptops cost 10%.")
    assert together(found, 0) == ["Returns are free."]
    assert together(found, 1) == ["However, opened laptops cost 10%."]


def test_conditions_that_answer_call_for_the_others_of_their_list_while_there_is_room() -> None:
    found = spans("An account can be closed when\n\n1. it is empty,\n2. no dispute is open,\n3. no card is on its way.")
    conditions = [at for at, one in enumerate(found) if one.span.place.listing]
    first, second, third = conditions
    assert sorted(with_whole_lists(found, [first, third], 40)) == conditions
    assert with_whole_lists(found, [first, third], 8) == [first, third]
    assert with_whole_lists(found, [second], 40) == [second]


def test_one_step_calls_for_all_of_its_list() -> None:
    found = spans(STEPS)
    whole = ["Open the app.", "The card must be active.", "Choose **Freeze**.", "Confirm."]
    for place in range(4):
        assert together(found, place, steps=True) == whole
    assert together(found, 4, steps=True) == ["Call us.", "Name the card."]
    assert together(found, 2) == ["Choose **Freeze**."]


NESTED = """## Freezing steps
1. Verify who asks
2. Is the card lost?
3. Tell the customer the following:
   - New payments are declined
   - Old ones may go through
4. Use the app
5. Confirm
"""

LOOSE = """先做这些：
1、打开应用。
- 登录账户
2、点击冻结：
提示出现后请确认。
3、完成。

其他说明。"""


def test_what_stands_under_a_step_belongs_to_the_list() -> None:
    found = spans(NESTED)
    for place in range(len(found)):
        chosen = [found[at] for at in with_what_belongs(found, place, steps=True)]
        assert [c.span.place.ordinal for c in with_introductions(chosen)] == [1, 2, 3, 3, 3, 4, 5]
    assert len(with_introductions([found[0], found[-1]])) == 2  # of a few steps, only what leads to them


def test_what_stands_between_two_steps_belongs_to_the_first_of_them() -> None:
    found = spans(LOOSE)
    assert [c.span.place.ordinal for c in found] == [1, 1, 2, 3, 0]
    assert together(found, 3, steps=True) == ["打开应用。", "登录账户", "提示出现后请确认。", "完成。"]


STEP_TEXTS = st.sampled_from(["Open the app. Sign in.", "Is it lost?", "Tell us this:", "**Confirm**", "Call e.g. us"])
UNDER = st.lists(st.sampled_from(["   - One", "   1. Inner", "   More on it.", "- Loose", "Plain words."]), max_size=3)


@given(st.lists(st.tuples(STEP_TEXTS, UNDER), min_size=2, max_size=9), st.sampled_from(["\n", "\n\n"]), st.data())
def test_whatever_a_list_looks_like_a_step_brings_all_steps(
    steps: list[tuple[str, list[str]]], gap: str, data: st.DataObject
) -> None:
    last = [(steps[-1][0], [line for line in steps[-1][1] if line.startswith(" ")])]
    items = ["\n".join([f"{n}. {text}", *under]) for n, (text, under) in enumerate([*steps[:-1], *last], start=1)]
    found = spans(f"## Before\nWords.\n\n## How\n{gap.join(items)}\n\n## After\n1. Other.\n2. List.")
    listed = [at for at, one in enumerate(found) if one.span.heading == "How"]
    assume(len(listed) > 1)
    together = with_what_belongs(found, data.draw(st.sampled_from(listed)), steps=True)
    said = with_introductions([found[at] for at in together])
    assert {one.span.heading for one in said} == {"How"}
    assert [n for n, _ in groupby(one.span.place.ordinal for one in said)] == list(range(1, len(steps) + 1))
    quoted = "".join(one.span.text for one in said)
    assert all(text in quoted or text.partition(". ")[0] in quoted for text, _ in steps)


def test_a_list_too_long_to_say_is_not_said_whole() -> None:
    found = spans("\n".join(f"{number}. Do thing {number}." for number in range(1, 40)))
    assert together(found, 5, steps=True) == ["Do thing 6."]


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        (
            "Problems:\n\n- **The mail did not come.** Look into the spam folder. It takes ten minutes.\n- **No seats left.** Upgrade your plan.",
            ["**The mail did not come.**", "Look into the spam folder.", "It takes ten minutes."],
        ),
        ("Yes. Partners earn 20 % of the fees.\n\nApply on our page.", ["Yes.", "Partners earn 20 % of the fees."]),
        ("可以。外宾凭护照登记。\n\n请提前联系。", ["可以。", "外宾凭护照登记。"]),
        ("The fee is $5. It is due in May.", ["The fee is $5."]),
    ],
)
def test_what_only_announces_the_rest_of_its_line_is_quoted_with_that(text: str, quoted: list[str]) -> None:
    assert [said.removeprefix("- ") for said in together(spans(text), 0)] == quoted


@pytest.mark.parametrize(
    ("text", "place", "asked"),
    [
        ("Tickets are bound to a day. The open ticket is not bound to any.", 1, "Are tickets bound to a day?"),
        ("押金为200元。老客户不收押金。", 1, "有押金吗"),
    ],
)
def test_an_exception_is_said_with_its_rule(text: str, place: int, asked: str) -> None:
    assert with_the_rule(spans(text), [place], asked) == [place, place - 1]


@pytest.mark.parametrize(
    ("text", "place", "asked"),
    [
        ("Tickets are bound to a day. The open ticket is not bound to any.", 1, "What is the open ticket?"),
        ("Tickets are bound to a day.\n\nThe open ticket is not bound to any.", 1, "Are tickets bound to a day?"),
        ("We sell tickets. No refunds.", 1, "Are there refunds?"),
        ("Tickets are bound to a day. The open ticket is for all.", 1, "Are tickets bound to a day?"),
    ],
)
def test_what_is_no_exception_stands_alone(text: str, place: int, asked: str) -> None:
    assert with_the_rule(spans(text), [place], asked) == [place]


def test_what_to_do_is_said_with_the_case_that_its_item_begins_with() -> None:
    found = spans("- You may leave early if you move away. Send us a letter.\n- Notice is a month.")
    assert together(found, 1) == [found[0].span.text, found[1].span.text]
