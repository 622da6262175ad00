"""The verdict on an answer, as CONTRACT.md words it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.types import DecisionKind
from evals.cases import Case
from evals.metrics.ranking import hit_at, ndcg_at, recall_at, reciprocal_rank
from evals.metrics.rightness import holds, is_right, normalised


@pytest.mark.parametrize(
    ("text", "alternative", "expected"),
    [
        ("It costs $10,000.", "$1,000", False),
        ("It costs $1,000.", "$1000", True),
        ("rated 4.7", "4", False),
        ("rated 4.", "4", True),
        ("14 days", "4 days", False),
        ("**1 - 2** Business days", "1-2 business days", True),
        ("评分是4.5。", "4.5", True),
        ("共13家", "3家", False),
    ],
)
def test_an_alternative_is_held_up_to_case_spaces_and_commas(text: str, alternative: str, expected: bool) -> None:
    assert holds(text, [alternative]) is expected


@pytest.mark.parametrize(
    ("answerable", "text", "decision", "right"),
    [
        (True, "two days", DecisionKind.ANSWER, True),
        (True, "two days", DecisionKind.DECLINE, False),
        (True, "two days, not free", DecisionKind.ANSWER, False),
        (False, "anything", DecisionKind.DECLINE, True),
        (False, "anything", DecisionKind.HANDOFF, True),
        (False, "anything", DecisionKind.ANSWER, False),
    ],
)
def test_verdict(answerable: bool, text: str, decision: DecisionKind, right: bool) -> None:
    case = Case(id="1", question="?", answerable=answerable, must_include=[["two", "2"]], must_exclude=["not free"])
    assert is_right(case, text, decision) is right


def test_ranking_by_hand() -> None:
    ranked, gold = ["a", "b", "b", "c"], {"b", "d"}
    assert recall_at(ranked, gold, 2) == 0.5
    assert hit_at(ranked, gold, 1) == 0
    assert reciprocal_rank(ranked, gold) == 0.5
    assert ndcg_at(ranked, gold) == pytest.approx((1 / 1.5849625) / (1 + 1 / 1.5849625))


@given(st.text(max_size=50))
def test_a_text_holds_itself(text: str) -> None:
    assert not normalised(text) or holds(text, [text])
