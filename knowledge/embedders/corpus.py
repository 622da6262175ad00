"""An embedder fitted on the corpus itself: TF-IDF of words and characters, then truncated SVD (LSA, Deerwester 1990).

Needs no weights and knows every language it was fitted on; Chinese counts as character bigrams. Of a large corpus it is
fitted on a sample. Kept as plain arrays and JSON, so that opening an index never runs code found in it.
"""

import hashlib
import json
from array import array
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from knowledge.embedders.embedder import Vectors, unit
from knowledge.errors import IndexMismatch
from knowledge.index.sparse import times
from knowledge.text.words import words

NAME = "corpus-lsa-2"

T = TypeVar("T")

_DIMENSIONS = 256
_MAX_TERMS = 60_000
_SAMPLE = 6000
_ITERATIONS = 2  # of the randomised SVD (Halko et al. 2011): with seven, nDCG@10 was the same within .003


class CorpusEmbedder:
    """Latent semantic vectors of the corpus it was fitted on."""

    languages = frozenset({"en", "zh"})
    reads_short = False

    def __init__(self, terms: Sequence[str], idf: npt.NDArray[np.float32], components: Vectors) -> None:
        self._terms = {term: column for column, term in enumerate(terms)}
        self._columns = lru_cache(_MAX_TERMS)(self._looked_up)  # words return often
        self._idf = idf
        self._by_term = np.ascontiguousarray(components.T)
        digest = hashlib.sha256("\n".join(terms).encode() + np.round(idf, 4).tobytes()).hexdigest()
        self.name = f"{NAME}/{digest[:16]}"

    @classmethod
    def fit(cls, texts: Sequence[str]) -> "CorpusEmbedder":
        """The embedder of a corpus of at least one text; the same texts give the same embedder."""
        from sklearn.utils.extmath import randomized_svd
        from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

        texts = sample(texts)
        counts = Counter(
            term for text in texts for term in {part for word in set(words(text)) for part in _parts(word)}
        )
        floor = 2 if len(texts) > 50 else 1
        kept = sorted(
            (term for term, count in counts.items() if count >= floor), key=lambda term: (-counts[term], term)
        )
        kept = kept[:_MAX_TERMS] or ["\x00"]
        idf = np.array([np.log((1 + len(texts)) / (1 + counts[term])) + 1 for term in kept], dtype=np.float32)
        embedder = cls(kept, idf, np.zeros((0, 0), dtype=np.float32))
        matrix = embedder._matrix(texts)
        dimensions = max(1, min(_DIMENSIONS, min(matrix.shape) - 1))
        # Beside another process that computes, BLAS's threads wait for each other as fast as they can: 16 seconds, not one.
        with threadpool_limits(1, user_api="blas"):
            _, _, components = randomized_svd(matrix, n_components=dimensions, n_iter=_ITERATIONS, random_state=0)
        return cls(kept, idf, np.asarray(components, dtype=np.float32))

    @classmethod
    def load(cls, path: Path) -> "CorpusEmbedder":
        """Raises IndexMismatch when the file is not there or damaged."""
        try:
            with np.load(path, allow_pickle=False) as stored:
                return cls(json.loads(str(stored["terms"])), stored["idf"], stored["components"])
        except (OSError, ValueError, KeyError) as error:
            raise IndexMismatch(
                "The fitted embedder is missing or damaged. Re-index with: parley ingest --rebuild"
            ) from error

    def save(self, path: Path) -> None:
        """Writes one npz file, whole or not at all."""
        partial = path.with_suffix(".partial.npz")
        terms = json.dumps(list(self._terms), ensure_ascii=False)
        np.savez(partial, terms=np.array(terms), idf=self._idf, components=self._by_term.T)
        partial.replace(path)

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """[n, d] float32, unit length; zeros where no term is known."""
        return unit(np.asarray(times(self._matrix(texts), self._by_term), dtype=np.float32))

    def embed_query(self, text: str) -> Vectors:
        """[d] float32, unit length."""
        return np.asarray(self.embed_documents([text])[0], dtype=np.float32)

    def _matrix(self, texts: Sequence[str]) -> csr_matrix:
        """[n, terms] TF-IDF with sublinear counts, rows of unit length."""
        flat = array("i")
        ends = [0]
        for text in texts:
            flat.extend(chain.from_iterable(map(self._columns, words(text))))
            ends.append(len(flat))
        shape = (len(texts), len(self._terms))
        ones = np.ones(len(flat), dtype=np.float32)
        counts = csr_matrix((ones, np.frombuffer(flat, dtype=np.intc), np.array(ends, dtype=np.int64)), shape=shape)
        counts.sum_duplicates()
        counts.data = (1 + np.log(counts.data)) * self._idf[counts.indices]
        norms = np.sqrt(np.asarray(counts.multiply(counts).sum(axis=1)).ravel())
        counts.data /= np.repeat(np.maximum(norms, 1e-9), np.diff(counts.indptr)).astype(np.float32)
        return counts

    def _looked_up(self, word: str) -> tuple[int, ...]:
        """Columns of a word and of its parts."""
        return tuple(column for part in _parts(word) if (column := self._terms.get(part)) is not None)


def sample(whole: Sequence[T]) -> Sequence[T]:
    """What an embedder is fitted on: of a large corpus every so manieth."""
    return whole[:: max(1, -(-len(whole) // _SAMPLE))]


def _parts(word: str) -> list[str]:
    """A stemmed word (or Chinese bigram) itself, and the character 4-grams of a Latin one."""
    if not word.isascii() or len(word) <= 4:
        return [word]
    padded = f" {word} "
    return [word, *(f"#{padded[start : start + 4]}" for start in range(len(padded) - 3))]
