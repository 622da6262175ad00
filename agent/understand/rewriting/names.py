"""Names in messages: those of the graph's things, those that the documents use, and what looks like one."""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

from agent.ports import EntityLinker
from agent.types import EntityMention
from agent.understand.content_words import UNSAID, impersonal
from agent.understand.pointing import EN_IT
from agent.understand.talk import Talk, types_of
from knowledge.text.folding import folded
from knowledge.text.han import HAN

_NAME = re.compile(r"(?<![.!?]\s)(?<!^)\b(?:[A-Z][\w&'-]*)(?:\s+(?:of|and|[A-Z0-9][\w&'-]*))*\b")


class KnownNames:
    """Finds what the graph and the documents have names for.

    linker: finds the graph's entities; terms: names of the documents, longest first.
    """

    def __init__(self, linker: EntityLinker, terms: Callable[[], Sequence[str]]) -> None:
        self.linker = linker
        self._terms = terms

    def link(self, text: str) -> Sequence[EntityMention]:
        """The graph's things in a text."""
        return self.linker.link(text)

    def types(self, names: Sequence[str]) -> frozenset[str]:
        """Types of the graph's things among names."""
        return types_of(self.linker, names)

    def written_in(self, text: str) -> list[str]:
        """Names of the graph and of the documents in a text, as they are written there."""
        linked = [text[slice(*mention.span)] for mention in self.link(text)]
        return list(dict.fromkeys([*linked, *self.documented(text)]))

    def documented(self, text: str) -> list[str]:
        """Names of the documents in a text, as they are written there, the most specific only."""
        lowered = text.lower()
        said = (term for term, low in _as_read(tuple(self._terms())) if low in lowered)
        known = [found.group() for term in said if (found := re.search(_bounded(term), text, re.IGNORECASE))]
        return [name for name in known if not any(len(name) < len(other) and name in other for other in known)]

    def own(self, question: str) -> tuple[str, str] | None:
        """The last thing of the graph that a question names, else a name of the documents: its name, and as written."""
        if mentions := self.link(question):
            return mentions[-1].name, question[slice(*mentions[-1].span)]
        return next(((name, name) for name in self.documented(question)), None)

    def like(self, topic: str, new: str) -> str:
        """What "the gold one" is beside "Silver Saver": the name that differs by that word alone, if there is one."""
        words, terms = topic.split(), {term.lower() for term in self._terms()}
        made = (" ".join([*words[:place], new, *words[place + 1 :]]) for place in range(len(words)))
        return next((name for name in made if name.lower() in terms), new)

    def recent(self, question: str, talk: Talk) -> list[str]:
        """Names said in the last question that has any, and what the graph answered to one that has none; else those of an
        answer that may be anybody's. Of things that a reply chose from, the chosen one is "it".
        """
        for n in range(len(talk)):
            if EN_IT.search(question) and (chosen := talk.chosen(n)):
                return [chosen]
            if names := self._names(talk.said(n)):
                return names
            if names := (list(talk.compared) if n == 0 else []) or talk.answered(n):
                return names
            if talk.ends(n):
                return []
        # What an answer writes with a capital may begin a line of a list.
        return next((names for names in map(talk.told, range(len(talk))) if names), [])

    def _names(self, text: str) -> list[str]:
        return self.written_in(text) or guessed(text)


def guessed(text: str) -> list[str]:
    """What is written with a capital within a sentence."""
    return [
        m.group() for m in _NAME.finditer(impersonal(text)) if m.group().lower() not in UNSAID and len(m.group()) > 1
    ]


@lru_cache(maxsize=8)
def _as_read(terms: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Names as messages are read, and in lower case."""
    return tuple((term, term.lower()) for term in map(folded, terms))


def _bounded(term: str) -> str:
    """A regular expression for a term: no part of a longer word, but between Chinese characters, which know no gaps."""
    edge = r"[^\W\u3400-\u9fff]"
    before = rf"(?<!{edge})" if not HAN.match(term[0]) else ""
    after = rf"(?!{edge})" if not HAN.match(term[-1]) else ""
    return f"{before}{re.escape(term)}{after}"
