"""Cuts documents into passages along their headings; lists and tables are cut only where one alone is too long."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from knowledge.types import Document, Passage

CHUNKING = "headings-3"
"""Names the rules below; a change of name re-cuts every document at its next ingest."""

_HEADING = re.compile(r"^\s{0,3}(#{1,6})\s+(.*?)\s*#*\s*$")
_FENCE = re.compile(r"^\s*(```|~~~)")
_TARGET = {"en": 1500, "zh": 500}
_LIMIT = {"en": 1800, "zh": 700}
_SEPARATORS = ["\n\n", "\n", "。", "！", "？", ". ", "! ", "? ", "；", "; ", "，", ", ", " ", ""]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Section:
    """The text under one heading, all headings above it, its own last, and the line of the content it begins in."""

    path: tuple[str, ...]
    text: str
    line: int


def split(document: Document, collection: str = "default") -> list[Passage]:
    """Passages of a document in reading order.

    A short document is one passage with its headings inside; a long one is cut at its headings, small neighbouring
    sections together, and a section too long for one passage is cut between paragraphs, lines, then sentences.
    """
    language = document.language or "en"
    target, limit = _TARGET.get(language, 1500), _LIMIT.get(language, 1800)
    prefix = "" if collection == "default" else f"{collection}/"
    pieces = [piece for piece in _pieces(document.content, target, limit) if re.search(r"\w", piece.text)]
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


def _pieces(content: str, target: int, limit: int) -> Iterator[_Section]:
    """Sections, small neighbours joined up to `target` characters, large ones cut at `limit`."""
    group: list[_Section] = []
    for section in _sections(content):
        if len(section.text) > limit:
            yield from _joined(group)
            group = []
            for text, line in _placed(_cut(section.text, target), section):
                yield _Section(path=section.path, text=text, line=line)
            continue
        if group and sum(len(member.text) for member in group) + len(section.text) > target:
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
    lines: list[str] = []
    fenced, first = False, 0
    for number, line in enumerate(content.split("\n")):
        fenced ^= bool(_FENCE.match(line))
        heading = None if fenced else _HEADING.match(line)
        if not heading:
            first = first if any(lines) else number
            lines.append(line)
            continue
        if text := "\n".join(lines).strip():
            yield _Section(path=tuple(name for _, name in path), text=text, line=first)
        lines = []
        path = [(depth, name) for depth, name in path if depth < len(heading[1])]
        if heading[2]:
            path.append((len(heading[1]), heading[2]))
    if text := "\n".join(lines).strip():
        yield _Section(path=tuple(name for _, name in path), text=text, line=first)


def _placed(pieces: Sequence[str], section: _Section) -> Iterator[tuple[str, int]]:
    """The pieces of a section, each with the line that it begins in; of a table's piece the header may be repeated."""
    at, line = 0, section.line
    for piece in pieces:
        body = piece if section.text.find(piece, at) >= 0 else piece.split("\n", 2)[-1]
        start = max(section.text.find(body, at), at)
        yield piece, line + section.text.count("\n", at, start)
        line += section.text.count("\n", at, start + len(body))
        at = start + len(body)


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


def _cut(text: str, target: int) -> list[str]:
    """`text` in pieces of about `target` characters, a table's header repeated on each of its pieces."""
    lines = text.split("\n")
    if len(lines) > 2 and lines[0].lstrip().startswith("|") and re.fullmatch(r"[\s|:-]+", lines[1]):
        header = "\n".join(lines[:2])
        return [f"{header}\n{piece}" for piece in _recursive("\n".join(lines[2:]), target)]
    return _recursive(text, target)


def _recursive(text: str, target: int) -> list[str]:
    # Imported here: it brings all of langchain's core, which a server that cuts nothing need not load.
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(
        separators=_SEPARATORS, keep_separator="end", chunk_size=target, chunk_overlap=0, strip_whitespace=True
    )
    return splitter.split_text(text)
