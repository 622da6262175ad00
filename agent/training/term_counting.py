"""Counts terms of texts, as scikit-learn's CountVectorizer does, which a server would load for nothing else."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Cut = Callable[[str], Iterable[str]]
"""The terms of a text, each as often as it occurs."""

_SPACES = re.compile(r"\s\s+")


class TermCounter:
    """Counts the terms that it knows. terms: those, in the order of their columns."""

    def __init__(self, cut: Cut, terms: Sequence[str]) -> None:
        self._cut = cut
        self._columns = {term: column for column, term in enumerate(terms)}

    @classmethod
    def learn(cls, cut: Cut, texts: Sequence[str], *, rarest: int = 1) -> "TermCounter":
        """The counter of the terms that at least `rarest` of these texts hold. Raises ValueError where there are none."""
        held = Counter(chain.from_iterable(set(cut(text)) for text in texts))
        if not (terms := sorted(term for term, count in held.items() if count >= rarest)):
            raise ValueError("no term occurs in texts enough")
        return cls(cut, terms)

    @property
    def terms(self) -> list[str]:
        """In the order of the columns."""
        return list(self._columns)

    def count(self, texts: Sequence[str]) -> "csr_matrix":
        """[texts, terms] float64, the columns of each row in order."""
        return self.count_all(texts)[0]

    def count_all(self, texts: Sequence[str]) -> "tuple[csr_matrix, list[list[int]]]":
        """What `count` gives, and of each text how often each term occurs that is not known."""
        from scipy.sparse import csr_matrix

        known = self._columns
        columns, counts, ends = [], [], [0]
        others: list[list[int]] = []
        for text in texts:
            found: list[int] = []
            unknown: list[str] = []
            for term in self._cut(text):
                if (column := known.get(term)) is None:
                    unknown.append(term)
                else:
                    found.append(column)
            others.append(list(Counter(unknown).values()))
            own, times = np.unique(np.array(found, dtype=np.int32), return_counts=True)
            columns.append(own)
            counts.append(times)
            ends.append(ends[-1] + len(own))
        shape = (len(texts), len(known))
        if not columns:
            return csr_matrix(shape, dtype=np.float64), others
        rows = csr_matrix((np.concatenate(counts).astype(np.float64), np.concatenate(columns), ends), shape=shape)
        return rows, others


def lengths_of_rows(rows: "csr_matrix") -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """[n] Euclidean, of the rows of [n, terms]."""
    places = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))
    return np.sqrt(np.bincount(places, rows.data**2, minlength=rows.shape[0]))


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
