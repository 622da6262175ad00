"""Markdown in pieces that each stand alone: cut between blocks, and within one only where nothing breaks.

A `markdown` block, and all of them in one message together, hold 12,000 characters. Code goes on in a fence of its own, a
table under its own heading, a list between two items, a paragraph between two sentences or words: never within a link, code
or an emphasis where there is another place, and never within one sign.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markdown_it.tree import SyntaxTreeNode

from connectors.slack.rendering.clipping import boundary
from connectors.slack.rendering.parsing import parsed, visible

LIMIT = 12_000
"""Characters of Markdown in one message."""

_PLACES = re.compile(r"\n|(?<=[.!?])\s|(?<=[。！？；])|\s|(?<=[，、：])")
_TRIED = 40  # places in a paragraph that are tried; in one without any of them it is cut between two signs
_FENCE = re.compile(r"(?P<indent> {0,3})(?P<marks>`{3,}|~{3,})(?P<info>.*)")


def split(text: str, limit: int = LIMIT) -> list[str]:
    """The pieces, in order; none longer than `limit` (100 or more), none empty. [] for a text without content."""
    pieces: list[str] = []
    for part in _parts(text, limit):
        if pieces and len(pieces[-1]) + len(part.between) + len(part.text) <= limit:
            pieces[-1] += part.between + part.text
        else:
            pieces.append(part.text)
    return pieces


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """What stays together. between: what joins it to what comes before, where that stands in the same piece."""

    text: str
    between: str = "\n\n"


def _parts(text: str, limit: int) -> Iterator[_Part]:
    if len(text) <= limit:
        if text.strip():
            yield _Part(text=text)
        return
    lines = text.split("\n")
    nodes = [node for node in parsed(text).children if node.map]
    starts = [0, *(node.map[0] for node in nodes[1:] if node.map), len(lines)]
    for node, start, end in zip(nodes, starts, starts[1:], strict=False):
        block = "\n".join(lines[start:end]).strip("\n")  # with what no block holds, such as the addresses of links
        if len(block) <= limit:
            yield _Part(text=block)
        else:
            yield from _within(node, block, limit)
    if not nodes:
        yield from _cut(text, limit)


def _within(node: SyntaxTreeNode, block: str, limit: int) -> Iterator[_Part]:
    match node.type:
        case "fence" if _FENCE.match(block):
            return _code(block, limit)
        case "table":
            return _rows(block, limit)
        case "bullet_list" | "ordered_list":
            return _items(node, block, limit)
        case _:
            return _cut(block, limit)


def _code(block: str, limit: int) -> Iterator[_Part]:
    first, *lines = block.split("\n")
    fence = _FENCE.match(first)
    marks = fence["indent"] + fence["marks"] if fence else "```"
    end = next((n for n, line in enumerate(lines) if line.strip() == marks.strip()), len(lines))
    room = limit - len(first) - len(marks) - 2
    if room < limit // 2:  # a first line that leaves no room can't be repeated
        yield from _cut(block, limit)
        return
    for held in _gathered(lines[:end], room, "\n"):
        yield _Part(text=f"{first}\n{held}\n{marks}")
    if after := "\n".join(lines[end + 1 :]).strip("\n"):
        yield from _parts(after, limit)


def _rows(block: str, limit: int) -> Iterator[_Part]:
    head, line, *rows = block.split("\n")
    room = limit - len(head) - len(line) - 2
    if room < limit // 2:
        yield from _cut(block, limit)
        return
    for held in _gathered(rows, room, "\n"):
        yield _Part(text=f"{head}\n{line}\n{held}")


def _items(node: SyntaxTreeNode, block: str, limit: int) -> Iterator[_Part]:
    first = node.map[0] if node.map else 0
    starts = [item.map[0] - first for item in node.children if item.map]
    lines = block.split("\n")
    for n, (start, end) in enumerate(zip(starts, [*starts[1:], len(lines)], strict=True)):
        item = "\n".join(lines[start:end]).strip("\n")
        parts = [_Part(text=item)] if len(item) <= limit else list(_cut(item, limit))
        yield from (_Part(text=part.text, between="\n" if n else "\n\n") for part in parts)


def _gathered(lines: Sequence[str], room: int, between: str) -> Iterator[str]:
    """As many lines at once as there is room for; a line that is longer than that is cut between two signs."""
    held: list[str] = []
    size = 0
    for line in lines:
        rest = line
        while len(rest) > room:
            if held:
                yield between.join(held)
                held, size = [], 0
            at = boundary(rest, room)
            yield rest[:at]
            rest = rest[at:]
        if held and size + len(rest) + len(between) > room:
            yield between.join(held)
            held, size = [], 0
        held.append(rest)
        size += len(rest) + len(between)
    if held:
        yield between.join(held)


def _cut(text: str, limit: int) -> Iterator[_Part]:
    """A paragraph, cut where a reader sees no difference."""
    rest = text
    while len(rest) > limit:
        at = _place(rest, limit)
        if head := rest[:at].rstrip():
            yield _Part(text=head)
        rest = rest[at:].lstrip("\n ") if rest[:at].strip() else rest[at:]
    if rest.strip():
        yield _Part(text=rest)


def _place(text: str, limit: int) -> int:
    """The last place that breaks nothing; the last word's end where there is none, else the last sign's."""
    places = [found.end() for found in _PLACES.finditer(text, limit // 2, limit)]
    around = text[: 2 * limit]
    whole = visible(around)
    for at in reversed(places[-_TRIED:]):
        if visible(around[:at]) + visible(around[at:]) == whole:
            return at
    return places[-1] if places else boundary(text, limit)
