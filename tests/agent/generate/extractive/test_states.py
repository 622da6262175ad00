"""What is done already, and what is not yet."""

import numpy as np
import pytest

from agent.generate.extractive.candidates import Candidate
from agent.generate.extractive.facets import facets_of
from agent.generate.extractive.states import of_its_state
from knowledge.question.parts import QuestionPart
from tests.support.evidence import passage

ARTICLE = passage("未入馆的票可以改期。已入馆的票不能改期。周一闭馆。", 1)


def moved(question: str, article: str = "") -> list[int]:
    """By how much each span of the article is nearer or farther: 1, 0 or -1."""
    found = [
        Candidate(passage=ARTICLE, facets=facets) for facets in facets_of(passage(article, 2) if article else ARTICLE)
    ]
    logits = of_its_state(QuestionPart(text=question, names=()), found, np.zeros(len(found), dtype=np.float32))
    return [int(np.sign(logit)) for logit in logits]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("已经入馆了还能改期吗", [-1, 1, 0]),
        ("我入馆了想改期", [-1, 1, 0]),
        ("票没入馆能改期吗", [1, -1, 0]),
        ("还没有入馆，改期收费吗", [1, -1, 0]),
        ("票能改期吗", [0, 0, 0]),
        ("Can I change a ticket?", [0, 0, 0]),
    ],
)
def test_who_asks_of_the_one_is_not_told_of_the_other(asked: str, expected: list[int]) -> None:
    assert moved(asked) == expected


def test_what_is_told_of_one_state_alone_says_something_of_the_other_too() -> None:
    assert moved("已经入馆了还能改期吗", "未入馆的票可以改期。周一闭馆。") == [0, 0]
