"""Turns the scores of kernels and lines into calibrated probabilities: a softmax over all, weighed on unseen examples.

One temperature cannot make both the faint and the sure confidences right: where examples are few, those of 0.15 were right
in 0.3 of the cases, those of 0.85 in 0.6. So the confidence of the best label is put right by Platt's scaling (1999), and
each text gets the temperature by which its best label has just that.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Places = npt.NDArray[np.int64]

_SHARES = (0.0, 0.03, 0.06, 0.1, 0.15, 0.2, 0.3, 0.45, 0.7, 1.0, 1.5, 2.5, 5.0)
# They make little surer: a few examples that are all told right say not much of the next message.
_SLOPES, _OFFSETS = (0.1, 1.0), (-3.0, 0.5)
_TRUST = 2.0  # examples' worth of trust in the confidences as they are
_FAINTEST = 1e-4
_HALVINGS = 24
_FLATTEST = 1e-4  # keeps the weights finite where every unseen example is told right


@dataclass(frozen=True, slots=True)
class Blend:
    """weights: of each source of scores, whose weighed sum has a softmax; slope, offset: of the logit of its largest."""

    weights: tuple[float, ...]
    slope: float = 1.0
    offset: float = 0.0

    def logits(self, sources: Sequence[Floats]) -> Floats:
        """[texts, labels] of sources that are [texts, labels] each."""
        total = sum(weight * source for weight, source in zip(self.weights, sources, strict=True))
        return np.asarray(total, dtype=np.float32)

    def probabilities(self, sources: Sequence[Floats]) -> Floats:
        """[texts, labels], rows of sum one, labels in the order of their logits."""
        logits = self.logits(sources)
        if (self.slope, self.offset) == (1.0, 0.0):
            return np.asarray(np.exp(log_softmax(logits)), dtype=np.float32)
        best = np.exp(log_softmax(logits)).max(axis=1)
        wanted = 1 / (1 + np.exp(-(self.slope * _logit(best) + self.offset)))
        return _with_best(logits, wanted)


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
    slope, offset = _sureness(total * scale, labels)
    return Blend(tuple(scale * share for share in shares), slope, offset)


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


def _sureness(logits: Floats, labels: Places) -> tuple[float, float]:
    """Slope and offset under which the best labels are right as often as their probability says; 1 and 0 the likelier,
    the fewer examples there are.
    """
    from scipy.optimize import minimize

    best = _logit(np.exp(log_softmax(logits)).max(axis=1))
    right = logits.argmax(axis=1) == labels
    sign = np.where(right, -1.0, 1.0)

    def loss(found: npt.NDArray[np.float64]) -> float:
        slope, offset = found
        return float(np.logaddexp(0.0, sign * (slope * best + offset)).sum() + _TRUST * ((slope - 1) ** 2 + offset**2))

    slope, offset = minimize(loss, (1.0, 0.0), method="L-BFGS-B", bounds=[_SLOPES, _OFFSETS]).x
    return float(slope), float(offset)


def _with_best(logits: Floats, wanted: npt.NDArray[np.floating]) -> Floats:
    """Softmax of each row at the temperature at which its largest is as wanted, or as near as a temperature comes."""
    below = (logits - logits.max(axis=1, keepdims=True)).astype(np.float64)
    middle, step = np.zeros((len(below), 1)), 8.0  # of the logarithm of the inverse temperature, from −8 to 8
    for _ in range(_HALVINGS):
        best = 1 / np.exp(below * np.exp(middle)).sum(axis=1, keepdims=True)
        step /= 2
        middle += np.where(best < wanted[:, None], step, -step)
    found = np.exp(below * np.exp(middle))
    return np.asarray(found / found.sum(axis=1, keepdims=True), dtype=np.float32)


def _logit(probabilities: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
    bounded = np.clip(probabilities, _FAINTEST, 1 - _FAINTEST)
    return np.asarray(np.log(bounded) - np.log1p(-bounded))


def log_softmax(logits: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
    """Of each row."""
    shifted = logits - logits.max(axis=1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True)))
