"""Who lost a paper is told whether that is needed, not that lost things are not covered."""

import numpy as np
import pytest

from agent.generate.extractive.candidates import Candidate
from agent.generate.extractive.facets import facets_of
from agent.generate.extractive.what_is_lost import of_what_is_lost
from knowledge.question.parts import QuestionPart
from tests.support.evidence import passage

ENGLISH = passage(
    "Lost or stolen bikes are not covered. No voucher is needed. A bike is covered for two years.", title="Cover"
)
CHINESE = passage("丢失和被盗不保。不需要票据。自行车保两年。", 2, title="保修")


def moved(question: str, text: str = "") -> list[int]:
    own = passage(text) if text else ENGLISH if question.isascii() else CHINESE
    spans = [Candidate(passage=own, facets=facets) for facets in facets_of(own)]
    part = QuestionPart(text=question, names=())
    return of_what_is_lost(part, spans, np.zeros(len(spans), np.float32)).tolist()


@pytest.mark.parametrize(
    "question", ["i lost my voucher, am I still covered", "票据丢了还保修吗", "没有票据了能保修吗"]
)
def test_whether_it_is_needed_comes_before_other_losses(question: str) -> None:
    loss, needed, other = moved(question)
    assert loss < other < needed


@pytest.mark.parametrize(
    "question",
    [
        "i lost my bike, am I covered",
        "i lost my bike",
        "am i covered if it is stolen",
        "自行车丢了保修吗",
        "丢了保修吗",
    ],
)
def test_the_loss_of_what_is_asked_about_stays(question: str) -> None:
    assert moved(question) == [0, 0, 0]


def test_a_thing_in_another_part_is_not_the_lost_one() -> None:
    (card,) = moved("i lost my voucher, can i return it", "A lost card is blocked if you have the voucher.")
    assert card < 0
