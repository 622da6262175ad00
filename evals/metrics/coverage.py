"""Risk against coverage: how wrong the answers are, when only the surest are given."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


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
    if not right:
        return None
    sure = np.asarray(confidences, dtype=np.float64)
    _, groups = np.unique(-sure, return_inverse=True)
    wrong, sizes = np.bincount(groups, ~np.asarray(right, dtype=np.bool_)), np.bincount(groups)
    shares = np.repeat(wrong / sizes, sizes)
    return float(np.mean(np.cumsum(shares) / np.arange(1, len(sure) + 1)))
