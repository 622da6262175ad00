"""Fits search to cases: what questions bring with them (`knowledge.retrieval.expansion`), and the weights of the fusion.

Weights: a listwise softmax loss over what the arms found for each question (ListNet, Cao et al. 2007, with the
probability of any gold passage); not below zero, and drawn to those in use, the more so the fewer cases there are.
Whatever is fitted is measured on cases left out of the fitting, and kept only where it is better on those.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Generic, TypeVar

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from evals.metrics.ranking import ndcg_at
from knowledge.retrieval.fusion import Situation
from knowledge.retrieval.hybrid import SIGNALS, FusionWeights, Scores, fuse

FEWEST = 40
_FOLDS = 5
_SHARPNESS = 30.0
_PULL = 0.05

Array = npt.NDArray[np.float64]
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One question: where its candidates come from, [n, len(SIGNALS)] what is known of each, and which sources answer."""

    situation: Situation
    sources: Sequence[str]
    signals: Scores
    gold: Collection[str]

    @property
    def right(self) -> npt.NDArray[np.bool_]:
        """[n] whether a candidate answers."""
        return np.array([source in self.gold for source in self.sources], dtype=np.bool_)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit(Generic[T]):
    """What was fitted, and nDCG@10 over what the arms found, on cases left out of the fitting, before and after."""

    found: T
    cases: int
    before: float
    after: float

    @property
    def helps(self) -> bool:
        """Whether it is better on cases that it has not seen."""
        return self.after > self.before


def folds(count: int) -> list[set[int]]:
    """Places of the cases that each of five fits leaves out; the same every time."""
    order = np.random.default_rng(0).permutation(count)
    return [set(order[fold::_FOLDS].tolist()) for fold in range(_FOLDS)]


def fit_each(examples: Sequence[Example], now: dict[Situation, FusionWeights]) -> dict[Situation, Fit[FusionWeights]]:
    """A fit for every situation that has at least FEWEST questions whose answer was among the candidates."""
    by_situation: dict[Situation, list[Example]] = defaultdict(list)
    for example in examples:
        if example.right.any():
            by_situation[example.situation].append(example)
    return {kind: cross_fit(of, now[kind]) for kind, of in by_situation.items() if len(of) >= FEWEST}


def cross_fit(examples: Sequence[Example], now: FusionWeights) -> Fit[FusionWeights]:
    """Weights fitted on all examples; `after` comes from fits that each left a fifth out."""
    after: list[float] = []
    for left_out in folds(len(examples)):
        weights = fit([one for at, one in enumerate(examples) if at not in left_out], now)
        after += [quality(examples[at], weights) for at in sorted(left_out)]
    before = fmean(quality(example, now) for example in examples)
    return Fit(found=fit(examples, now), cases=len(examples), before=before, after=fmean(after))


def fit(examples: Sequence[Example], now: FusionWeights) -> FusionWeights:
    """Weights that put gold passages first, near to `now`."""
    start = _SHARPNESS * now.array().astype(np.float64)
    pairs = [(example.signals.astype(np.float64), example.right) for example in examples]

    def loss(weights: Array) -> tuple[float, Array]:
        total, slope = _PULL * float(((weights - start) ** 2).sum()), 2 * _PULL * (weights - start)
        for signals, right in pairs:
            logits = signals @ weights
            chances = np.exp(logits - logits.max())
            good = np.where(right, chances, 0)
            total += float(np.log(chances.sum()) - np.log(max(good.sum(), 1e-300)))
            slope = slope + signals.T @ (chances / chances.sum() - good / max(good.sum(), 1e-300))
        return total, slope

    # What is silent in all examples stays as it is.
    silent = ~np.any([np.ptp(signals, axis=0) > 0 for signals, _ in pairs], axis=0)
    bounds = [(value, value) if quiet else (0.0, None) for value, quiet in zip(start, silent, strict=True)]
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds)
    return FusionWeights(**{name: float(value) for name, value in zip(SIGNALS, found.x, strict=True)})


def quality(example: Example, weights: FusionWeights) -> float:
    """nDCG@10 of one question's candidates by these weights."""
    order = np.argsort(-fuse(example.signals, weights), kind="stable")
    return ndcg_at([example.sources[at] for at in order], example.gold, 10)
