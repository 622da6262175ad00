"""The lines of text on a page of a PDF: characters put together by where they stand, whatever order the file has them in."""

import re
import statistics
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

_SAME_LINE = 0.5
"""Lines are apart by more than this share of the character size."""
_SPACE = 0.2
"""A gap this share of the size is a space between Latin words where the file has none."""
_GUTTER = 1.2
"""A gap this many sizes wide parts two columns or cells."""
_BOLD = re.compile(r"bold|black|heavy|semibold|demi|[-,]bd|simhei", re.IGNORECASE)
_WIDE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f]")
_UNREAD = re.compile(r"\(cid:\d+\)")
"""A glyph that the font gives no character for; before a line it is a bullet."""
_MARKER = re.compile(r"(?:[•◦▪▫●○■□◆–—·‣∙\uf0b7\uf0a7-]|\(cid:\d+\)|\(?\d{1,2}[.)]|[a-z][.)])\s*$")


class Char(NamedTuple):
    """A character where it stands, in points from the page's left and upper edge."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    size: float
    font: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Text between gaps on one height of a page; points from its left and upper edge. table: it is a table in Markdown."""

    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: float
    bold: bool
    table: bool = False


def lines_of(chars: Iterable[Char]) -> list[Line]:
    """Lines in the order of their height, then from the left."""
    rows: list[list[Char]] = []
    for char in sorted(chars, key=_middle):
        near = rows and abs(_middle(char) - _middle(rows[-1][-1])) < _SAME_LINE * min(char.size, rows[-1][-1].size)
        if near:
            rows[-1].append(char)
        else:
            rows.append([char])
    return [line for row in rows for part in _parts(row) if (line := _line(part))]


def is_wide(character: str) -> bool:
    """Whether a character is Chinese, which is written without spaces."""
    return bool(_WIDE.match(character))


def _middle(char: Char) -> float:
    return (char.top + char.bottom) / 2


def _parts(row: Sequence[Char]) -> Iterator[list[Char]]:
    part: list[Char] = []
    for char in sorted(row, key=lambda char: char.x0):
        apart = part and char.x0 - max(part[-1].x1, part[-1].x0) > _GUTTER * char.size
        if apart and not (len(part) < 5 and _MARKER.match("".join(member.text for member in part))):
            yield part
            part = []
        # A letter printed twice, a hair apart, is a bold one.
        if part and char.text == part[-1].text and char.x0 - part[-1].x0 < 0.15 * char.size:
            continue
        if part or char.text.strip():
            part.append(char)
    if part:
        yield part


def _line(chars: Sequence[Char]) -> Line | None:
    text = ""
    right = chars[0].x0
    for char in chars:
        gap = char.x0 - right > _SPACE * char.size
        if gap and text and not text.endswith(" ") and not (is_wide(text[-1]) or is_wide(char.text)):
            text += " "
        text += char.text
        right = char.x1
    if _UNREAD.match(text) and len(chars) > 1:
        text = _UNREAD.sub("• ", text, count=1)
    text = " ".join(_UNREAD.sub("", text).split())
    if not text:
        return None
    shown = [char for char in chars if char.text.strip()]
    return Line(
        text=text,
        left=shown[0].x0,
        right=shown[-1].x1,
        top=min(char.top for char in shown),
        bottom=max(char.bottom for char in shown),
        size=round(statistics.median(char.size for char in shown) * 2) / 2,
        bold=sum(bool(_BOLD.search(char.font)) for char in shown) > len(shown) / 2,
    )
