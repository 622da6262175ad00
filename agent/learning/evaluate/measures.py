"""Figures of a model on weighted examples, made once and then asked for many draws of a bootstrap."""

import math
from collections.abc import Sequence

import numpy as np

from agent.learning.evaluate.statistics import Floats, Measure
from agent.training.measures import BINS, bin_numbers


def share(right: Sequence[bool] | Floats) -> Measure:
    """The weighted mean: accuracy, of what is right and wrong."""
    values = np.asarray(right, dtype=np.float64)

    def measure(weights: Floats) -> float:
        total = float(weights.sum())
        return float(values @ weights) / total if total else math.nan

    return measure


def macro_f1(truth: Sequence[str], predicted: Sequence[str]) -> Measure:
    """F1 of each label that occurs among the examples drawn, averaged."""
    numbers = {label: n for n, label in enumerate(dict.fromkeys([*truth, *predicted]))}
    size = len(numbers)
    true = np.array([numbers[label] for label in truth], dtype=np.intp)
    told = np.array([numbers[label] for label in predicted], dtype=np.intp)
    right = (true == told).astype(np.float64)

    def measure(weights: Floats) -> float:
        support = np.bincount(true, weights, size)
        claimed = np.bincount(told, weights, size)
        hits = np.bincount(true, weights * right, size)
        there = support > 0
        return float(np.mean(2 * hits[there] / (support + claimed)[there])) if there.any() else math.nan

    return measure


def calibration_error(right: Sequence[bool], confidences: Sequence[float]) -> Measure:
    """Expected calibration error over 15 bins of equal width (Naeini et al. 2015)."""
    hits = np.asarray(right, dtype=np.float64)
    sure = np.asarray(confidences, dtype=np.float64)
    bins = bin_numbers(sure)

    def measure(weights: Floats) -> float:
        total = float(weights.sum())
        gaps = np.bincount(bins, weights * (sure - hits), BINS)
        return float(np.abs(gaps).sum()) / total if total else math.nan

    return measure


def separation(strange: Sequence[bool], scores: Sequence[float]) -> Measure:
    """Area under the ROC curve: how often a strange example scores above a familiar one, ties counting half."""
    flags = np.asarray(strange, dtype=np.float64)
    _, groups = np.unique(np.asarray(scores, dtype=np.float64), return_inverse=True)
    size = int(groups.max()) + 1 if len(groups) else 0

    def measure(weights: Floats) -> float:
        inside = np.bincount(groups, weights * (1 - flags), size)
        outside = np.bincount(groups, weights * flags, size)
        pairs = float(inside.sum() * outside.sum())
        below = np.concatenate([[0.0], np.cumsum(inside)[:-1]]) if size else inside
        return float(outside @ (below + inside / 2)) / pairs if pairs else math.nan

    return measure
