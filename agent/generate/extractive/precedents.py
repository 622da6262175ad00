"""Which articles answer what an intent means: those that its examples find.

"Do you do trade-ins?" shares no word with the article that answers it, and a reader of sentences may doubt that it does; but the
intent is known, and what its examples are answered from as well. An answer out of such an article is surer, one out of
another less so.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from threading import Event
from typing import Protocol

from agent.types import Language, Understanding
from knowledge.text.han import HAN
from knowledge.types import Retrieval

_SURE = 0.8  # of the intent
_EXAMPLES = 8  # of an intent in a language
_PLACES = 2  # articles that an example speaks for, the second half as loudly
_AGREED = 0.4  # share of the voices that the best article must have
_BESIDE = 0.35  # of the best article's voices: as many others need to answer the intent, too


_Meant = tuple[str, Language]
"""An intent, said in a language."""


class Searched(Protocol):
    """The documents, as precedents need them."""

    @property
    def revision(self) -> int: ...

    def search(self, question: str, k: int, language: str) -> Retrieval: ...


class Precedents:
    """Looks up each intent once for each state of the documents, when it is first asked about or ahead of it. Thread-safe.

    examples: utterances with their intents; asked for anew when another version of the intents speaks.
    """

    def __init__(self, examples: Callable[[], Iterable[tuple[str, str]]], documents: Searched) -> None:
        self._examples, self._documents = examples, documents
        self._known: dict[str, dict[_Meant, list[str]]] = {}  # by version
        self._found: tuple[int, dict[tuple[str, _Meant], frozenset[str]]] = (
            -1,
            {},
        )  # since a revision of the documents

    def agree(self, understanding: Understanding, sources: Sequence[str]) -> int:
        """1 where the first of the sources answers what is meant, -1 where none of them does, 0 where nobody can tell."""
        meant = understanding.intents[0] if understanding.intents else None
        if meant is None or meant.confidence < _SURE or not sources:
            return 0
        version = understanding.versions.get("intent", "")
        articles = self._articles(version, (meant.name, understanding.language))
        if sources[0] in articles:
            return 1
        return -1 if articles and articles.isdisjoint(sources) else 0

    def look_ahead(self, version: str, stop: Event) -> None:
        """Looks up all intents of a version, unless it is told to stop."""
        for meant in self._examples_of(version):
            if stop.is_set():
                return
            self._articles(version, meant)

    def _articles(self, version: str, meant: _Meant) -> frozenset[str]:
        revision, found = self._found
        if revision != (now := self._documents.revision):
            found = {}
            self._found = now, found
        if (version, meant) not in found:
            found[version, meant] = self._answering(self._examples_of(version).get(meant, []), meant[1])
        return found[version, meant]

    def _examples_of(self, version: str) -> dict[_Meant, list[str]]:
        if version not in self._known:
            known: dict[_Meant, list[str]] = {}
            for text, intent in self._examples():
                known.setdefault((intent, "zh" if HAN.search(text) else "en"), []).append(text)
            self._known[version] = known
        return self._known[version]

    def _answering(self, examples: Sequence[str], language: Language) -> frozenset[str]:
        """The articles that most of the examples find first; none where they do not agree."""
        voices: Counter[str] = Counter()
        for text in examples[:: max(1, len(examples) // _EXAMPLES)][:_EXAMPLES]:
            passages = self._documents.search(text, 2 * _PLACES, language).passages
            articles = list(dict.fromkeys(one.passage.source_id for one in passages))
            voices.update({article: 1 / place for place, article in enumerate(articles[:_PLACES], start=1)})
        if not voices or max(voices.values()) < _AGREED * voices.total():
            return frozenset()
        return frozenset(one for one, heard in voices.items() if heard >= _BESIDE * max(voices.values()))


@asynccontextmanager
async def looking_ahead(each: Iterable[Precedents], version: str) -> AsyncIterator[None]:
    """As long as the block lasts, a thread looks up all intents of a version, so that no turn need do it."""
    stop = Event()
    looking = [asyncio.create_task(asyncio.to_thread(one.look_ahead, version, stop)) for one in each]
    try:
        yield
    finally:
        stop.set()
        await asyncio.gather(*looking, return_exceptions=True)
