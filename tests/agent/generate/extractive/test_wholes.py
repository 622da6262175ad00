"""Tables and lists that are asked for are quoted whole, or with a word on what is left out."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from agent.generate.extractive.candidates import Candidate
from agent.generate.extractive.facets import facets_of
from agent.generate.extractive.wholes import with_wholes
from tests.support.evidence import passage

PLANS = "| Plan | Fee |\n|---|---|\n| Silver | $5 |\n| Gold | $9 |\n| Family | $20 |"
CLASSES = "| 班型 | 学费 |\n|---|---|\n| 平日班 | 3,280 元 |\n| 周末班 | 3,880 元 |\n| 速成班 | 4,980 元 |"
PAPERS = "Bring:\n\n- Passport\n- Two photos\n- A bank statement"
MATERIALS = "请携带：\n\n- 身份证\n- 照片两张\n- 体检表"


def candidates(text: str) -> list[Candidate]:
    own = passage(text)
    return [Candidate(passage=own, facets=facets) for facets in facets_of(own) if facets.quotable]


def quoted(
    text: str,
    asked: str,
    chosen: Sequence[int] = (0,),
    *,
    probabilities: Sequence[float] = (0.5, 0.3, 0.2),
    others: Sequence[int] = (),
    most: int = 100,
) -> tuple[list[int], list[int]]:
    """Places, and how many are left out."""
    spans = candidates(text)
    given = np.resize(np.array(probabilities, dtype=np.float32), len(spans))
    found, left = with_wholes(spans, chosen, asked, given, others, lambda _: (), most)
    return sorted(found), [one.count for one in left]


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        (PLANS, "Which plans do you have?"),
        (PLANS, "What plans are there?"),
        (PLANS, "List your plans"),
        (PLANS, "How much is it?"),
        (CLASSES, "有哪些班"),
        (CLASSES, "你们都有什么班"),
        (CLASSES, "学费多少钱"),
        (PAPERS, "What do I need to bring?"),
        (PAPERS, "Which papers do you want?"),
        (MATERIALS, "要带哪些材料"),
        (MATERIALS, "需要准备什么"),
    ],
)
def test_one_of_what_is_asked_for_brings_all(text: str, asked: str) -> None:
    assert quoted(text, asked) == ([0, 1, 2], [])


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        (PLANS, "Which fee does the Gold plan have?"),
        (CLASSES, "速成班学费有哪些"),
        (PAPERS, "Is a bank statement enough?"),
        (PAPERS, "Can I come on Monday?"),
        (MATERIALS, "周一能来吗"),
    ],
)
def test_where_one_is_named_or_a_single_one_of_a_list_answers_it_stands_alone(text: str, asked: str) -> None:
    assert quoted(text, asked) == ([0], [])


def test_a_name_that_others_end_with_is_a_name() -> None:
    cards = "| 卡 | 折扣 |\n|---|---|\n| 金卡 | 92 折 |\n| 白金卡 | 88 折 |\n| 黑金卡 | 85 折 |"
    assert quoted(cards, "金卡打几折") == ([0], [])
    assert quoted(cards, "会员打几折") == ([0, 1, 2], [])


def test_a_row_far_ahead_is_the_one_that_is_meant() -> None:
    assert quoted(PLANS, "How much is it for my wife and me?", probabilities=(1, 0.0001, 0.0001)) == ([0], [])


def test_rows_of_what_is_not_asked_about_are_not_brought() -> None:
    assert quoted(PLANS, "How much is it?", others=(2,)) == ([0], [])


def test_values_of_different_things_are_no_rows_of_one_kind() -> None:
    fees = "| Fee | Amount |\n|---|---|\n| Late | $5 |\n| Returned | $9 |\n| Card | next week |"
    assert quoted(fees, "How much is it?") == ([0], [])
    assert quoted(fees, "What fees do you charge?") == ([0, 1, 2], [])


def test_some_of_a_list_that_answer_alike_bring_the_others() -> None:
    assert quoted(PAPERS, "What ID do you take?", (0, 2)) == ([0, 1, 2], [])
    long = "\n".join(
        f"- Item {n} is told of in more words than are taken in at a single glance, {n}." for n in range(3)
    )
    assert quoted(long, "What ID do you take?", (0, 2)) == ([0, 2], [])
    priced = "\n".join(
        f"- Item {n} is told of in more words than are taken in at a single glance, ${n}." for n in range(3)
    )
    assert quoted(priced, "How much is it?", (0, 2)) == ([0, 1, 2], [])


def test_what_does_not_fit_is_counted() -> None:
    rows = "".join(f"\n| Plan {n} | {n} dollars a month |" for n in range(25))
    found, left = quoted(f"| Plan | Fee |\n|---|---|{rows}", "Which plans do you have?", most=1000)
    assert (found, left) == ([*range(20)], [5])
    assert quoted(PAPERS, "Which papers do you want?", most=3) == ([0, 1], [1])
    assert quoted(PAPERS, "What ID do you take?", (0, 1), most=3) == ([0, 1], [])


def test_what_stands_in_another_passage_of_the_article_is_counted() -> None:
    spans = candidates(PLANS)
    rest = replace(spans[0].passage, id="p2", text="| Plan | Fee |\n|---|---|\n| Senior | $3 |\n| Student | $4 |")
    given = np.array([0.5, 0.3, 0.2], dtype=np.float32)
    article = {"article-1": [spans[0].passage, rest]}
    _, left = with_wholes(spans, [0], "Which plans do you have?", given, (), article.__getitem__, 100)
    assert [one.count for one in left] == [2]
