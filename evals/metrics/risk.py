"""Risk against coverage: how many right and wrong answers each price of a wrong one would give (Geifman & El-Yaniv 2017).

One run tells all working points, as a reply records its support, and what the guard withheld, whatever was decided.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from agent.types import DecisionKind
from evals.metrics.classification import auroc
from evals.metrics.rightness import is_right
from evals.scoring.turns import Result

COSTS = (0.25, 0.5, 1, 1.5, 2, 3, 4, 6, 9, 19)
"""Prices of a wrong answer, in declined ones: `[guard] wrong_answer_cost`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskPoint:
    """What one price would give; shares 0…1, None where there is no case to count.

    right, wrong:            of all cases, those answered rightly and wrongly.
    answerable_right:        of those that can be answered.
    answerable_declined, unanswerable_declined: refused, of each kind.
    right_of_given:          of the answers given.
    """

    cost: float
    right: float
    wrong: float
    answerable_right: float | None
    answerable_declined: float | None
    unanswerable_declined: float | None
    right_of_given: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Proposal:
    answerable: bool
    right: bool
    support: float


def risk_curve(results: Sequence[Result]) -> list[RiskPoint]:
    """A point for each of COSTS."""
    proposals = [_proposal(result) for result in results]
    return [_point(cost, proposals) for cost in COSTS] if proposals else []


def support_auroc(results: Sequence[Result]) -> float | None:
    """How well support tells cases that can be answered from those that cannot; None without both kinds."""
    return auroc([result.case.answerable for result in results], [support_of(result) for result in results])


def _proposal(result: Result) -> _Proposal:
    """What would be said if every answer were given; support 0 where there is nothing to say."""
    reply, case = result.reply, result.case
    right = case.answerable and _answers(result) and is_right(case, reply.withheld or reply.text, DecisionKind.ANSWER)
    return _Proposal(answerable=case.answerable, right=right, support=support_of(result))


def support_of(result: Result) -> float:
    """Of what would be said, 0…1; 0 where there is nothing to say."""
    return result.reply.support if _answers(result) else 0.0


def _answers(result: Result) -> bool:
    return bool(result.reply.withheld) or not result.scores["declined"]


def _point(cost: float, proposals: Sequence[_Proposal]) -> RiskPoint:
    given = np.array([p.support >= cost / (1 + cost) for p in proposals])
    right = np.array([p.right for p in proposals]) & given
    answerable = np.array([p.answerable for p in proposals])
    return RiskPoint(
        cost=cost,
        right=float(right.mean()),
        wrong=float((given & ~right).mean()),
        answerable_right=_share(right[answerable]),
        answerable_declined=_share(~given[answerable]),
        unanswerable_declined=_share(~given[~answerable]),
        right_of_given=_share(right[given]),
    )


def _share(values: "np.ndarray[tuple[int, ...], np.dtype[np.bool_]]") -> float | None:
    return round(float(values.mean()), 4) if len(values) else None
