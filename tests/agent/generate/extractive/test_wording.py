"""How selected spans are said."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from agent.generate.extractive.candidates import Candidate
from agent.generate.extractive.facets import facets_of
from agent.generate.extractive.selection import SUPPORT_FEATURES, Selection
from agent.generate.extractive.wholes import Left
from agent.generate.extractive.wording import worded
from knowledge.question.parts import QuestionPart
from knowledge.types import Passage
from tests.support.evidence import passage


def selected(found: Passage, places: Sequence[int], part: QuestionPart | None = None) -> Selection:
    facets = [facets for facets in facets_of(found) if facets.quotable]
    return Selection(
        part=part or QuestionPart(text="How?", names=()),
        spans=tuple(Candidate(passage=found, facets=facets[place]) for place in places),
        features=np.zeros(len(SUPPORT_FEATURES), dtype=np.float32),
        void=False,
    )


GOLD = passage("The yearly fee is $90. It is waived once you spend $5,000 a year.", 1, title="Gold Card: Fees")
SILVER = passage("There is no yearly fee", 2, title="Silver Card: Fees")


def test_one_span_is_a_sentence_with_its_source() -> None:
    text, citations = worded([selected(SILVER, [0])])
    assert text == "There is no yearly fee. [1]"
    assert [(c.n, c.source_id, c.quote) for c in citations] == [(1, "article-2", "There is no yearly fee")]


def test_several_passages_stand_under_their_titles() -> None:
    text, citations = worded([selected(GOLD, [0]), selected(SILVER, [0])])
    assert (
        text
        == "**Gold Card: Fees**\n- The yearly fee is $90. [1]\n\n**Silver Card: Fees**\n- There is no yearly fee. [2]"
    )
    assert [c.n for c in citations] == [1, 2]


def test_items_with_others_between_them_are_not_numbered() -> None:
    closing = passage("Before closing:\n\n1. Empty it.\n2. End disputes.\n3. Return the card.", 1, title="Closing")
    assert worded([selected(closing, [0, 1])])[0].splitlines()[1:] == ["1. Empty it. [1]", "2. End disputes. [1]"]
    assert all(line.startswith("- ") for line in worded([selected(closing, [0, 2])])[0].splitlines())


def test_things_compared_stand_in_a_table() -> None:
    gold = QuestionPart(text="Which fee has the gold card?", names=(("gold", "card"),), compared=True)
    silver = QuestionPart(text="Which fee has the silver card?", names=(("silver", "card"),), compared=True)
    text, citations = worded([selected(GOLD, [0, 1], gold), selected(SILVER, [0], silver)])
    assert text.splitlines() == [
        "| | In the articles |",
        "|---|---|",
        "| **Gold Card** | The yearly fee is $90. [1]; It is waived once you spend $5,000 a year. [1] |",
        "| **Silver Card** | There is no yearly fee. [2] |",
    ]
    assert citations[0].quote == GOLD.text


def test_a_table_of_chinese_sources_is_headed_in_chinese() -> None:
    parts = [QuestionPart(text=f"{name}的年费", names=((name,),), compared=True) for name in ("金卡", "银卡")]
    passages = [
        passage(f"{name}年费为{fee}元", n) for n, (name, fee) in enumerate([("金卡", 90), ("银卡", 0)], start=1)
    ]
    text, _ = worded([selected(p, [0], part) for p, part in zip(passages, parts, strict=True)])
    assert text.splitlines()[0] == "| | 文章所述 |"
    assert text.splitlines()[2] == "| **金卡** | 金卡年费为90元。 [1] |"


def test_different_questions_are_not_compared() -> None:
    fee = QuestionPart(text="What does the gold card cost?", names=(("gold", "card"),))
    limit = QuestionPart(text="What is the limit of the silver card?", names=(("silver", "card"),))
    text, _ = worded([selected(GOLD, [0], fee), selected(SILVER, [0], limit)])
    assert "|" not in text


def test_what_stands_under_a_step_is_said_under_it() -> None:
    found = passage(
        "## Steps\n1. Open the app\n2. Tell them\n   - **Fees** apply\n   - It is final\n\n   Ask twice.\n3. Done"
    )
    text, _ = worded([selected(found, range(6))])
    assert text.splitlines() == [
        "Steps:",
        "1. Open the app. [1]",
        "2. Tell them. [1]",
        "   - **Fees** apply. [1]",
        "   - It is final. [1]",
        "   Ask twice. [1]",
        "3. Done. [1]",
    ]
    under, _ = worded([selected(found, [2, 5])])
    assert under.splitlines() == ["- Tell them: **Fees** apply. [1]", "- Steps: Done. [1]"]


def test_steps_keep_their_numbers_and_what_introduces_them() -> None:
    found = passage("To freeze a card:\n\n1. Open the app. Sign in first.\n2. Choose **Freeze**\n\nIt takes a minute.")
    text, citations = worded([selected(found, [0, 1, 2, 3])])
    assert text.splitlines() == [
        "To freeze a card:",
        "1. Open the app. Sign in first. [1]",
        "2. Choose **Freeze**. [1]",
        "- It takes a minute. [1]",
    ]
    assert citations[0].quote in found.text


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("得**1分**，14天后到账。**100分抵2美元**。", 0, "得**1分**，14天后到账。 [1]"),
        ("得**1分**，14天后到账。**100分抵2美元**。", 1, "**100分抵2美元**。 [1]"),
        ("**先关机。再等一天。**然后充电。", 0, "先关机。 [1]"),
        ("**Switch it off. Then wait a day.** Charge it.", 1, "Then wait a day. [1]"),
        ("| **Plan** | Fee |\n|---|---|\n| **Gold** | $5 \\| month |", 0, "**Gold** – Fee: $5 | month. [1]"),
        (
            "- *Note* that [this page](https://a.example) helps.",
            0,
            "*Note* that [this page](https://a.example) helps. [1]",
        ),
    ],
)
def test_marks_are_whole_however_a_passage_is_cut(text: str, place: int, said: str) -> None:
    assert worded([selected(passage(text), [place])])[0] == said


def test_a_title_with_marks_is_said_without_them() -> None:
    titled = passage("It costs $5.", 1, title="The **Gold** card")
    text, _ = worded([selected(titled, [0]), selected(SILVER, [0])])
    assert text.startswith("**The Gold card**\n- It costs $5. [1]")


def test_several_rows_of_a_table_are_a_table() -> None:
    found = passage("| Way | Hours |\n|---|---|\n| Phone | 9–5 |\n| Chat | all day |\n\nOr write to us.")
    text, citations = worded([selected(found, [0, 1, 2])])
    assert text.splitlines() == [
        "| Way | Hours |",
        "| --- | --- |",
        "| Phone | 9–5 [1] |",
        "| Chat | all day [1] |",
        "",
        "- Or write to us. [1]",
    ]
    assert citations[0].quote in found.text


def test_items_without_a_subject_stand_under_their_heading() -> None:
    found = passage(
        "It costs nothing.\n\n## What counts as abroad\n\n- In-person purchases at merchants outside the country where you live\n- Subscriptions"
    )
    assert worded([selected(found, [0, 1, 2])])[0].splitlines() == [
        "- It costs nothing. [1]",
        "- What counts as abroad:",
        "  - In-person purchases at merchants outside the country where you live. [1]",
        "  - Subscriptions. [1]",
    ]


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        (
            "- Q: Is there insurance?\n  A: Your account includes up to $30,000.",
            0,
            "Your account includes up to $30,000. [1]",
        ),
        ("- Q: Is there insurance?\n  A: Yes.", 0, "Is there insurance? Yes. [1]"),
        (
            "**Q: Is it free?**\n\n**A:** It is free for everyone who opens it.",
            0,
            "It is free for everyone who opens it. [1]",
        ),
        (
            "问：收费吗？\n\n答：开户的前三个月内不收取任何管理费用，之后每月收取。",
            0,
            "开户的前三个月内不收取任何管理费用，之后每月收取。 [1]",
        ),
        ("Plan A: It is free for everyone.", 0, "Plan A: It is free for everyone. [1]"),
    ],
)
def test_an_answer_is_said_without_its_letter(text: str, place: int, said: str) -> None:
    assert worded([selected(passage(text), [place])])[0] == said


@pytest.mark.parametrize(
    ("asked", "count", "said"),
    [
        ("Which fees are there?", 3, "3 more are not listed here: see “Gold Card: Fees”. [1]"),
        ("Which fees are there?", 1, "1 more is not listed here: see “Gold Card: Fees”. [1]"),
        ("有哪些费用", 3, "还有3项未列出，见《Gold Card: Fees》。[1]"),
    ],
)
def test_what_is_left_out_is_said_last(asked: str, count: int, said: str) -> None:
    found = selected(GOLD, [0], QuestionPart(text=asked, names=()))
    text, _ = worded([replace(found, left=(Left(passage=GOLD, count=count),))])
    assert text.splitlines()[-1] == said


def test_what_announces_the_rest_of_its_line_is_said_in_one_line_with_it() -> None:
    found = passage("Yes. Partners earn 20 % of the fees. Apply on our page.\n\nWe pay in May.")
    text, citations = worded([selected(found, [0, 1, 2])])
    assert text == "Yes. Partners earn 20 % of the fees. Apply on our page. [1]"
    assert citations[0].quote == "Yes. Partners earn 20 % of the fees. Apply on our page."
    text, _ = worded([selected(found, [1, 2])])
    assert text == "- Partners earn 20 % of the fees. [1]\n- Apply on our page. [1]"


def test_a_field_of_a_record_is_said_with_its_name() -> None:
    lamp = replace(passage("- name: Lamp 7\n- delivery_days: 3\n- colour: red", 1, title="Lamp 7"), row=1)
    assert worded([selected(lamp, [1])])[0] == "Lamp 7 – Delivery days: 3. [1]"
    assert worded([selected(lamp, [1, 2])])[0] == "**Lamp 7**\n- Delivery days: 3. [1]\n- Colour: red. [1]"
    chinese = replace(passage("- name: 灯七\n- 是否防水: 否", 1, title="灯七"), row=1)
    assert worded([selected(chinese, [1])])[0] == "灯七——是否防水：否。 [1]"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("## Do I get an eSIM?\nYes.", "Do I get an eSIM? Yes. [1]"),
        ("## How many may I bring?\nTwo, in the cabin only.", "How many may I bring? Two, in the cabin only. [1]"),
        ("## Do I need a passport?\nNo, a card is enough.", "Do I need a passport? No, a card is enough. [1]"),
        (
            "- What is the fee of a transaction if I use the card in another country? 0%.",
            "What is the fee of a transaction if I use the card in another country? 0%. [1]",
        ),
        ("## 学生能申请吗？\n不能。", "学生能申请吗？不能。 [1]"),
        ("## How long does it take?\nA transfer takes three days.", "A transfer takes three days. [1]"),
        ("## No smartphone?\nThe door connects with a key card.", "The door connects with a key card. [1]"),
        ("## Baggage\nTwo bags of 23 kg are free.", "Two bags of 23 kg are free. [1]"),
    ],
)
def test_an_answer_that_says_little_comes_with_its_question(text: str, expected: str) -> None:
    found = passage(text, 1, title="Questions")
    last = sum(facets.quotable for facets in facets_of(found)) - 1
    assert worded([selected(found, [last])])[0] == expected


def test_the_question_may_be_a_heading_cut_off_or_the_title() -> None:
    cut_off = replace(passage("No.", 1, title="Questions"), section=("Is there a pool?",))
    assert worded([selected(cut_off, [0])])[0] == "Is there a pool? No. [1]"
    asking = passage("No.", 1, title="Is there a pool?")
    assert worded([selected(asking, [0])])[0] == "Is there a pool? No. [1]"
    both = worded([selected(asking, [0]), selected(SILVER, [0])])[0]
    assert both.startswith("- Is there a pool? No. [1]\n\n**Silver Card: Fees**")


def test_a_product_that_was_not_asked_about_by_name_is_said() -> None:
    fee = passage("The late fee is $5.", 1, title="Fees")
    of_blue = replace(selected(fee, [0]), products={"p1": "Blue Card"})
    assert worded([of_blue])[0] == "**Blue Card: Fees**\n- The late fee is $5. [1]"
    named = replace(selected(SILVER, [0]), products={"p2": "Silver Card"})
    assert worded([named])[0] == "**Silver Card: Fees**\n- There is no yearly fee. [2]".replace("[2]", "[1]")
    said = replace(selected(passage("Blue Card: the late fee is $5.", 1), [0]), products={"p1": "Blue Card"})
    assert worded([said])[0] == "Blue Card: the late fee is $5. [1]"
