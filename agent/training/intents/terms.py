"""The words and characters of a message, as columns: stems with their neighbours, Chinese words, runs of characters."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt
import Stemmer  # type: ignore[import-not-found]

from knowledge.folding import narrowed, simplified

if TYPE_CHECKING:
    from sklearn.feature_extraction.text import TfidfVectorizer

Matrix: TypeAlias = Any  # scipy's csr_matrix, which has no types
Floats: TypeAlias = npt.NDArray[np.float32]

_PIECE = re.compile(r"[\u3400-\u9fff]+|[a-z0-9]+|[^\w\s]")
_START, _END = "<s>", "</s>"
KINDS = ("words", "characters")


class TermSpace:
    """TF-IDF of words and of characters side by side; the rows of each kind have length one."""

    def __init__(self, vectorizers: "Sequence[TfidfVectorizer]") -> None:
        self._vectorizers = tuple(vectorizers)

    @classmethod
    def fit(cls, texts: Sequence[str]) -> "tuple[TermSpace, Matrix]":
        """The terms of these texts, weighed by how rare they are in them; and the texts read by them."""
        from scipy.sparse import hstack

        vectorizers = [_vectorizer(kind) for kind in KINDS]
        rows = hstack([vectorizer.fit_transform(texts) for vectorizer in vectorizers]).tocsr()
        return cls(vectorizers), rows

    def read(self, texts: Sequence[str]) -> Matrix:
        """[texts, terms], sparse."""
        from scipy.sparse import hstack

        return hstack([vectorizer.transform(texts) for vectorizer in self._vectorizers]).tocsr()

    def packed(self) -> tuple[dict[str, Floats], dict[str, list[str]]]:
        """What a bundle keeps: weights of rarity, and the terms in the order of the columns."""
        pairs = list(zip(KINDS, self._vectorizers, strict=True))
        rarity = {f"idf {kind}": vectorizer.idf_.astype(np.float32) for kind, vectorizer in pairs}
        return rarity, {kind: [str(term) for term in one.get_feature_names_out()] for kind, one in pairs}

    @classmethod
    def unpacked(
        cls, arrays: "Mapping[str, npt.NDArray[np.generic]]", terms: Mapping[str, Sequence[str]]
    ) -> "TermSpace":
        """Raises KeyError or ValueError where the parts do not fit together."""
        vectorizers = []
        for kind in KINDS:
            vectorizer = _vectorizer(kind, terms[kind])
            vectorizer.idf_ = arrays[f"idf {kind}"].astype(np.float64)
            vectorizers.append(vectorizer)
        return cls(vectorizers)


def _vectorizer(kind: str, terms: Sequence[str] | None = None) -> "TfidfVectorizer":
    # Imported here: it takes seconds, which commands that classify nothing should not pay.
    from sklearn.feature_extraction.text import TfidfVectorizer

    known = None if terms is None else {term: place for place, term in enumerate(terms)}
    if kind == "words":
        return TfidfVectorizer(analyzer=words_of, sublinear_tf=True, vocabulary=known)
    return TfidfVectorizer(analyzer=characters_of, sublinear_tf=True, vocabulary=known)


def words_of(text: str) -> list[str]:
    """Words, English ones stemmed and Chinese ones with their characters; pairs of neighbours and of next but one."""
    import rjieba  # imported here: its dictionary takes a moment

    words: list[str] = []
    single: list[str] = []
    for piece in _PIECE.findall(folded(text).replace("'", "")):
        if "\u3400" <= piece[0] <= "\u9fff":
            words.extend(rjieba.cut(piece))
            single.extend(piece)
        else:
            words.append(_stem(piece))
    row = [_START, *words, _END]
    pairs = [f"{one} {other}" for one, other in pairwise(row)]
    return [*words, *single, *pairs, *(f"{one} _ {other}" for one, other in zip(row, row[2:], strict=False))]


def characters_of(text: str) -> list[str]:
    """Runs of 2 to 5 characters within words, their edges marked by a space; of Chinese the words are whole clauses."""
    found: list[str] = []
    for word in folded(text).split():
        edged = f" {word} "
        found.extend(
            edged[start : start + length] for length in range(2, 6) for start in range(max(1, len(edged) - length + 1))
        )
    return found


def folded(text: str) -> str:
    """Lower case, narrow, simplified."""
    return simplified(narrowed(text)).lower().replace("’", "'")


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    # A stemmer must not be shared between threads; a fresh one costs microseconds, and results are cached.
    return str(Stemmer.Stemmer("english", 0).stemWord(word))
