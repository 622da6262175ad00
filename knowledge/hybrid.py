"""Fuses what the arms say about each passage into one score; pure functions over arrays."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Scores = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class FusionWeights:
    """How much each arm counts; fitted, not assumed: the listwise softmax loss with an L2 term of 0.001 over
    `evals/benchmarks/bank_tuning.jsonl`.

    vector: cosine of question and passage. span: of question and the passage's best span.
    body:   BM25 of the text over the best BM25 of this question. head: the same of title, headings and path.
    name:   the passage is about what the question names (a product), or about something else of that kind.
    """

    vector: float = 0.88
    span: float = 1.0
    body: float = 0.2
    head: float = 0.34
    name: float = 0.42


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmScores:
    """Scores of the candidates, [n] each; an arm that failed or is silent gives None.

    tops: the best BM25 of text and of head that any passage got for this question.
    """

    vector: Scores | None
    span: Scores | None
    body: Scores | None
    head: Scores | None
    name: Scores | None = None
    tops: tuple[float, float] = (1.0, 1.0)


def fuse(scores: ArmScores, weights: FusionWeights) -> Scores:
    """Weighted sum [n]; BM25 is divided by the best any passage got for this question."""
    parts = [
        _part(scores.vector, weights.vector, 1.0),
        _part(scores.span, weights.span, 1.0),
        _part(scores.body, weights.body, scores.tops[0]),
        _part(scores.head, weights.head, scores.tops[1]),
        _part(scores.name, weights.name, 1.0),
    ]
    present = [part for part in parts if part is not None]
    return np.asarray(np.sum(present, axis=0), dtype=np.float32)


def _part(scores: Scores | None, weight: float, top: float) -> Scores | None:
    return None if scores is None else np.asarray(weight * scores / max(top, 1e-6), dtype=np.float32)


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
