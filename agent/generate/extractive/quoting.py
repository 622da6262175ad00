"""Words a quoted span so that it makes sense by itself."""

import re

from agent.generate.extractive.candidates import Candidate
from knowledge.cutting.spans import SpanKind, plain
from knowledge.text.markup import cut
from knowledge.text.words import words

_SIGNS = re.compile(r"^(?:[-*•+]\s+)+")
_EDGE = re.compile(r"(?<!\\)\|")
_SHORT = 60  # characters; a list item below it is said with what stands above it


def quoted_line(candidate: Candidate) -> str:
    """The span as it is said: a table row with its header, a short item with the lead or heading that gives it sense."""
    span = candidate.span
    if span.kind is SpanKind.ROW:
        return _row(span.lead, span.text.strip())
    text = quoted_words(candidate)
    text = _SIGNS.sub("", text) if span.kind is SpanKind.ITEM else text
    above = (span.lead or span.heading).rstrip(":： ")
    if span.kind is not SpanKind.ITEM or len(text) >= _SHORT or not above or len(above) > _SHORT:
        return text
    if set(words(above)) <= set(words(text)):
        return text
    if above.endswith(("?", "？")):
        return f"{plain(above)} {text}"
    separator = "：" if any("\u4e00" <= character <= "\u9fff" for character in text) else ": "
    return f"{plain(above)}{separator}{text}"


def quoted_words(candidate: Candidate) -> str:
    """The span as it stands in its passage, without marks whose other half was not quoted with it."""
    span = candidate.span
    return cut(candidate.passage.text, span.start, span.end).strip()


def _row(header: str, row: str) -> str:
    """`| Plan | Fee |` and `| Gold | $5 |` become "Plan: Gold, Fee: $5"."""
    names = [plain(cell) for cell in _cells(header)]
    cells = _cells(row)
    if len(names) != len(cells) or not any(names):
        return ", ".join(cell for cell in cells if cell)
    return ", ".join(f"{name}: {cell}" if name else cell for name, cell in zip(names, cells, strict=True) if cell)


def _cells(row: str) -> list[str]:
    """The cells of a table row, each with its marks whole; `\\|` is no edge."""
    inner = re.sub(r"^\s*\||(?<!\\)\|\s*$", "", row)
    return [cut(cell, 0, len(cell)).replace(r"\|", "|").strip() for cell in _EDGE.split(inner)]
