"""Measures of a classifier on labelled texts; all pure functions of probabilities and labels."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating]
Places = npt.NDArray[np.int64]

_BINS = 15


def accuracy(probabilities: Floats, labels: Places) -> float:
    """The share told right, 0…1. probabilities: [n, labels]; labels: [n], places among them."""
    return float((probabilities.argmax(axis=1) == labels).mean())


def calibration_error(probabilities: Floats, labels: Places) -> float:
    """Expected calibration error of the most probable label, 15 bins of like width (Naeini et al. 2015), 0…1."""
    confidence = probabilities.max(axis=1)
    return confidence_error(confidence, probabilities.argmax(axis=1) == labels)


def confidence_error(confidence: Floats, right: npt.NDArray[np.bool_]) -> float:
    """The same of confidences and whether each was right, [n] both."""
    bins = np.minimum((confidence * _BINS).astype(int), _BINS - 1)
    return float(
        sum(
            abs(confidence[rows].mean() - right[rows].mean()) * rows.mean()
            for rows in (bins == number for number in range(_BINS))
            if rows.any()
        )
    )
