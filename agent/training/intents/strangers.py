"""Tells what none of the intents is for, by how high the scores are and how near the nearest example is.

Fitted on examples that were left out: the known ones by themselves, and as strangers whole groups of intents, scored by
models that never met them. These are near-domain strangers, harder than most; real ones (label `oos`) join them.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

SHARE = 0.2
"""How many messages are taken to be strangers, where nothing else is known."""

_REAL_SHARE = 0.5  # of the strangers' weight, where there are real ones enough
_ENOUGH = 20


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
        logits = found.table() @ self.weights + np.float32(self.bias)
        return np.asarray(1 / (1 + np.exp(-np.clip(logits, -30, 30))), dtype=np.float32)

    def with_threshold(self, threshold: float) -> "StrangerModel":
        """One that finds the same messages to be strangers, by another threshold."""
        shift = _logit(threshold) - _logit(self.threshold)
        return StrangerModel(self.weights, self.bias + shift, threshold)


def fit_strangers(
    known: Clues, simulated: Clues, real: Clues | None, *, cost: float = 1.0, share: float = SHARE
) -> StrangerModel:
    """cost: of taking a stranger for an intent, in known messages turned away; share: of strangers among messages."""
    from sklearn.linear_model import LogisticRegression

    groups = [(known, 0, 1 - share), (simulated, 1, share)]
    if real is not None and len(real.lines):
        weight = _REAL_SHARE * min(1.0, len(real.lines) / _ENOUGH)
        groups = [(known, 0, 1 - share), (simulated, 1, share * (1 - weight)), (real, 1, share * weight)]
    table = np.concatenate([one.table() for one, _, _ in groups])
    is_stranger = np.concatenate([np.full(len(one.lines), kind) for one, kind, _ in groups])
    weights = np.concatenate([np.full(len(one.lines), part / max(1, len(one.lines))) for one, _, part in groups])
    spread = np.maximum(table.std(axis=0), 1e-6)
    model = LogisticRegression(C=1.0).fit(table / spread, is_stranger, sample_weight=weights * len(table))
    fitted = StrangerModel((model.coef_[0] / spread).astype(np.float32), float(model.intercept_[0]), 0.5)
    scores = fitted.probabilities(_joined(groups[0][0], *(one for one, kind, _ in groups if kind)))
    return StrangerModel(fitted.weights, fitted.bias, cheapest_threshold(scores, is_stranger, weights, cost))


def cheapest_threshold(
    scores: Floats, is_stranger: npt.NDArray[np.int64], weights: npt.NDArray[np.float64], cost: float
) -> float:
    """The threshold at which turning away known messages and taking in strangers cost least together."""
    order = np.argsort(scores, kind="stable")
    turned_away = np.where(is_stranger[order] == 0, weights[order], 0.0)
    taken_in = np.where(is_stranger[order] == 1, weights[order] * cost, 0.0)
    # With the threshold just above place n, the messages 0 … n are taken in, the others turned away.
    total = np.cumsum(taken_in) + turned_away.sum() - np.cumsum(turned_away)
    best = int(np.argmin(total))
    above = scores[order][best + 1] if best + 1 < len(scores) else 1.0
    return float((scores[order][best] + above) / 2)


def _logit(probability: float) -> float:
    bounded = min(max(probability, 1e-4), 1 - 1e-4)
    return float(np.log(bounded / (1 - bounded)))


def _joined(*parts: Clues) -> Clues:
    return Clues(
        kernel=np.concatenate([part.kernel for part in parts]),
        lines=np.concatenate([part.lines for part in parts]),
        lead=np.concatenate([part.lead for part in parts]),
        nearest=np.concatenate([part.nearest for part in parts]),
    )
