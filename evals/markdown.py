"""Tables in Markdown, of texts that are none."""

from collections.abc import Sequence

_LONGEST = 160


def markdown_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Its lines; nothing of a cell is taken for markup."""
    return [_line(head), _line(["---"] * len(head)), *map(_line, rows)]


def shortened(text: str) -> str:
    """A text to look at beside others."""
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _line(cells: Sequence[str]) -> str:
    escaped = (" ".join(cell.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").split()) for cell in cells)
    return "| " + " | ".join(escaped) + " |"
