"""The passages nearest to a question by their vectors, those of other languages apart.

A sentence model that knows both languages puts an article beside its translation: a customer is shown the one in their
own language, and another language only where theirs tells nothing of the kind.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from knowledge.embedders.embedder import Vectors
from knowledge.index.indexing import Indexing
from knowledge.index.visible import Visible
from knowledge.retrieval.hybrid import Scores

CANDIDATES = 40
_FOREIGN = 10
_AHEAD, _NEARER = 2, 0.1  # in cosine; of an article and its translation neither is nearer by more than 0.06
_BY_FAR = (
    0.05  # in fused score; of the sample shop no article in the other language is so far ahead of the one in its own
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearest:
    """Passage ids with their cosines, best first: in the question's language, and in others."""

    own: Mapping[str, float] = field(default_factory=dict)
    foreign: Mapping[str, float] = field(default_factory=dict)


def nearest(indexing: Indexing, visible: Visible, vector: Vectors, language: str) -> Nearest:
    """What is near to a vector [d]; those of other languages take no place from those of its own."""
    index, held = indexing.vectors(), indexing.languages()
    others = held - {language, ""} if indexing.embedder().reads_short else frozenset()
    if not others:
        return Nearest(own=visible.nearest(index, vector, CANDIDATES))
    own = visible.nearest(index, vector, CANDIDATES, held - others) if held - others else {}
    return Nearest(own=own, foreign=visible.nearest(index, vector, _FOREIGN, others))


def shown(ids: Sequence[str], fused: Scores, near: Nearest) -> list[int]:
    """Places of the candidates to show: those of other languages only where the best of them is by far the best of all."""
    own = [place for place, id_ in enumerate(ids) if id_ not in near.foreign]
    if own and fused.max() - fused[own].max() < _BY_FAR:
        return own
    return list(range(len(ids)))


def ahead(near: Nearest) -> list[str]:
    """Ids of the passages in other languages that are nearer than all in the question's own, by more than translations are."""
    own = max(near.own.values(), default=-1.0)
    return [id_ for id_, cosine in near.foreign.items() if cosine - own >= _NEARER][:_AHEAD]
