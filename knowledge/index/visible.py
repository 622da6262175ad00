"""The passages that may be read, as every arm of the search needs them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from threading import Lock

import numpy as np
import numpy.typing as npt

from knowledge.embedders.embedder import Vectors
from knowledge.index.generation import Generation
from knowledge.index.indexing import Indexing
from knowledge.index.lexical import LexicalIndex, LexicalScores
from knowledge.index.names import Names
from knowledge.retrieval.expansion import Expansion
from knowledge.retrieval.neighbours import mentions
from knowledge.retrieval.periods import Period
from knowledge.types import Audience, Passage

_WIDER = 4
_WIDEST = 64
"""Where nearly all is hidden, the search widens up to this many times, and the other arm finds what is left."""


@dataclass(frozen=True, slots=True)
class _Terms:
    """Of one lexical index: [n] which rows may be read, and what is known of terms so far."""

    index: LexicalIndex
    shown: npt.NDArray[np.bool_]
    known: dict[str, bool]


@dataclass(slots=True, kw_only=True)
class Visible:
    """What one audience may read of one revision of the passages. Safe to share between threads.

    period: the days of which it is asked: today, or a time past; what was valid on one of them may be read.
    hidden: ids of all others. What follows from it is made once, at its first use; where nothing is hidden it is free.
    """

    audience: Audience
    period: Period
    hidden: frozenset[str]
    _names: Names | None = None
    _terms: _Terms | None = None
    _lock: Lock = field(default_factory=Lock)

    def allows(self, passage: Passage) -> bool:
        """Whether a passage may be read: the last word, by what it says itself, also when it has just changed."""
        begun = passage.valid_from is None or passage.valid_from <= self.period.last
        over = passage.valid_until is not None and passage.valid_until < self.period.first
        return begun and not over and (passage.audience == "public" or self.audience == "internal")

    def names(self, indexing: Indexing) -> Names:
        """Names that the passages are organised by."""
        if not self.hidden:
            return indexing.names()
        with self._lock:
            if self._names is None:
                self._names = Names.learn([p for p in indexing.passages() if p.id not in self.hidden])
            return self._names

    def nearest(
        self, index: Generation, vector: Vectors, limit: int, languages: Collection[str] = ()
    ) -> dict[str, float]:
        """The nearest passages with their cosine similarity, best first: as many as if the hidden ones were not there.

        languages: of these alone; of all where none is named.
        """
        wanted = limit
        while True:
            found = index.search(vector, wanted, languages)
            shown = {id_: score for id_, score in found.items() if id_ not in self.hidden}
            if len(shown) >= limit or len(found) < wanted or wanted >= _WIDEST * limit:
                return dict(list(shown.items())[:limit])
            wanted *= _WIDER

    def scores(self, index: LexicalIndex, text: str, expansion: Expansion) -> LexicalScores:
        """Lexical scores; 0 for what may not be read."""
        found = index.scores(text, expansion)
        if not self.hidden:
            return found
        shown = self._of(index).shown
        return LexicalScores(body=np.where(shown, found.body, 0), head=np.where(shown, found.head, 0))

    def known_share(self, terms: Collection[str], index: LexicalIndex) -> float:
        """Share of terms that some passage holds; 1 without terms."""
        if not self.hidden:
            return index.known_share(terms)
        here = self._of(index)
        for term in terms:
            if term not in here.known:
                here.known[term] = index.holds(term, here.shown)
        return sum(here.known[term] for term in terms) / len(terms) if terms else 1.0

    def holds(self, terms: Collection[str], index: LexicalIndex) -> bool:
        """Whether one passage holds all of some terms."""
        return bool((index.mentioning(terms) & self._of(index).shown).any())

    def mentions(self, index: LexicalIndex, names: Mapping[str, float]) -> npt.NDArray[np.float32]:
        """[rows] how close the closest of these names is that a passage mentions."""
        return mentions(index, names, self._of(index).shown)

    def entitles(self, term: str, index: LexicalIndex) -> bool:
        """Whether a term stands above the text of some passage."""
        return index.entitles(term, self._of(index).shown)

    def _of(self, index: LexicalIndex) -> _Terms:
        with self._lock:
            if self._terms is None or self._terms.index is not index:
                shown = np.array([id_ not in self.hidden for id_ in index.ids], dtype=np.bool_)
                self._terms = _Terms(index, shown, {})
            return self._terms
