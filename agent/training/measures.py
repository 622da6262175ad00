"""Measures of a classifier on labelled texts; all pure functions of probabilities and labels."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating]
Places = npt.NDArray[np.int64]

BINS = 15
"""Of confidence, of like width."""


def accuracy(probabilities: Floats, labels: Places) -> float:
    """The share told right, 0…1. probabilities: [n, labels]; labels: [n], places among them."""
    return float((probabilities.argmax(axis=1) == labels).mean())


def calibration_error(probabilities: Floats, labels: Places) -> float:
    """Expected calibration error of the most probable label, 15 bins of like width (Naeini et al. 2015), 0…1."""
    confidence = probabilities.max(axis=1)
    return confidence_error(confidence, probabilities.argmax(axis=1) == labels)


def confidence_error(confidence: Floats, right: npt.NDArray[np.bool_]) -> float:
    """The same of confidences and whether each was right, [n] both."""
    gaps = np.bincount(bin_numbers(confidence), confidence - right, BINS)
    return float(np.abs(gaps).sum() / len(right))


def bin_numbers(confidences: Floats) -> npt.NDArray[np.intp]:
    """Which of the bins of the calibration error each confidence falls into, [n]."""
    return np.clip((confidences * BINS).astype(np.intp), 0, BINS - 1)
