"""Risk against coverage: how wrong the answers are, when only the surest are given."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from agent.learning.evaluate.statistics import Floats, Measure


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """Giving answers of at least this confidence: coverage, the share given; risk, the share of these that is wrong; 0…1."""

    confidence: float
    coverage: float
    risk: float


def risk_coverage(confidences: Sequence[float], right: Sequence[bool]) -> list[Coverage]:
    """The curve (El-Yaniv & Wiener 2010), surest answers first; answers of one confidence come together."""
    order = np.argsort(-np.asarray(confidences, dtype=np.float64), kind="stable")
    sure = np.asarray(confidences, dtype=np.float64)[order]
    wrong = np.cumsum(~np.asarray(right, dtype=np.bool_)[order])
    ends: npt.NDArray[np.intp] = (
        np.flatnonzero(np.append(np.diff(sure) != 0, True)) if len(sure) else np.empty(0, np.intp)
    )
    return [
        Coverage(confidence=float(sure[at]), coverage=(at + 1) / len(sure), risk=float(wrong[at] / (at + 1)))
        for at in ends.tolist()
    ]


def aurc(confidences: Sequence[float], right: Sequence[bool]) -> float | None:
    """Mean risk over all coverages (Geifman & El-Yaniv 2017), 0…1; None without answers.

    Answers of one confidence count as given in an order drawn by chance, so that the value depends on no order of cases.
    """
    return weighted_aurc(confidences, right)(np.ones(len(right))) if right else None


def weighted_aurc(confidences: Sequence[float], right: Sequence[bool]) -> Measure:
    """The same of answers that count as often as their weight says, a whole number each: as draws of a bootstrap have it."""
    _, groups = np.unique(-np.asarray(confidences, dtype=np.float64), return_inverse=True)
    missed, kinds = 1.0 - np.asarray(right, dtype=np.float64), int(groups.max(initial=-1)) + 1

    def measure(weights: Floats) -> float:
        sizes, wrong = np.bincount(groups, weights, kinds), np.bincount(groups, weights * missed, kinds)
        there = sizes > 0
        shares = np.repeat(wrong[there] / sizes[there], sizes[there].astype(np.intp))
        return float(np.mean(np.cumsum(shares) / np.arange(1, len(shares) + 1)))

    return measure
