"""Words a quoted span so that it makes sense by itself."""

from agent.generate.extractive.candidates import Candidate
from knowledge.spans import SpanKind, plain
from knowledge.words import words

_SHORT = 60  # characters; a list item below it is said with what stands above it


def quoted_line(candidate: Candidate) -> str:
    """The span as it is said: a table row with its header, a short item with the lead or heading that gives it sense."""
    span = candidate.span
    text = span.text.strip()
    if span.kind is SpanKind.ROW:
        return _row(span.lead, text)
    text = text.lstrip("-*•+ ").strip() if span.kind is SpanKind.ITEM and not text.startswith("**") else text
    above = (span.lead or span.heading).rstrip(":： ")
    if span.kind is not SpanKind.ITEM or len(text) >= _SHORT or not above or len(above) > _SHORT:
        return text
    if set(words(above)) <= set(words(text)):
        return text
    if above.endswith(("?", "？")):
        return f"{plain(above)} {text}"
    separator = "：" if any("\u4e00" <= character <= "\u9fff" for character in text) else ": "
    return f"{plain(above)}{separator}{text}"


def _row(header: str, row: str) -> str:
    """`| Plan | Fee |` and `| Gold | $5 |` become "Plan: Gold, Fee: $5"."""
    names = [cell.strip() for cell in header.strip().strip("|").split("|")]
    cells = [cell.strip() for cell in row.strip().strip("|").split("|")]
    if len(names) != len(cells) or not any(names):
        return ", ".join(cell for cell in cells if cell)
    return ", ".join(f"{name}: {cell}" if name else cell for name, cell in zip(names, cells, strict=True) if cell)
