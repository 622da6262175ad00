"""Keeps Markdown's marks whole where a text is cut: half a pair of `**` is noise, and a link without its address is none."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

_Range = tuple[int, int]

_BLOCK = re.compile(r"\n\s*\n|\n(?=\s*(?:[-*+•>#|]|\d{1,3}[.)、]))|(?<!\\)\|")
"""Where a pair ends at the latest: paragraphs, list items and cells are marked up each for itself."""
_MARK = re.compile(r"\\.|`+|\*+|_+|~~|!?\[|\]\([^()\s]*\)", re.DOTALL)
_LOUD = frozenset({"**", "__", "~~"})
"""Marks that mean nothing by themselves; a single `*` or `_` may be a footnote's."""


@dataclass(frozen=True, slots=True)
class Marks:
    """pairs: opening and closing mark of each emphasis, code or link, as ranges of the text; strays: marks without another."""

    pairs: tuple[tuple[_Range, _Range], ...]
    strays: tuple[_Range, ...]


def cut(text: str, start: int, end: int) -> str:
    """text[start:end] without the marks whose other half lies outside, and without strays."""
    return "".join(pieces(text, [(start, end)]))


def pieces(text: str, kept: Sequence[_Range]) -> list[str]:
    """These ranges of a text, each without the marks whose other half is in none of them, and without strays."""
    found = marks(text)
    gone = list(found.strays)
    for pair in found.pairs:
        if not all(any(start <= mark[0] and mark[1] <= end for start, end in kept) for mark in pair):
            gone += pair
    return [_without_strays(_without(text, start, end, sorted(gone))) for start, end in kept]


def _without(text: str, start: int, end: int, gone: Sequence[_Range]) -> str:
    """text[start:end] without some ranges, in order."""
    rest, at = "", start
    for first, last in gone:
        if first < end and last > at:
            rest += text[at : max(at, first)]
            at = min(last, end)
    return rest + text[at:end]


def _without_strays(text: str) -> str:
    """What stood in code that was cut may look like a mark."""
    while strays := marks(text).strays:
        text = _without(text, 0, len(text), sorted(strays))
    return text


@lru_cache(maxsize=1024)
def marks(text: str) -> Marks:
    """The marks of a text, paired as CommonMark pairs them, but for its rules on punctuation, which fail Chinese."""
    found = _Reading(text)
    at = 0
    for edge in _BLOCK.finditer(text):
        found.read(at, edge.start())
        at = edge.end()
    found.read(at, len(text))
    return Marks(tuple(found.pairs), tuple(found.strays))


@dataclass(slots=True)
class _Reading:
    """Reads one block after the other. open: marks that wait for their other half, the latest last."""

    text: str
    pairs: list[tuple[_Range, _Range]] = field(default_factory=list)
    strays: list[_Range] = field(default_factory=list)
    open: list[_Range] = field(default_factory=list)

    def read(self, start: int, end: int) -> None:
        """Pairs the marks of text[start:end]."""
        at = start
        while mark := _MARK.search(self.text, at, end):
            at = mark.end()
            said = mark.group()
            if said[0] == "`":
                at = self._code(mark.start(), mark.end(), end)
            elif said.endswith("["):
                self.open.append(mark.span())
            elif said[0] == "]":
                self._link(mark.span())
            elif said[0] != "\\":
                self._emphasis(mark.start(), mark.end(), start, end)
        while self.open:
            self._stray(self.open.pop())

    def _code(self, start: int, after: int, end: int) -> int:
        """Where to go on: behind the code, if it ends. What stands in code is no mark."""
        fence = self.text[start:after]
        close = re.compile(rf"(?<!`){fence}(?!`)").search(self.text, after, end)
        if close is None:
            return after
        self.pairs.append(((start, after), close.span()))
        return close.end()

    def _link(self, close: _Range) -> None:
        """A link's text and address are a pair; what was opened within its text and not closed is stray."""
        places = [place for place, (start, end) in enumerate(self.open) if self.text[start:end].endswith("[")]
        if not places:
            self.strays.append(close)
            return
        for left in self.open[places[-1] + 1 :]:
            self._stray(left)
        self.pairs.append((self.open[places[-1]], close))
        del self.open[places[-1] :]

    def _emphasis(self, start: int, after: int, first: int, last: int) -> None:
        """A run of `*`, `_` or `~`: closes what it can, and opens the rest."""
        sign = self.text[start]
        before = self.text[start - 1] if start > first else " "
        behind = self.text[after] if after < last else " "
        if sign == "_" and before.isalnum() and behind.isalnum():
            return  # a name in code: user_id
        if not before.isspace():
            start = self._close(start, after)
        if behind.isspace():
            self._stray((start, min(start + 2, after)))
            return
        while start < after:
            width = 2 if after - start > 1 else 1
            self.open.append((start, start + width))
            start += width

    def _close(self, start: int, after: int) -> int:
        """Closes open marks of the same sign with what is left of the run; where the rest of it begins."""
        while start < after:
            place = next((p for p in reversed(range(len(self.open))) if self._fits(self.open[p], start, after)), None)
            if place is None:
                break
            for left in self.open[place + 1 :]:
                self._stray(left)
            width = self.open[place][1] - self.open[place][0]
            self.pairs.append((self.open[place], (start, start + width)))
            del self.open[place:]
            start += width
        return start

    def _fits(self, opened: _Range, start: int, after: int) -> bool:
        width = opened[1] - opened[0]
        return width <= after - start and self.text[slice(*opened)] == self.text[start : start + width]

    def _stray(self, mark: _Range) -> None:
        """Notes a mark that nothing closes; "[1]" and a footnote's star are as they should be."""
        if self.text[slice(*mark)] in _LOUD:
            self.strays.append(mark)
