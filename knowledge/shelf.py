"""What one audience may read of a library today: every question about the documents goes through one of these.

Text that an audience may not see must not shape what it is told either: names, known words, scores and rankings are
made of the visible passages alone.
"""

from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from functools import cache
from threading import Lock

from knowledge.embedders import minilm
from knowledge.embedders.embedder import Vectors
from knowledge.index.indexing import Indexing
from knowledge.index.names import Name, Names
from knowledge.index.visible import Visible
from knowledge.passages import PassageStore
from knowledge.question.everyday import in_their_words
from knowledge.question.misspelt import spelt
from knowledge.question.parts import QuestionPart, take_apart
from knowledge.retrieval.periods import Period, period_asked
from knowledge.retrieval.search import Candidates, Search
from knowledge.text.titles import head_and_rest
from knowledge.types import Audience, Passage, PassageEvidence, Retrieval

Calendar = Callable[[], date]
"""What day it is."""


class Shelf:
    """The reading side of a library. Blocking and thread-safe: call it from threads."""

    def __init__(
        self, store: PassageStore, indexing: Indexing, search: Search, audience: Audience, today: Calendar
    ) -> None:
        self._store = store
        self._indexing = indexing
        self._search = search
        self._audience: Audience = audience
        self._today = today
        self._now: tuple[int, Visible] | None = None
        self._lock = Lock()

    def warm(self) -> None:
        """Loads model and indexes, so that the first question need not wait."""
        self.search("hello", 1, "en")
        if "zh" in self._indexing.languages():
            self.search("你好", 1, "zh")  # with the dictionary, where Chinese is read by it

    @property
    def revision(self) -> int:
        """Of the documents: another after every change."""
        return self._store.revision

    def search(self, question: str, k: int = 8, language: str = "") -> Retrieval:
        """The k best passages, of the time that the question asks about. A failing arm is named in `failed_arms`;
        KnowledgeError when all fail.
        """
        return self._search.search(self._in_their_words(question), k, language, self._visible_then(question))

    def read_ahead(self, question: str, language: str) -> None:
        """Reads a question that is about to be searched for, where that is computed here; what fails, the search will tell."""
        with suppress(Exception):
            if self._indexing.embedder().name == minilm.SEARCHING:
                self._search.read_ahead(self._in_their_words(question), language, self._visible_then(question))

    def search_arm(self, arm: str, question: str, k: int = 10, language: str = "") -> tuple[PassageEvidence, ...]:
        """The k best passages of one arm alone: "vector" or "lexical"."""
        return self._search.search_arm(arm, question, k, language, self._visible_then(question))

    def candidates(self, question: str, language: str) -> Candidates:
        """What is known of each passage that an arm found for the whole question: what the fusion weighs."""
        return self._search.candidates(self._in_their_words(question), language, self._visible_then(question))

    def embed_query(self, text: str) -> Vectors:
        """[d] float32, unit length; remembered, so that a turn embeds its question once."""
        return self._search.embed_query(text)

    def compares(self, language: str) -> bool:
        """Whether cosines of questions and spans of this language mean what the composer's weights were fitted on."""
        embedder = self._indexing.embedder()
        return embedder.name == minilm.SEARCHING and language in embedder.languages

    def question_parts(self, question: str) -> tuple[QuestionPart, ...]:
        """The question itself, then the things that it asks for, where it asks for several."""
        return take_apart(self._in_their_words(question), self._names())

    def languages(self) -> frozenset[str]:
        """The languages that documents are written in."""
        return self._indexing.languages()

    def terms(self) -> tuple[str, ...]:
        """Names that the documents are organised by, as words, longest first."""
        return self._names().spoken()

    def names_in(self, text: str) -> tuple[Name, ...]:
        """Names that a text says, each once, in order."""
        return self._names().in_question(text)

    def names_of(self, passage_id: str) -> frozenset[Name]:
        """Names that a passage stands under."""
        return self._names().of(passage_id)

    def name_match(self, passage_id: str, names: Sequence[Name]) -> float:
        """1 where the passage stands under one of the names, 0 where under others only, a half where under none."""
        return self._names().match(passage_id, names)

    def is_about_another(self, passage: Passage, names: Sequence[Name]) -> bool:
        """Whether a passage's title or headings name something, and none of these names."""
        return self._names().is_about_another(passage, names)

    def known_share(self, terms: Collection[str]) -> float:
        """Share of index terms that stand in any passage at all; 1 without terms."""
        return self._visible().known_share(terms, self._indexing.lexical())

    def entitles(self, term: str) -> bool:
        """Whether an index term stands in the title or the headings of some document: it names what that is about."""
        return self._visible().entitles(term, self._indexing.lexical())

    def span_vectors(self, passage_ids: Sequence[str]) -> dict[str, Vectors]:
        """[n_spans, d] float32, unit length, of each passage: row i belongs to `split_spans(passage.text)[i]`."""
        return self._indexing.span_vectors(passage_ids)

    def passages(self, passage_ids: Sequence[str] | None = None) -> list[Passage]:
        """Passages by id, or all, of those that may be read."""
        visible = self._visible()
        return [passage for passage in self._store.passages(passage_ids) if visible.allows(passage)]

    def passages_shown(self, source_ids: Sequence[str]) -> list[Passage]:
        """Passages of some documents, of those that may be read."""
        visible = self._visible()
        return [passage for passage in self._store.passages_of(source_ids) if visible.allows(passage)]

    def passages_titled(self, title: str) -> list[Passage]:
        """Passages of the documents with a title, of those that may be read."""
        visible = self._visible()
        return [passage for passage in self._store.passages_titled(title) if visible.allows(passage)]

    def entitled_alike(self, title: str) -> list[Passage]:
        """Passages of the documents whose titles go on as this one does behind the name of another thing, and of its own."""
        rest = head_and_rest(title)[1]
        titles = {one for audience in _readable(self._audience) for one in self._store.titles(audience)} if rest else ()
        alike = sorted(one for one in titles if head_and_rest(one)[1] == rest)
        return [passage for one in alike for passage in self.passages_titled(one)]

    def passages_at(self, url: str) -> list[Passage]:
        """Passages of the documents at an address, of those that may be read."""
        visible = self._visible()
        return [passage for passage in self._store.passages_at(url) if visible.allows(passage)]

    def _in_their_words(self, question: str) -> str:
        """The question as the articles say it; as it is where their words can't be looked up, which the search will tell."""
        looked_up = cache(lambda: (self._visible(), self._indexing.lexical()))  # once, and only where a word wants it

        def holds(terms: Collection[str]) -> bool:
            visible, index = looked_up()
            return visible.holds(terms, index)

        with suppress(Exception):
            return in_their_words(spelt(question, holds), holds)
        return question

    def _names(self) -> Names:
        return self._visible().names(self._indexing)

    def _visible_then(self, question: str) -> Visible:
        """What could be read at the time that a question asks about; where nothing differs, what may be read now."""
        now = self._visible()
        period = period_asked(question, now.period.last)
        hidden = self._store.hidden(self._audience, period) if period else now.hidden
        if period is None or hidden == now.hidden:
            return now
        return Visible(audience=self._audience, period=period, hidden=hidden)

    def _visible(self) -> Visible:
        """What may be read now; looked up anew only when passages have changed or another day has come."""
        revision, today = self._store.revision, _only(self._today())
        now = self._now
        if now is not None and (now[0], now[1].period) == (revision, today):
            return now[1]
        with self._lock:
            hidden = self._store.hidden(self._audience, today)
            if now is not None and now[0] == revision and now[1].hidden == hidden:
                visible = replace(now[1], period=today)  # what was made of it still holds
            else:
                visible = Visible(audience=self._audience, period=today, hidden=hidden)
            self._now = (revision, visible)
            return visible


def _readable(audience: Audience) -> tuple[Audience, ...]:
    return ("public", "internal") if audience == "internal" else ("public",)


def _only(day: date) -> Period:
    return Period(first=day, last=day)
