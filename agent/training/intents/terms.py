"""The words and characters of a message, as columns: stems with their neighbours, Chinese words, runs of characters."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import Stemmer  # type: ignore[import-not-found]

from agent.training.term_counting import TermCounter
from knowledge.index.sparse import SparseRows
from knowledge.text.folding import narrowed, simplified

Matrix: TypeAlias = Any  # scipy's csr_matrix, which has no types
Floats: TypeAlias = npt.NDArray[np.float32]

_PIECE = re.compile(r"[\u3400-\u9fff]+|[a-z0-9]+|[^\w\s]")
_START, _END = "<s>", "</s>"
KINDS = ("words", "characters")


class TermSpace:
    """TF-IDF of words and of characters side by side; the rows of each kind have length one, with what is not known of them.

    A text that is left out while training has terms of its own, which tell nothing and take their share of its length. So
    have the terms of a new text that training never met: else new texts would look surer than those left out did.

    counters: of each of KINDS; rarity: how much each of their terms weighs.
    """

    def __init__(self, counters: Sequence[TermCounter], rarity: Sequence[npt.NDArray[np.float64]]) -> None:
        self._kinds = tuple(zip(counters, rarity, strict=True))

    @classmethod
    def fit(cls, texts: Sequence[str]) -> "tuple[TermSpace, Matrix]":
        """The terms of these texts, weighed by how rare they are in them; and the texts read by them."""
        counters = [TermCounter.learn(_CUTS[kind], texts) for kind in KINDS]
        counts = [counter.count_all(texts) for counter in counters]
        held = [np.bincount(one.indices, minlength=one.shape[1]) for one, _ in counts]
        space = cls(counters, [np.log((1 + len(texts)) / (1 + own)) + 1 for own in held])
        return space, space._weighed(counts).matrix()

    def read(self, texts: Sequence[str]) -> SparseRows:
        """[texts, terms]."""
        return self._weighed([counter.count_all(texts) for counter, _ in self._kinds])

    def _weighed(self, counts: Sequence[tuple[SparseRows, SparseRows]]) -> SparseRows:
        """Sublinear counts times rarity, [texts, terms] of all kinds."""
        kinds = []
        for (known, unknown), (_, rarity) in zip(counts, self._kinds, strict=True):
            weights = (1 + np.log(known.data)) * rarity[known.indices]
            others = unknown.sums(np.square(1 + np.log(unknown.data))) * rarity.max() ** 2
            kinds.append(known.of(weights / np.sqrt(known.sums(weights**2) + others)[known.rows]))
        return SparseRows.beside(kinds)

    def packed(self) -> tuple[dict[str, Floats], dict[str, Sequence[str]]]:
        """What a bundle keeps: weights of rarity, and the terms in the order of the columns."""
        pairs = list(zip(KINDS, self._kinds, strict=True))
        weights = {f"idf {kind}": rarity.astype(np.float32) for kind, (_, rarity) in pairs}
        return weights, {kind: counter.terms for kind, (counter, _) in pairs}

    @classmethod
    def unpacked(
        cls, arrays: "Mapping[str, npt.NDArray[np.generic]]", terms: Mapping[str, Sequence[str]]
    ) -> "TermSpace":
        """Raises KeyError or ValueError where the parts do not fit together."""
        rarity = [arrays[f"idf {kind}"].astype(np.float64) for kind in KINDS]
        if any(len(weights) != len(terms[kind]) for weights, kind in zip(rarity, KINDS, strict=True)):
            raise ValueError("terms and their weights differ in number")
        return cls([TermCounter(_CUTS[kind], terms[kind]) for kind in KINDS], rarity)


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
    return [run for word in folded(text).split() for run in _runs_of(word)]


@lru_cache(maxsize=20_000)
def _runs_of(word: str) -> tuple[str, ...]:
    """Most words come again, and a string that does knows its hash."""
    edged = f" {word} "
    return tuple(
        edged[start : start + length] for length in range(2, 6) for start in range(max(1, len(edged) - length + 1))
    )


def folded(text: str) -> str:
    """Lower case, narrow, simplified."""
    return simplified(narrowed(text)).lower().replace("’", "'")


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    # A stemmer must not be shared between threads; a fresh one costs microseconds, and results are cached.
    return str(Stemmer.Stemmer("english", 0).stemWord(word))


_CUTS = dict(zip(KINDS, (words_of, characters_of), strict=True))
