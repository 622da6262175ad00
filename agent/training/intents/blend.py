"""Turns the scores of kernels and lines into calibrated probabilities: one softmax over all, weighed on unseen examples."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Places = npt.NDArray[np.int64]

_SHARES = (0.0, 0.03, 0.06, 0.1, 0.15, 0.2, 0.3, 0.45, 0.7, 1.0, 1.5, 2.5, 5.0)
_FLATTEST = 1e-4  # keeps the weights finite where every unseen example is told right


@dataclass(frozen=True, slots=True)
class Blend:
    """weights: of each source of scores; the probabilities are the softmax of their weighed sum."""

    weights: tuple[float, ...]

    def logits(self, sources: Sequence[Floats]) -> Floats:
        """[texts, labels] of sources that are [texts, labels] each."""
        total = sum(weight * source for weight, source in zip(self.weights, sources, strict=True))
        return np.asarray(total, dtype=np.float32)


def fit_blend(sources: Sequence[Floats], labels: Places) -> Blend:
    """Weights by unseen examples: each source against those before it by how many are told right, the scale of all by
    how likely the labels become (temperature scaling, Guo et al. 2017).

    Likelihood alone would lean on the lines more than is good for telling labels apart. Where a source adds nothing it
    gets no say, so that the first should be the one that is trusted.
    """
    total, *others = sources
    shares = [1.0]
    for source in others:
        shares.append(_share(total, source, labels))
        total = total + shares[-1] * source
    scale = _scale(total, labels)
    return Blend(tuple(scale * share for share in shares))


def _share(total: Floats, source: Floats, labels: Places) -> float:
    """The weight of a source beside a total, of _SHARES."""
    right = np.array([(total + share * source).argmax(axis=1) == labels for share in _SHARES]).mean(axis=1)
    padded = np.pad(right, 1, mode="edge")
    smooth = (padded[:-2] + 2 * right + padded[2:]) / 4  # a lone peak is chance
    return _SHARES[int(np.argmax(smooth))]


def _scale(scores: Floats, labels: Places) -> float:
    """The factor under which the softmax of the scores makes the labels most likely."""
    from scipy.optimize import minimize_scalar

    rows = np.arange(len(labels))

    def loss(log_factor: float) -> float:
        factor = np.exp(log_factor)
        return float(-log_softmax(scores * factor)[rows, labels].mean() + _FLATTEST * factor)

    return float(np.exp(minimize_scalar(loss, bounds=(-3.0, 4.0), method="bounded").x))


def log_softmax(logits: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
    """Of each row."""
    shifted = logits - logits.max(axis=1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True)))
