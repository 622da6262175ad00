"""What a question is about, and what says nothing of it."""

import numpy as np
import pytest

from agent.generate.extractive.candidates import Candidate
from agent.generate.extractive.facets import facets_of
from agent.generate.extractive.subject import content_terms, of_rows_compared
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


def test_rows_that_are_compared_come_before_what_tells_of_one_more() -> None:
    found = spans(
        "| Pass | Price |\n|---|---|\n| Day-Trip | £5 |\n| Weekly | £20 |\n| Monthly | £60 |\n\nStudents can't buy it."
    )
    moved = of_rows_compared(part("is day trip cheaper than weekly"), found, np.zeros(len(found), dtype=np.float32))
    assert [bool(value) for value in moved] == [True, True, False, False]
    still = of_rows_compared(part("how much is weekly"), found, np.zeros(len(found), dtype=np.float32))
    assert not still.any()
