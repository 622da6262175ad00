"""What a question is about, and what says nothing of it."""

import numpy as np
import pytest

from agent.generate.extractive.candidates import Candidate
from agent.generate.extractive.facets import facets_of
from agent.generate.extractive.subject import content_terms, misses_the_subject, of_rows_compared, without_idle_rows
from knowledge.question.parts import QuestionPart
from tests.support.evidence import passage


def spans(*texts: str) -> list[Candidate]:
    passages = [passage(text, number) for number, text in enumerate(texts, start=1)]
    return [Candidate(passage=p, facets=facets) for p in passages for facets in facets_of(p)]


def part(text: str) -> QuestionPart:
    return QuestionPart(text=text, names=())


@pytest.mark.parametrize(
    ("text", "terms"),
    [("Can I get a haircut there?", {"haircut"}), ("可以寄到海岛吗", {"寄到", "到海", "海岛"}), ("有没有", set())],
)
def test_what_only_makes_a_question_is_left_out(text: str, terms: set[str]) -> None:
    assert content_terms(text) == terms


def test_what_shares_a_verb_alone_misses_the_subject() -> None:
    found = spans("合同写错了可以重签。", "## 修改电话\n\n登录以后可以换一个号码。")
    assert misses_the_subject(part("电话写错了怎么办"), found, 0) is False  # as much as the other holds
    assert misses_the_subject(part("登录电话写错了怎么办"), found, 0)
    assert not misses_the_subject(part("登录电话写错了怎么办"), found, 1)
    assert not misses_the_subject(part("合同写错了怎么办"), found, 0)


def test_rows_of_others_go_where_a_sentence_answers() -> None:
    found = spans("| 地区 | 运费 |\n|---|---|\n| 本省 | 5 元 |\n| 外省 | 9 元 |\n\n不能寄到海岛。")
    assert without_idle_rows(part("可以寄到海岛吗"), found, [0, 2]) == [2]
    assert without_idle_rows(part("本省运费多少"), found, [0]) == [0]
    assert without_idle_rows(part("寄到海岛运费多少"), found, [0, 2]) == [2]


def test_rows_that_are_compared_come_before_what_tells_of_one_more() -> None:
    found = spans(
        "| Pass | Price |\n|---|---|\n| Day-Trip | £5 |\n| Weekly | £20 |\n| Monthly | £60 |\n\nStudents can't buy it."
    )
    moved = of_rows_compared(part("is day trip cheaper than weekly"), found, np.zeros(len(found), dtype=np.float32))
    assert [bool(value) for value in moved] == [True, True, False, False]
    still = of_rows_compared(part("how much is weekly"), found, np.zeros(len(found), dtype=np.float32))
    assert not still.any()
