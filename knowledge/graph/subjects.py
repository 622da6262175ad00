"""Tells which product an article is about: the name in its title that its text writes like a name."""

import re
from collections.abc import Sequence

from knowledge.text.han import HAN
from knowledge.types import Passage

_NEXT = re.compile(r" ([A-Z][\w&+'-]*)")
_PROPER = 0.9
"""Share of a name's occurrences that are written with capitals; less, and it is an expression like any other."""
_LEAST = 2


class Subjects:
    """The names of a body of documents, as far as they are names of things.

    terms: names that the documents are organised by ("cobalt blue"), as words.
    """

    def __init__(self, terms: Sequence[str], passages: Sequence[Passage]) -> None:
        self._text = "\n".join(passage.text for passage in passages)
        self._lowered = self._text.lower()
        self._terms = [term for term in terms if len(term.split()) > 1 or HAN.search(term)]
        self._patterns = {term: re.compile(rf"(?<!\w){re.escape(term)}(?!\w)", re.IGNORECASE) for term in self._terms}
        self._proper: dict[str, bool] = {}
        self._by_title: dict[str, str] = {}

    def of(self, passage: Passage) -> str:
        """The name that a passage is about, as its title writes it; "" where the title names nothing."""
        if passage.title not in self._by_title:
            self._by_title[passage.title] = self._in(passage.title)
        return self._by_title[passage.title]

    def _in(self, title: str) -> str:
        """The first name in a title, the longest that begins there, with what the texts always put behind it."""
        found: list[tuple[int, int, str]] = []
        for term, pattern in self._patterns.items():
            if (match := pattern.search(title)) and self._is_proper(match.group()):
                found.append((match.start(), -len(term), match.group()))
        if not found:
            return ""
        start, length, name = min(found)
        while following := _NEXT.match(title, start - length):
            longer = f"{name} {following[1]}"
            if self._text.count(longer) < _LEAST:
                break
            name, length = longer, -len(longer)
        return name

    def _is_proper(self, name: str) -> bool:
        if name not in self._proper:
            written, all_ = self._text.count(name), self._lowered.count(name.lower())
            self._proper[name] = bool(HAN.search(name)) or (all_ >= _LEAST and written >= _PROPER * all_)
        return self._proper[name]
