"""How two series of numbers or grades agree."""

import math
from collections.abc import Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt

Weights = Literal["linear", "quadratic"] | None


def pearson(one: Sequence[float], other: Sequence[float]) -> float | None:
    """Correlation (Pearson 1895), −1…1; None with fewer than two pairs, or where one side never changes."""
    return _correlation(np.asarray(one, dtype=np.float64), np.asarray(other, dtype=np.float64))


def spearman(one: Sequence[float], other: Sequence[float]) -> float | None:
    """Correlation of ranks, ties at their mean (Spearman 1904), −1…1; None as for `pearson`."""
    return _correlation(_ranks(one), _ranks(other))


def cohen_kappa(one: Sequence[float], other: Sequence[float], weights: Weights = None) -> float | None:
    """Agreement of two raters beyond chance (Cohen 1960; weighted: 1968), −1…1; None where chance agrees always.

    weights: how much a disagreement of grades counts: all alike, by their distance, or by its square. The distance is
    that of the grades' places among those that occur.
    """
    if not one:
        return None
    grades = {grade: place for place, grade in enumerate(sorted({*one, *other}))}
    counts = np.zeros((len(grades), len(grades)))
    for left, right in zip(one, other, strict=True):
        counts[grades[left], grades[right]] += 1
    chance = np.outer(counts.sum(1), counts.sum(0)) / len(one)
    cost = _cost(len(grades), weights)
    expected = float((cost * chance).sum())
    return 1 - float((cost * counts).sum()) / expected if expected else None


def _cost(grades: int, weights: Weights) -> npt.NDArray[np.float64]:
    apart: npt.NDArray[np.float64] = np.abs(np.subtract.outer(np.arange(grades), np.arange(grades))).astype(np.float64)
    if weights is None:
        return np.asarray(apart > 0, dtype=np.float64)
    return np.asarray(apart if weights == "linear" else apart**2, dtype=np.float64)


def _ranks(values: Sequence[float]) -> npt.NDArray[np.float64]:
    _, groups, counts = np.unique(np.asarray(values, dtype=np.float64), return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    return np.asarray((ends - (counts - 1) / 2)[groups], dtype=np.float64)


def _correlation(one: npt.NDArray[np.float64], other: npt.NDArray[np.float64]) -> float | None:
    if len(one) < 2 or np.ptp(one) == 0 or np.ptp(other) == 0:
        return None
    left, right = one - one.mean(), other - other.mean()
    product = math.sqrt(float(left @ left)) * math.sqrt(float(right @ right))
    return max(-1.0, min(1.0, float(left @ right) / product)) if product else None
