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
    "name",  # 1 where the passage is about what the question names (a product), 0 where about others of that kind
)
"""What is known of each candidate, 0…1 (cosines −1…1); an arm that failed or is silent gives zeros for all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FusionWeights:
    """How much each signal counts; fitted, not assumed: listwise softmax loss over `evals/benchmarks/tuning`."""

    passage: float = 5.3
    span: float = 5.3
    span_bare: float = 5.1
    best_spans: float = 4.1
    body: float = 1.7
    body_bare: float = 2.8
    head: float = 1.4
    name: float = 3.1

    def array(self) -> Scores:
        """[len(SIGNALS)], scaled so that they sum to one."""
        weights = np.array([getattr(self, name) for name in SIGNALS], dtype=np.float32)
        return np.asarray(weights / weights.sum(), dtype=np.float32)


OF_A_BAG_OF_WORDS = FusionWeights(
    passage=0.88, span=0.5, span_bare=0.5, best_spans=0.0, body=0.2, body_bare=0.0, head=0.34, name=0.42
)
"""For embedders that do not read short texts (`Embedder.reads_short`)."""


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
