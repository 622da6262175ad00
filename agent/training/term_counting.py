"""Counts terms of texts, as scikit-learn's CountVectorizer does, which a server would load for nothing else."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from knowledge.index.sparse import SparseRows

Cut = Callable[[str], Iterable[str]]
"""The terms of a text, each as often as it occurs."""

Places: TypeAlias = npt.NDArray[np.int64]

_SPACES = re.compile(r"\s\s+")


class TermCounter:
    """Counts the terms that it knows.

    They are looked up by their hash, in an array: a dictionary of the 400,000 terms of a model took 60 MB. Of 64 bits, so
    that another term has the same is less likely than that the memory errs.

    terms: in the order of their columns, once they are learnt and until they are bundled; what only counts keeps none.
    """

    def __init__(self, cut: Cut, terms: Sequence[str]) -> None:
        """terms: those that it is to know, in the order of their columns."""
        self.terms: Sequence[str] = ()
        self._cut = cut
        hashes = _hashes(terms)
        self._columns = np.argsort(hashes).astype(np.int32)
        self._hashes = hashes[self._columns]

    @classmethod
    def learn(cls, cut: Cut, texts: Sequence[str], *, rarest: int = 1) -> "TermCounter":
        """The counter of the terms that at least `rarest` of these texts hold. Raises ValueError where there are none."""
        held = Counter(chain.from_iterable(set(cut(text)) for text in texts))
        if not (terms := sorted(term for term, count in held.items() if count >= rarest)):
            raise ValueError("no term occurs in texts enough")
        counter = cls(cut, terms)
        counter.terms = terms
        return counter

    def count(self, texts: Sequence[str]) -> SparseRows:
        """[texts, terms]."""
        return self.count_all(texts)[0]

    def count_all(self, texts: Sequence[str]) -> tuple[SparseRows, SparseRows]:
        """What `count` gives, and [texts, others] of the terms that are not known."""
        hashes = [_hashes([*self._cut(text)]) for text in texts]
        said = np.concatenate([np.zeros(0, np.int64), *hashes])
        rows = np.repeat(np.arange(len(texts)), [len(one) for one in hashes])
        places, known = self._looked_up(said)
        counted = SparseRows.counted(rows[known], self._columns[places[known]], (len(texts), len(self._columns)))
        strange, columns = np.unique(said[~known], return_inverse=True)
        return counted, SparseRows.counted(rows[~known], columns, (len(texts), len(strange)))

    def _looked_up(self, hashes: Places) -> tuple[Places, npt.NDArray[np.bool_]]:
        """Where each would stand among those that are known, and whether it does."""
        places = np.searchsorted(self._hashes, hashes)
        known = places < len(self._hashes)
        known[known] = self._hashes[places[known]] == hashes[known]
        return places, known


def _hashes(terms: Sequence[str]) -> Places:
    """[terms] int64; other ones in each process.

    Python's hash of a text is that of its bytes in memory, one for a Latin letter and two for a Chinese one: 换 and "bc" have
    the same. So what is not ASCII goes by its bytes in UTF-8.
    """
    if all(map(str.isascii, terms)):
        return np.fromiter(map(hash, terms), np.int64, len(terms))
    return np.fromiter((hash(term if term.isascii() else term.encode()) for term in terms), np.int64, len(terms))


def runs(text: str, shortest: int, longest: int) -> list[str]:
    """Runs of so many characters, across words."""
    plain = _SPACES.sub(" ", text)
    return [
        plain[start : start + length]
        for length in range(shortest, longest + 1)
        for start in range(len(plain) - length + 1)
    ]


def runs_in_words(text: str, shortest: int, longest: int) -> list[str]:
    """Runs of so many characters within words, whose edges are marked by a space; a word too short is one run."""
    found: list[str] = []
    for word in text.split():
        edged = f" {word} "
        for length in range(shortest, longest + 1):
            found.extend(edged[start : start + length] for start in range(max(1, len(edged) - length + 1)))
            if length >= len(edged):
                break
    return found
