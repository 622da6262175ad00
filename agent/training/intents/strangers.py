"""Tells what none of the intents is for, by how high the scores are and how near the nearest example is.

Fitted on examples that were left out: the known ones by themselves, and as strangers whole groups of intents, scored by
models that never met them, in several ways (`leaving_out`); real ones (label `oos`) join them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

SHARE = 0.2
"""How many messages are taken to be strangers, where nothing else is known."""

_REAL_SHARE = 0.5  # of the strangers' weight, where there are real ones enough
_ENOUGH = 20
_STEPS, _SMOOTH = 200, 0.05  # thresholds looked at; how far off another one still has a say
_AS_CHEAP = 1.01  # of the least cost: the strictest of these is taken, so that few strangers are not all let in


@dataclass(frozen=True, slots=True)
class Clues:
    """What is looked at: [texts] each. nearest is nought where there are no sentence vectors."""

    kernel: Floats
    lines: Floats
    lead: Floats
    nearest: Floats

    def table(self) -> Floats:
        """[texts, 4]."""
        return np.column_stack([self.kernel, self.lines, self.lead, self.nearest]).astype(np.float32)

    def take(self, rows: npt.NDArray[np.bool_]) -> "Clues":
        """Those of some texts; rows: [texts]."""
        return Clues(self.kernel[rows], self.lines[rows], self.lead[rows], self.nearest[rows])


def clues(kernel: Floats | None, lines: Floats, nearest: Floats | None) -> Clues:
    """Of scores [texts, labels], at least two labels, and likenesses [texts] of the nearest example."""
    ordered = np.partition(lines, -2, axis=1)
    nought = np.zeros(len(lines), np.float32)
    return Clues(
        kernel=nought if kernel is None else kernel.max(axis=1),
        lines=ordered[:, -1],
        lead=ordered[:, -1] - ordered[:, -2],
        nearest=nought if nearest is None else nearest,
    )


@dataclass(frozen=True, slots=True)
class StrangerModel:
    """A logistic model over the clues. weights: [4]; threshold: from which probability a message is a stranger."""

    weights: Floats
    bias: float
    threshold: float

    def probabilities(self, found: Clues) -> Floats:
        """[texts] that they are strangers, 0…1."""
        return self.probabilities_of(found.table())

    def probabilities_of(self, table: Floats) -> Floats:
        """The same of clues as columns, [texts, 4]."""
        logits = table @ self.weights + np.float32(self.bias)
        return np.asarray(1 / (1 + np.exp(-np.clip(logits, -30, 30))), dtype=np.float32)

    def with_threshold(self, threshold: float) -> "StrangerModel":
        """One that finds the same messages to be strangers, by another threshold."""
        shift = _logit(threshold) - _logit(self.threshold)
        return StrangerModel(self.weights, self.bias + shift, threshold)


def fit_strangers(
    known: Clues, simulated: Sequence[Clues], real: Clues | None, *, cost: float = 1.0, share: float = SHARE
) -> StrangerModel:
    """cost: of taking a stranger for an intent, in known messages turned away; share: of strangers among messages.

    simulated: the same examples as strangers of several kinds, the nearest first. All teach what a stranger looks like, and
    count alike; the threshold is the cheapest for the farthest kind and the real ones.
    """
    from sklearn.linear_model import LogisticRegression

    given = 0 if real is None else len(real.lines)
    weight = _REAL_SHARE * min(1.0, given / _ENOUGH)
    strangers = [(one, share * (1 - weight) / len(simulated)) for one in simulated]
    met = [(simulated[-1], share * (1 - weight))]
    if real is not None and given:
        strangers.append((real, share * weight))
        met.append((real, share * weight))
    table, is_stranger, weights = _weighed(known, 1 - share, strangers)
    spread = np.maximum(table.std(axis=0), 1e-6)
    model = LogisticRegression(C=1.0).fit(table / spread, is_stranger, sample_weight=weights * len(table))
    fitted = StrangerModel((model.coef_[0] / spread).astype(np.float32), float(model.intercept_[0]), 0.5)
    table, is_stranger, weights = _weighed(known, 1 - share, met)
    scores = fitted.probabilities_of(table)
    return StrangerModel(fitted.weights, fitted.bias, cheapest_threshold(scores, is_stranger, weights, cost))


def _weighed(
    known: Clues, share: float, strangers: Sequence[tuple[Clues, float]]
) -> tuple[Floats, npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """([n, 4] clues, [n] 0 for known and 1 for strangers, [n] weights that add up to each kind's share)."""
    kinds = [(known, share), *strangers]
    sizes = [len(one.lines) for one, _ in kinds]
    is_stranger = np.repeat([0] + [1] * len(strangers), sizes)
    weights = np.repeat([part / max(1, size) for (_, part), size in zip(kinds, sizes, strict=True)], sizes)
    return np.concatenate([one.table() for one, _ in kinds]), is_stranger, weights


def cheapest_threshold(
    scores: Floats, is_stranger: npt.NDArray[np.int64], weights: npt.NDArray[np.float64], cost: float
) -> float:
    """The threshold at which turning away known messages and taking in strangers cost least together, or as good as that.

    The sum is nearly flat about its least, and dips by chance: it is smoothed over neighbouring thresholds before.
    """
    from scipy.ndimage import gaussian_filter1d

    edges = np.linspace(0, 1, _STEPS + 1)
    known, strange = (
        np.histogram(scores[is_stranger == kind], edges, weights=weights[is_stranger == kind])[0] for kind in (0, 1)
    )
    turned_away = known.sum() - np.cumsum(known)
    taken_in = cost * np.cumsum(strange)
    total = gaussian_filter1d((turned_away + taken_in)[:-1], _SMOOTH * _STEPS, mode="nearest")
    return float(edges[1 + int(np.argmax(total <= _AS_CHEAP * total.min()))])


def _logit(probability: float) -> float:
    bounded = min(max(probability, 1e-4), 1 - 1e-4)
    return float(np.log(bounded / (1 - bounded)))
