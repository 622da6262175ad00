"""The blocks of a section's text: paragraphs, tables, and lists with what introduces them, to be cut between, not within."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

ITEM = re.compile(
    r"(?P<indent>\s*)(?:(?:[-*+•·–]|\(?\d{1,3}[.)、）]|[（(][一二三四五六七八九十\d]{1,3}[)）]|[a-zA-Z][.)]|Step\s+\d{1,3}[.:)])\s+"
    # Chinese leaves no space after these
    r"|(?:\d{1,3}[、）．]|[（(][一二三四五六七八九十\d]{1,3}[)）]|[一二三四五六七八九十]{1,3}、|第[一二三四五六七八九十\d]{1,3}步[:：，,、]?|[•·])"
    r"(?!\d)\s*)",
    re.IGNORECASE,
)
"""How an item of a list begins, its mark and the space after it included."""

_RULE_ROW = re.compile(r"[\s|:-]+")
_INTRODUCES = re.compile(r"[:：][*_\s]*$")
_LONGEST_LEAD = 300  # characters that are worth repeating


class BlockKind(StrEnum):
    """What a block is."""

    TEXT = "text"
    LIST = "list"
    TABLE = "table"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Lines start to end, end exclusive.

    head: lines at its start that give sense to all others: what introduces a list, the header of a table.
    """

    kind: BlockKind
    start: int
    end: int
    head: int = 0

    def units(self, lines: Sequence[str]) -> Iterator[tuple[int, int]]:
        """Ranges of lines that may be parted from each other: items of a list with all under them, rows of a table."""
        body = range(self.start + self.head, self.end)
        first = indent(lines[body.start]) if body else 0
        begins = [
            at
            for at in body
            if at == body.start
            or self.kind is BlockKind.TABLE
            or (ITEM.match(lines[at]) and indent(lines[at]) <= first)
        ]
        yield from zip(begins, [*begins[1:], self.end], strict=True)


def blocks(lines: Sequence[str]) -> Iterator[Block]:
    """The blocks of a text, none missing and none twice; blank lines belong to what stands before them."""
    at = 0
    while at < len(lines):
        kind, head, end = _block_at(lines, at)
        while end < len(lines) and not lines[end].strip():
            end += 1
        yield Block(kind=kind, start=at, end=end, head=head)
        at = end


def indent(line: str) -> int:
    """Columns before the first character."""
    return len(line.expandtabs(4)) - len(line.expandtabs(4).lstrip())


def _block_at(lines: Sequence[str], at: int) -> tuple[BlockKind, int, int]:
    """Kind of the block that begins in a line, number of lines of its head, and where it ends."""
    if _is_table(lines, at):
        return BlockKind.TABLE, 2, _ends(lines, at, lambda line: line.lstrip().startswith("|"))
    if ITEM.match(lines[at]):
        return BlockKind.LIST, 0, _list_end(lines, at)
    end = at + 1
    while end < len(lines) and lines[end].strip() and not ITEM.match(lines[end]) and not _is_table(lines, end):
        end += 1
    return _introduced(lines, at, end)


def _introduced(lines: Sequence[str], at: int, end: int) -> tuple[BlockKind, int, int]:
    """A paragraph; where it introduces a list, its last line goes to that."""
    if not _INTRODUCES.search(lines[end - 1]) or len(lines[end - 1]) > _LONGEST_LEAD:
        return BlockKind.TEXT, 0, end
    if end - 1 > at:
        return BlockKind.TEXT, 0, end - 1
    first = next((number for number in range(end, len(lines)) if lines[number].strip()), len(lines))
    if first < len(lines) and ITEM.match(lines[first]):
        return BlockKind.LIST, first - at, _list_end(lines, first)
    return BlockKind.TEXT, 0, end


def _is_table(lines: Sequence[str], at: int) -> bool:
    rule = lines[at + 1] if at + 1 < len(lines) else ""
    return lines[at].lstrip().startswith("|") and "-" in rule and bool(_RULE_ROW.fullmatch(rule))


def _list_end(lines: Sequence[str], at: int) -> int:
    """Where a list ends: at a line after a blank one that is neither an item nor stands under one."""
    end, blank = at + 1, False
    while end < len(lines):
        line = lines[end]
        if not line.strip():
            blank = True
        elif ITEM.match(line) or line[0].isspace() or not blank:
            blank = False
        else:
            break
        end += 1
    return end


def _ends(lines: Sequence[str], at: int, goes_on: Callable[[str], bool]) -> int:
    end = at
    while end < len(lines) and goes_on(lines[end]):
        end += 1
    return end
