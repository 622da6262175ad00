"""Metrics of labels and of the confidence in them: intents, sentiment, what is out of scope."""

from collections.abc import Mapping, Sequence

import numpy as np

from agent.learning.evaluate.measures import macro_f1 as _macro_f1
from agent.learning.evaluate.measures import separation
from agent.training.measures import confidence_error


def accuracy(truth: Sequence[str], told: Sequence[str]) -> float | None:
    """Share of labels told rightly, 0…1; None without examples."""
    return sum(map(str.__eq__, truth, told)) / len(truth) if truth else None


def macro_f1(truth: Sequence[str], told: Sequence[str]) -> float | None:
    """F1 of each label that occurs in the truth, averaged (Yang & Liu 1999), 0…1; a label never told has 0."""
    return _macro_f1(truth, told)(np.ones(len(truth))) if truth else None


def auroc(positive: Sequence[bool], scores: Sequence[float]) -> float | None:
    """How often a positive example scores above another, ties counting half (Hanley & McNeil 1982).

    0…1, chance .5; None without both kinds.
    """
    if not any(positive) or all(positive):
        return None
    return separation(positive, scores)(np.ones(len(positive)))


def ece(confidences: Sequence[float], right: Sequence[bool]) -> float | None:
    """Expected calibration error: mean gap of confidence and share right over 15 bins of like width (Naeini et al. 2015), 0…1."""
    if not right:
        return None
    return confidence_error(np.asarray(confidences, dtype=np.float64), np.asarray(right, dtype=np.bool_))


def brier(probabilities: Sequence[float], outcomes: Sequence[bool]) -> float | None:
    """Mean squared error of a probability that something is so (Brier 1950), 0…1."""
    if not outcomes:
        return None
    return float(np.mean((np.asarray(probabilities, dtype=np.float64) - np.asarray(outcomes, dtype=np.float64)) ** 2))


def brier_of_labels(probabilities: Sequence[Mapping[str, float]], truth: Sequence[str]) -> float | None:
    """The same of probabilities of many labels, summed over the labels (Brier's own form), 0…2; an absent label has 0."""
    if not truth:
        return None
    losses = [
        sum((p - (label == right)) ** 2 for label, p in row.items()) + (right not in row)
        for row, right in zip(probabilities, truth, strict=True)
    ]
    return sum(losses) / len(losses)


def confusion(truth: Sequence[str], told: Sequence[str]) -> dict[str, dict[str, int]]:
    """How often each label was told as which: truth to told to count."""
    found: dict[str, dict[str, int]] = {}
    for right, said in zip(truth, told, strict=True):
        row = found.setdefault(right, {})
        row[said] = row.get(said, 0) + 1
    return found
