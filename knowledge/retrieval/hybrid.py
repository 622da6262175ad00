"""Fuses what the arms say about each passage into one score; pure functions over arrays."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Scores = npt.NDArray[np.float32]


SIGNALS = (
    "passage",  # cosine of the question, half of it without its names, and the passage
    "span",  # cosine of the question and the passage's best span
    "span_bare",  # the same for the question without its names
    "best_spans",  # mean cosine of the three best spans
    "body",  # BM25 of the text, over the best that any passage got for this question
    "body_bare",  # the same for the question without its names
    "head",  # the same of title, headings and path
    "graph",  # 1 where the passage mentions what the question names in the graph, a half where what is one hop from it
    "name",  # 1 where the passage is about what the question names (a product), 0 where about others of that kind
)
"""What is known of each candidate, 0…1 (cosines −1…1); an arm that failed or is silent gives zeros for all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FusionWeights:
    """How much each signal counts; fitted, not assumed (`knowledge.retrieval.fusion`)."""

    passage: float = 0.0
    span: float = 0.0
    span_bare: float = 0.0
    best_spans: float = 0.0
    body: float = 0.0
    body_bare: float = 0.0
    head: float = 0.0
    graph: float = 0.0
    name: float = 0.0

    def array(self) -> Scores:
        """[len(SIGNALS)], scaled so that they sum to one."""
        weights = np.array([getattr(self, name) for name in SIGNALS], dtype=np.float32)
        return np.asarray(weights / weights.sum(), dtype=np.float32)


def fuse(signals: Scores, weights: FusionWeights) -> Scores:
    """[n] weighted sum of signals [n, len(SIGNALS)]."""
    return np.asarray(signals @ weights.array(), dtype=np.float32)


def interleave(rankings: Sequence[Sequence[str]], k: int) -> list[str]:
    """The best k of several rankings: the parts' in turn, then the whole question's, which stands first."""
    turns = [*rankings[1:], rankings[0]] if rankings else []
    found: dict[str, None] = {}
    for place in range(max(map(len, turns), default=0)):
        for ranking in turns:
            if place < len(ranking):
                found[ranking[place]] = None
            if len(found) == k:
                return list(found)
    return list(found)


def diversify(ids: Sequence[str], scores: Sequence[float], vectors: Scores, diversity: float) -> list[str]:
    """Ids anew in order: each next one is good, and unlike those before it (MMR, Carbonell & Goldstein 1998).

    scores are best first; vectors: [n, d] of unit length, zeros where there is none. diversity: 0 leaves the order, 1
    looks at likeness alone.
    """
    if not diversity or len(ids) < 2:
        return list(ids)
    good = np.asarray(scores, dtype=np.float32)
    good = (good - good.min()) / max(float(np.ptp(good)), 1e-6)
    alike = vectors @ vectors.T
    nearest = np.zeros(len(ids), dtype=np.float32)
    left, found = np.ones(len(ids), dtype=np.bool_), []
    for _ in ids:
        worth = np.where(left, (1 - diversity) * good - diversity * nearest, -np.inf)
        best = int(np.argmax(worth))
        found.append(ids[best])
        left[best] = False
        nearest = np.maximum(nearest, alike[best])
    return found
