"""Which numbered list a line stands in, under which of its items, and how deep."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.cutting.blocks import ITEM, indent
from knowledge.text.number_words import CHINESE_CHARACTERS, chinese_number

_NUMBER = re.compile(rf"(?:Step\s+)?[\s(（第]*(\d{{1,3}}|[{CHINESE_CHARACTERS}]{{1,3}})[.)、）．步:：]", re.IGNORECASE)
_HEADING = re.compile(r"\s{0,3}#{1,6}\s")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """listing: number of the list within the text; ordinal: number of the item, the outermost of several.

    depth: 0 for what an item itself says, 1 for what is listed under it. All 0 outside numbered lists.
    """

    listing: int = 0
    ordinal: int = 0
    depth: int = 0


NOWHERE = Place()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Item:
    column: int
    written: int
    ordinal: int

    def is_followed_by(self, number: int) -> bool:
        """Markdown allows for a 1 before every item."""
        return number == self.written + 1 or number == self.written == 1


def places(lines: Sequence[str]) -> list[Place]:
    """Place of each line. What stands between an item and the next one belongs to it, indented or not."""
    found: list[Place] = []
    listing, item = 0, None
    for at, line in enumerate(lines):
        number, column = number_of(line), indent(line)
        if number and (item is None or column <= item.column):
            goes_on = item is not None and item.is_followed_by(number)
            listing += not goes_on
            item = _Item(column=column, written=number, ordinal=item.ordinal + 1 if item and goes_on else number)
            found.append(Place(listing=listing, ordinal=item.ordinal))
        elif item is not None and (column > item.column or _goes_on(lines, at, item)) and not _HEADING.match(line):
            found.append(Place(listing=listing, ordinal=item.ordinal, depth=int(bool(ITEM.match(line)))))
        else:
            item = None
            found.append(NOWHERE)
    return found


def number_of(line: str) -> int:
    """The number that an item of a list begins with, 0 where there is none."""
    mark = ITEM.match(line)
    found = _NUMBER.match(mark.group()) if mark else None
    if not found:
        return 0
    return int(found[1]) if found[1].isascii() else chinese_number(found[1])


def _goes_on(lines: Sequence[str], at: int, item: _Item) -> bool:
    """Whether the next item of the same list comes after this line, before any heading or other list."""
    for line in lines[at + 1 :]:
        if _HEADING.match(line):
            return False
        if (number := number_of(line)) and indent(line) <= item.column:
            return item.is_followed_by(number)
    return False
