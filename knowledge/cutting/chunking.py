"""Cuts documents into passages along their headings; lists and tables are cut only where one alone is too long."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from knowledge.cutting.blocks import Block, BlockKind, blocks
from knowledge.types import Document, Passage

CHUNKING = "headings-4"
"""Names the rules below; a change of name re-cuts every document at its next ingest."""

_HEADING = re.compile(r"^\s{0,3}(#{1,6})\s+(.*?)\s*#*\s*$")
_FENCE = re.compile(r"^\s*(```|~~~)")
_MARKED = re.compile(r"^[^\S\n]*(?:#|```|~~~)[^\n]*", re.MULTILINE)
_SEPARATORS = ["\n\n", "\n", "。", "！", "？", ". ", "! ", "? ", "；", "; ", "，", ", ", " ", ""]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sizes:
    """Characters of a passage that we aim at, above which a section is cut, and up to which a list stays whole."""

    target: int
    limit: int
    whole: int


_SIZES = {"en": _Sizes(target=1500, limit=1800, whole=4000), "zh": _Sizes(target=500, limit=700, whole=1600)}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Section:
    """The text under one heading, all headings above it, its own last, and the line of the content it begins in."""

    path: tuple[str, ...]
    text: str
    line: int


def split(document: Document, collection: str = "default") -> list[Passage]:
    """Passages of a document in reading order.

    A short document is one passage with its headings inside; a long one is cut at its headings, small neighbouring
    sections together, and a section too long for one passage is cut between paragraphs, lines, then sentences. A list
    stays whole up to a length of its own; a longer one is cut between its items, its introduction repeated.
    """
    language = document.language or "en"
    prefix = "" if collection == "default" else f"{collection}/"
    pieces = [
        piece for piece in _pieces(document.content, _SIZES.get(language, _SIZES["en"])) if re.search(r"\w", piece.text)
    ]
    pages = _Pages(document)
    return [
        Passage(
            id=f"{prefix}{document.source_id}#{position}",
            source_id=document.source_id,
            title=document.title,
            section=piece.path,
            text=piece.text,
            position=position,
            language=language,
            url=document.url,
            collection=collection,
            page=pages.of(piece.line),
            row=document.row,
            audience=document.audience,
            valid_from=document.valid_from,
            valid_until=document.valid_until,
        )
        for position, piece in enumerate(pieces)
    ]


def _pieces(content: str, sizes: _Sizes) -> Iterator[_Section]:
    """Sections, small neighbours joined up to `target` characters, large ones cut at `limit`."""
    group: list[_Section] = []
    for section in _sections(content):
        if len(section.text) > sizes.limit:
            yield from _joined(group)
            group = []
            for text, line in _cut(section.text, sizes):
                yield _Section(path=section.path, text=text.strip(), line=section.line + line)
            continue
        if group and sum(len(member.text) for member in group) + len(section.text) > sizes.target:
            yield from _joined(group)
            group = []
        group.append(section)
    yield from _joined(group)


def _joined(group: list[_Section]) -> Iterator[_Section]:
    """One section of several: headings that all share go to the path, the others stay in the text."""
    if not group:
        return
    shared = 0
    while all(len(member.path) > shared for member in group) and len({member.path[shared] for member in group}) == 1:
        shared += 1
    above = group[0].path[:shared]
    parts = []
    for member in group:
        headings = [
            f"{'#' * min(depth + 2, 6)} {name}"
            for depth, name in enumerate(member.path)
            if depth >= shared and (depth >= len(above) or above[depth] != name)
        ]
        parts.append("\n".join([*headings, member.text]))
        above = member.path
    yield _Section(path=group[0].path[:shared], text="\n\n".join(parts), line=group[0].line)


def _sections(content: str) -> Iterator[_Section]:
    path: list[tuple[int, str]] = []
    fenced = False
    line = start = counted = 0  # line: of the content's place `counted`
    for marked in _MARKED.finditer(content):
        fenced ^= bool(_FENCE.match(marked.group()))
        heading = None if fenced else _HEADING.match(marked.group())
        if not heading:
            continue
        line, counted = line + content.count("\n", counted, start), start
        yield from _section(path, content[start : marked.start()], line)
        start = marked.end() + 1
        path = [(depth, name) for depth, name in path if depth < len(heading[1])]
        if heading[2]:
            path.append((len(heading[1]), heading[2]))
    yield from _section(path, content[start:], line + content.count("\n", counted, start))


def _section(path: Sequence[tuple[int, str]], text: str, line: int) -> Iterator[_Section]:
    """What stands below the headings of a path, from a line of the content on, if there is anything."""
    if said := text.strip():
        begun = text.lstrip("\n")
        yield _Section(path=tuple(name for _, name in path), text=said, line=line + len(text) - len(begun))


class _Pages:
    """Which page a line of a document stands on."""

    def __init__(self, document: Document) -> None:
        self._numbers = [number for _, number in document.pages]
        offsets = [0, *(offset for offset, _ in document.pages)]
        breaks = (document.content.count("\n", before, offset) for before, offset in pairwise(offsets))
        self._lines = list(accumulate(breaks))

    def of(self, line: int) -> int | None:
        """Number of the page, None in a document without pages."""
        place = bisect_right(self._lines, line) - 1
        return self._numbers[max(place, 0)] if self._numbers else None


def _cut(text: str, sizes: _Sizes) -> Iterator[tuple[str, int]]:
    """`text` in pieces of about `target` characters, each with the line that it begins in; what may not be parted stays."""
    lines = text.split("\n")
    start = end = 0
    for block in blocks(lines):
        if _length(lines, block.start, block.end) > (sizes.whole if block.kind is BlockKind.LIST else sizes.target):
            yield from _piece(lines, start, end)
            yield from _parted(lines, block, sizes)
            start = block.end
        elif _length(lines, start, block.end) > sizes.target:
            yield from _piece(lines, start, end)
            start = block.start
        end = block.end
    yield from _piece(lines, start, end)


def _parted(lines: Sequence[str], block: Block, sizes: _Sizes) -> Iterator[tuple[str, int]]:
    """A long block between its items or rows, what gives them sense repeated; a text by its paragraphs and sentences."""
    head = "\n".join(lines[block.start : block.start + block.head]).strip()
    room = max(sizes.target - len(head), sizes.target // 2)
    start = end = block.start + block.head
    units = block.units(lines) if block.kind is not BlockKind.TEXT else iter([(block.start, block.end)])
    for first, after in units:
        if _length(lines, start, after) > room and end > start:
            yield from _piece(lines, start, end, head)
            start = first
        end = after
        if _length(lines, start, end) > (room if block.kind is BlockKind.TEXT else sizes.whole):
            for text, line in _recursive("\n".join(lines[start:end]), room):
                yield f"{head}\n{text}".strip(), start + line
            start = end
    yield from _piece(lines, start, end, head)


def _piece(lines: Sequence[str], start: int, end: int, head: str = "") -> Iterator[tuple[str, int]]:
    if text := "\n".join(lines[start:end]).strip("\n"):
        yield (f"{head}\n{text}" if head else text), start


def _length(lines: Sequence[str], start: int, end: int) -> int:
    """Characters of a range of lines."""
    return sum(len(line) + 1 for line in lines[start:end])


def _recursive(text: str, target: int) -> Iterator[tuple[str, int]]:
    # Imported here: it brings all of langchain's core, which a server that cuts nothing need not load.
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(
        separators=_SEPARATORS, keep_separator="end", chunk_size=target, chunk_overlap=0, strip_whitespace=True
    )
    at = 0
    for piece in splitter.split_text(text):
        at = max(text.find(piece, at), at)
        yield piece, text.count("\n", 0, at)
        at += len(piece)
