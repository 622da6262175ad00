"""What an embedder is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from knowledge.spans import Span

Vectors = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbeddedPassage:
    """vector: [d], unit length, of context and text together; spans: [n_spans, d], unit length, each in its context."""

    vector: Vectors
    spans: Vectors


class Embedder(Protocol):
    """Turns texts into unit vectors. `name` is a fingerprint: vectors of one name may be compared, others not.

    languages: those it understands; the vector arm stays silent for others.
    """

    name: str
    languages: frozenset[str]

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """[n, d] float32."""
        ...

    def embed_query(self, text: str) -> Vectors:
        """[d] float32."""
        ...

    def embed_passages(
        self, contexts: Sequence[str], texts: Sequence[str], spans: Sequence[Sequence[Span]]
    ) -> list[EmbeddedPassage]:
        """Passage and span vectors together; `contexts` (title and section) are read before the texts."""
        ...


def unit(vectors: Vectors) -> Vectors:
    """Rows scaled to length one; rows of zeros stay."""
    norms = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(norms, 1e-9), dtype=np.float32)


def embed_spans_alone(
    embedder: Embedder, contexts: Sequence[str], texts: Sequence[str], spans: Sequence[Sequence[Span]]
) -> list[EmbeddedPassage]:
    """Passages and spans as texts of their own, for embedders that have no token vectors."""
    passages = embedder.embed_documents([f"{context}\n{text}" for context, text in zip(contexts, texts, strict=True)])
    flat = [f"{span.lead} {span.text}" for group in spans for span in group]
    vectors = embedder.embed_documents(flat) if flat else np.zeros((0, passages.shape[1]), dtype=np.float32)
    found, start = [], 0
    for passage, group in zip(passages, spans, strict=True):
        found.append(EmbeddedPassage(vector=passage, spans=vectors[start : start + len(group)]))
        start += len(group)
    return found
