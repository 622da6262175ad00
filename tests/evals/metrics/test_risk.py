"""The risk–coverage curve, against cases counted by hand."""

import pytest

from agent.types import DecisionKind, Reply, Understanding
from evals.cases import Case
from evals.metrics.risk import risk_curve, support_auroc
from evals.scoring.turns import Result, score


def result(*, answerable: bool, support: float, right: bool, given: bool) -> Result:
    case = Case(id="c", question="What does it cost?", answerable=answerable, must_include=[["$5"]])
    answer = "It costs $5." if right else "It is blue."
    reply = Reply(
        text=answer if given else "I do not know.",
        language="en",
        decision=DecisionKind.ANSWER if given else DecisionKind.DECLINE,
        understanding=Understanding(text=case.question, question=case.question, language="en"),
        support=support,
        withheld="" if given else answer,
    )
    return Result(case=case, reply=reply, scores=score(case, reply))


RESULTS = [
    result(answerable=True, support=0.95, right=True, given=True),
    result(answerable=True, support=0.85, right=False, given=True),
    result(answerable=True, support=0.6, right=True, given=False),
    result(answerable=False, support=0.7, right=False, given=False),
]


def test_each_price_counts_what_it_would_give() -> None:
    at = {point.cost: point for point in risk_curve(RESULTS)}
    assert (at[1].right, at[1].wrong) == (0.5, 0.5)
    assert (at[1].answerable_right, at[1].unanswerable_declined) == (pytest.approx(0.6667), 0.0)
    assert (at[4].right, at[4].wrong, at[4].right_of_given) == (0.25, 0.25, 0.5)
    assert (at[4].answerable_declined, at[4].unanswerable_declined) == (pytest.approx(0.3333), 1.0)
    assert (at[9].right, at[9].wrong, at[19].right_of_given) == (0.25, 0.0, 1.0)


def test_support_is_worth_how_often_it_puts_the_answerable_first() -> None:
    assert support_auroc(RESULTS) == pytest.approx(2 / 3)
    assert support_auroc(RESULTS[:3]) is None


def test_an_empty_run_has_no_curve() -> None:
    assert risk_curve([]) == []
