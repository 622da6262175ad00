"""Who lost a paper is told whether that is needed, not that lost things are not covered."""

from collections.abc import Collection

import numpy as np
import pytest

from agent.generate.extractive.candidates import Candidate
from agent.generate.extractive.facets import facets_of
from agent.generate.extractive.what_is_lost import leaves_out_what_is_lost, of_what_is_lost
from knowledge.question.parts import QuestionPart
from tests.support.evidence import passage

ENGLISH = passage(
    "Lost or stolen bikes are not covered. No voucher is needed. A bike is covered for two years.", title="Cover"
)
CHINESE = passage("丢失和被盗不保。不需要票据。自行车保两年。", 2, title="保修")


class Source:
    def known_share(self, terms: Collection[str]) -> float:
        return float("unicorn" not in terms)


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


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("can i return it without the voucher", False),
        ("i lost the voucher, can i return it", True),
        ("i lost the voucher, how long can i return it", False),
        ("i lost my unicorn, can i return it", False),
        ("can i return it without opening it", False),
        ("can i return a hat", False),
    ],
)
def test_what_leaves_out_the_thing_that_is_lacking(question: str, expected: bool) -> None:
    own = passage("Hats can be returned within 9 days.")
    quoted = [Candidate(passage=own, facets=facets) for facets in facets_of(own)]
    assert leaves_out_what_is_lost(QuestionPart(text=question, names=()), quoted, Source()) is expected
