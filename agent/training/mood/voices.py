"""Voices: linear models, one for each space, and how much each of them is listened to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from agent.training.mood.spaces import OPINIONS, SENTENCES, Floats, Space
from knowledge.index.sparse import FEW, SparseRows, times

Places: TypeAlias = npt.NDArray[np.intp]

_STRENGTH = {"words": 8.0, "characters": 8.0, OPINIONS: 1.0, SENTENCES: 2.0}  # 1 / regularisation
_SMOOTHING = 0.5
_EVEN = 0.01  # how much it costs that voices count differently
_ENOUGH_TO_BIN = 500  # texts from which lengths are told apart


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """weights: [features, labels], float16 where a bundle holds them; of two labels the second's alone, as the first's are
    the same the other way round. bias: [labels].
    """

    weights: Floats | npt.NDArray[np.float16]
    bias: Floats

    def speak(self, space: "Space | SparseRows") -> Floats:
        """[texts, labels], the higher the likelier."""
        told = self._told(space)
        return (np.hstack([-told, told]) if told.shape[1] == 1 else told) + self.bias

    def _told(self, space: "Space | SparseRows") -> Floats:
        if isinstance(space, np.ndarray):
            return np.asarray(space @ self.weights.astype(np.float64, copy=False))
        if self.weights.dtype == np.float64 or space.shape[0] <= FEW:
            return times(space, self.weights)
        # Of 400,000 terms a message holds a few hundred: only their weights are widened, to the same sums.
        from scipy.sparse import csr_matrix

        if space.shape[1] != len(self.weights):
            raise ValueError("terms and their weights differ in number")
        columns, places = np.unique(space.indices, return_inverse=True)
        held = csr_matrix((space.data, places, space.indptr), shape=(space.shape[0], len(columns)))
        return np.asarray(held @ self.weights[columns].astype(np.float64))


@dataclass(frozen=True, slots=True, kw_only=True)
class Blend:
    """How much each voice counts, by name, and what is added for each label."""

    shares: Mapping[str, float]
    bias: Floats

    def probabilities(self, spoken: Mapping[str, Floats]) -> Floats:
        """[texts, labels], rows sum to 1."""
        total = sum((share * spoken[name] for name, share in self.shares.items()), start=self.bias[None, :])
        powers = np.exp(total - total.max(axis=1, keepdims=True))
        return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def fit_voice(name: str, space: Space, labels: Places, importance: Floats, count: int) -> Voice:
    """One voice, fitted on texts whose label is `labels` (places below `count`) and that count by `importance`."""
    if name.endswith(" present"):
        return _log_ratios(space, labels, importance, count)
    # Of two labels one model tells, without a bias: a text of which no word is known leans to neither side.
    told = [1] if count == 2 else list(range(count))
    models = [_logistic(name, space, labels == label, importance, biased=count > 2) for label in told]
    if count == 2:
        weights, _ = models[0]
        return Voice(weights=weights[:, None] / 2, bias=np.zeros(2))
    return Voice(
        weights=np.column_stack([weights for weights, _ in models]), bias=np.asarray([bias for _, bias in models])
    )


def _logistic(
    name: str, space: Space, wanted: npt.NDArray[np.bool_], importance: Floats, *, biased: bool
) -> tuple[Floats, float]:
    """Weights [features] and bias of one label against the others."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=_STRENGTH[name], solver="liblinear", fit_intercept=biased, random_state=0)
    model.fit(space, wanted, sample_weight=importance)
    return model.coef_[0], float(model.intercept_[0]) if biased else 0.0


def _log_ratios(space: Space, labels: Places, importance: Floats, count: int) -> Voice:
    """Of each term, how much more often it goes with the label than without (Wang & Manning 2012, without the SVM)."""
    here = (space != 0).astype(np.float64)
    rows = []
    for label in [1] if count == 2 else range(count):
        inside = here.T @ (importance * (labels == label)) + _SMOOTHING
        outside = here.T @ (importance * (labels != label)) + _SMOOTHING
        rows.append(np.log(inside / inside.sum()) - np.log(outside / outside.sum()))
    return Voice(weights=np.column_stack(rows) / 2, bias=np.zeros(count))


def fit_blend(spoken: Mapping[str, Floats], labels: Places, *, biased: bool) -> Blend:
    """The shares, none below 0, by which the voices tell best what none of them was fitted on.

    spoken: by voice, [texts, labels], each for texts that it had not seen. biased: whether labels may be favoured.
    """
    from scipy.optimize import minimize

    names = list(spoken)
    scales = [float(spoken[name].std()) or 1.0 for name in names]
    scaled = np.stack([spoken[name] / scale for name, scale in zip(names, scales, strict=True)])
    voices, texts, count = scaled.shape
    truth = np.eye(count)[labels]

    def loss(values: Floats) -> tuple[float, Floats]:
        total = np.tensordot(values[:voices], scaled, axes=1) + values[voices:]
        total -= total.max(axis=1, keepdims=True)
        powers = np.exp(total)
        probabilities = powers / powers.sum(axis=1, keepdims=True)
        off = (probabilities - truth) / texts
        spread = values[:voices] - values[:voices].mean()
        cost = -float(np.log(probabilities[np.arange(texts), labels] + 1e-12).mean()) + _EVEN * float(spread @ spread)
        slope = np.einsum("vnk,nk->v", scaled, off) + 2 * _EVEN * spread
        return cost, np.concatenate([slope, off.sum(axis=0) if biased else np.zeros(count)])

    bounds = [(0.0, None)] * voices + [(None, None)] * count
    found = minimize(loss, np.r_[np.full(voices, 0.5), np.zeros(count)], jac=True, bounds=bounds, method="L-BFGS-B")
    shares = {name: float(v) / scale for name, v, scale in zip(names, found.x[:voices], scales, strict=True)}
    return Blend(shares=shares, bias=found.x[voices:])


def balanced(texts: Sequence[str], labels: Places, count: int, *, bins: int = 8) -> Floats:
    """Importance by which every label weighs the same among texts of like length: length shall tell nothing."""
    lengths = np.asarray([len(text) for text in texts])
    bins = bins if len(texts) >= _ENOUGH_TO_BIN else 1
    places = np.digitize(lengths, np.unique(np.quantile(lengths, np.linspace(0, 1, bins + 1)[1:-1])))
    importance = np.ones(len(texts))
    for place in np.unique(places):
        inside = places == place
        for label in range(count):
            rows = inside & (labels == label)
            if rows.any():
                importance[rows] = inside.sum() / count / (rows.sum() + 2)
    return np.asarray(importance / importance.mean())
