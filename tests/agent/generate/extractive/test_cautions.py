"""What is said first: what to do about harm, and what warns those who ask."""

import numpy as np
import pytest

from agent.generate.extractive.candidates import Candidate
from agent.generate.extractive.cautions import cautions, is_of_another, says_nothing_of_harm, without_other_groups
from agent.generate.extractive.facets import facets_of
from knowledge.question.parts import QuestionPart
from tests.support.evidence import passage

DYE = passage(
    "Leave the dye on for 30 minutes. Pregnant women should ask a doctor before they dye their hair. Children under 16 may"
    " not use it. Shake the bottle before you open the dye.",
    1,
    title="Hair dye",
)
SKIN = passage("If your scalp itches or your skin turns red, rinse it and see a doctor.", 2, title="When it stings")
CREAM = passage("面霜每天涂两次。哺乳期请先问医生再使用面霜。", 3, title="面霜怎么用")
RASH = passage("起疹或红肿的，请立即停用并就医。", 4, title="皮肤不适")

SPANS = [Candidate(passage=p, facets=facets) for p in (DYE, SKIN, CREAM, RASH) for facets in facets_of(p)]
TEXTS = [one.span.text for one in SPANS]


def part(text: str) -> QuestionPart:
    return QuestionPart(text=text, names=())


def first(question: str, best: str) -> tuple[list[str], bool]:
    """What is said first where a span that begins so answers best, and whether it is sure to be meant."""
    place = next(at for at, text in enumerate(TEXTS) if text.startswith(best))
    found, sure = cautions(part(question), SPANS, range(len(SPANS)), place)
    return [TEXTS[at] for at in found], sure


@pytest.mark.parametrize(
    ("question", "best", "expected"),
    [
        ("My scalp itches since I used your dye", "Leave the dye", TEXTS[4]),
        ("I used the dye and now my skin is red and sore, how long do I leave it on?", "Leave the dye", TEXTS[4]),
        ("用了面霜脸上起疹了", "面霜每天", TEXTS[7]),
        ("涂了以后脸红肿得厉害", "面霜每天", TEXTS[7]),
        ("I'm pregnant, how long do I leave the dye on?", "Leave the dye", TEXTS[1]),
        ("哺乳期面霜一天涂几次", "面霜每天", TEXTS[6]),
    ],
)
def test_what_harms_or_warns_is_said_first(question: str, best: str, expected: str) -> None:
    assert first(question, best) == ([expected], True)


@pytest.mark.parametrize(
    "question", ["How long do I leave the dye on?", "面霜一天涂几次", "Does it hurt less for adults?"]
)
def test_who_is_neither_hurt_nor_of_a_group_is_not_warned(question: str) -> None:
    assert first(question, "Leave the dye") == ([], False)


def test_what_holds_for_children_is_said_but_is_no_reason_to_be_sure() -> None:
    assert first("Can my child use the dye?", "Leave the dye") == ([TEXTS[2]], False)


def test_what_is_said_of_another_group_goes_far_behind() -> None:
    logits = without_other_groups(part("Can my son, a child, use it?"), SPANS[:4], np.zeros(4, dtype=np.float32))
    assert logits[1] < logits[2] == logits[0] == 0


def test_how_to_use_it_is_no_answer_to_who_is_hurt() -> None:
    assert says_nothing_of_harm(part("My son swallowed the dye"), SPANS[:1])
    assert not says_nothing_of_harm(part("My skin itches"), [SPANS[4]])
    assert not says_nothing_of_harm(part("How long do I leave it on?"), SPANS[:1])


TABLE = [
    Candidate(passage=one, facets=facets)
    for one in [
        passage(
            "| 商品 | 孕妇 | 哺乳期 |\n|---|---|---|\n| 玫瑰洗面奶 | 可以用 | 可以用 |\n| 紧致精华 | 不能用 | 可以用 |",
            9,
        )
    ]
    for facets in facets_of(one)
]


@pytest.mark.parametrize(
    ("question", "another"),
    [("哺乳期能用面膜吗", True), ("孕妇可以用精华吗", False), ("孕妇能用吗", False), ("洗面奶多少钱", False)],
)
def test_a_table_for_patients_says_nothing_of_what_it_does_not_have(question: str, *, another: bool) -> None:
    assert is_of_another(part(question), TABLE, 0) is another


def test_a_child_is_warned_only_of_what_is_asked_about() -> None:
    assert first("Can my child shake the bottle?", "Leave the dye") == ([], False)
