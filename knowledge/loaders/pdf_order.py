"""The order in which people read the lines of a page: column after column, and what stands across them between."""

import statistics
from collections.abc import Sequence

from knowledge.loaders.pdf_lines import Line

_LEAST_LINES = 4
"""A column is at least this many lines high."""
_LEAST_FILLED = 0.55
"""Lines of running text fill their column on the median to this share; cells of a table do not."""
_LEAST_CHARS = 12
_DEEPEST = 4


def reading_order(lines: Sequence[Line], depth: int = 0) -> list[Line]:
    """Lines by columns, where there are any; else cells that stand in rows under each other as a table."""
    gutter = _gutter(lines) if depth < _DEEPEST else None
    if gutter is None:
        return _with_tables(sorted(lines, key=lambda line: (line.top, line.left)))
    ordered: list[Line] = []
    left: list[Line] = []
    right: list[Line] = []
    for line in sorted(lines, key=lambda line: line.top):
        if line.left < gutter < line.right:
            ordered += reading_order(left, depth + 1) + reading_order(right, depth + 1) + [line]
            left, right = [], []
        else:
            (left if line.right <= gutter else right).append(line)
    return ordered + reading_order(left, depth + 1) + reading_order(right, depth + 1)


def _gutter(lines: Sequence[Line]) -> float | None:
    """Where a page is parted into columns of running text."""
    starts = sorted({round(line.left) for line in lines})
    for start in starts[1:]:
        right = [line for line in lines if abs(line.left - start) < 3]
        if len(right) < _LEAST_LINES:
            continue
        at = start - 2.0
        top, bottom = min(line.top for line in right), max(line.bottom for line in right)
        beside = [line for line in lines if line.right <= at and top - 50 <= line.top <= bottom + 50]
        crossing = [line for line in lines if line.left < at < line.right and top <= line.top <= bottom]
        following = [line for line in lines if line.left >= at]
        if len(crossing) <= len(right) / 4 and _is_column(beside) and _is_column(following):
            return at
    return None


def _is_column(lines: Sequence[Line]) -> bool:
    texts = [line for line in lines if not line.table]
    if len(texts) < _LEAST_LINES:
        return False
    width = max(line.right for line in texts) - min(line.left for line in texts)
    filled = statistics.median(line.right - line.left for line in texts)
    return filled >= _LEAST_FILLED * width and statistics.median(len(line.text) for line in texts) >= _LEAST_CHARS


def _with_tables(lines: Sequence[Line]) -> list[Line]:
    """Three rows or more of as many cells, left or right edges in line, are a table without rules."""
    rows = _rows(lines)
    ordered: list[Line] = []
    at = 0
    while at < len(rows):
        end = at + 1
        while end < len(rows) and len(rows[at]) > 1 and _in_line(rows[at], rows[end]):
            end += 1
        if end - at >= 3:
            ordered.append(_table(rows[at:end]))
        else:
            end = at + 1
            ordered += rows[at]
        at = end
    return ordered


def _rows(lines: Sequence[Line]) -> list[list[Line]]:
    rows: list[list[Line]] = []
    for line in lines:
        if rows and not line.table and abs(line.top - rows[-1][0].top) < 0.5 * line.size and not rows[-1][0].table:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [sorted(row, key=lambda line: line.left) for row in rows]


def _in_line(first: Sequence[Line], row: Sequence[Line]) -> bool:
    if len(first) != len(row):
        return False
    return all(
        min(abs(above.left - below.left), abs(above.right - below.right)) < above.size
        for above, below in zip(first, row, strict=True)
    )


def _table(rows: Sequence[Sequence[Line]]) -> Line:
    cells = [[line.text for line in row] for row in rows]
    every = [line for row in rows for line in row]
    return Line(
        text=markdown_table(cells),
        left=min(line.left for line in every),
        right=max(line.right for line in every),
        top=every[0].top,
        bottom=every[-1].bottom,
        size=every[0].size,
        bold=False,
        table=True,
    )


def markdown_table(rows: Sequence[Sequence[str]]) -> str:
    """A table with its first row as the header; a bar in a cell becomes a stroke."""
    width = max(len(row) for row in rows)
    cells = [[" ".join(cell.split()).replace("|", "/") for cell in [*row, *[""] * (width - len(row))]] for row in rows]
    lines = ["| " + " | ".join(row) + " |" for row in cells]
    return "\n".join([lines[0], "|" + "---|" * width, *lines[1:]])
