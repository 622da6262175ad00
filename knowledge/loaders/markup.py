"""HTML elements as Markdown: headings, lists, tables and paragraphs; of the rest the text."""

import re
from collections.abc import Callable, Iterator

from bs4.element import NavigableString, PageElement, Tag

_BLOCKS = {
    "p", "div", "section", "article", "main", "blockquote", "dl", "dd", "dt", "figure", "header", "body", "html",
    "details", "summary", "figcaption", "address", "fieldset", "hr", "center",
}  # fmt: skip
_HEADING = re.compile(r"h([1-6])$")
_LISTS = ["ul", "ol"]
_MOST_SPANNED = 100


def to_markdown(root: Tag) -> str:
    """Markdown of all that is in an element."""
    lines = "".join(_render(child) for child in root.children)
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]+\n", "\n", lines)).strip()


def squeeze(text: str) -> str:
    """`text` on one line."""
    return re.sub(r"\s+", " ", text).strip()


def _render(node: PageElement, depth: int = 0) -> str:
    """Markdown of one element; `depth` is that of nested lists."""
    if isinstance(node, NavigableString):
        return re.sub(r"\s+", " ", str(node)) if type(node) is NavigableString else ""
    if not isinstance(node, Tag):
        return ""
    if heading := _HEADING.match(node.name):
        text = squeeze(node.get_text(" "))
        return f"\n\n{'#' * int(heading[1])} {text}\n\n" if text else ""
    if node.name in _LISTS:
        return _list(node, depth)
    if node.name in _WHOLE:
        return _WHOLE[node.name](node)
    inner = "".join(_render(child, depth) for child in node.children)
    if node.name in {"b", "strong", "summary"} and inner.strip():
        inner = f"{_lead(inner)}**{inner.strip()}**{_lead(inner[::-1])}"
    return f"\n\n{inner.strip()}\n\n" if node.name in _BLOCKS else inner


def _lead(text: str) -> str:
    return " " if text[:1].isspace() else ""


def _list(node: Tag, depth: int) -> str:
    lines = []
    for number, item in enumerate(node.find_all("li", recursive=False), start=_start(node)):
        marker = f"{number}." if node.name == "ol" else "-"
        nested = "".join(_list(child, depth + 1) for child in item.find_all(_LISTS, recursive=False))
        own = (child for child in item.children if not (isinstance(child, Tag) and child.name in _LISTS))
        text = squeeze("".join(_render(child, depth) for child in own))
        lines.append(f"{'  ' * depth}{marker} {text}\n{nested.lstrip(chr(10)).rstrip()}".rstrip())
    return "\n" + "\n".join(lines) + "\n"


def _start(node: Tag) -> int:
    start = str(node.get("start") or "1")
    return int(start) if start.isdecimal() and len(start) < 6 else 1


def _table(node: Tag) -> str:
    if not _is_data(node):
        cells = (
            cell
            for row in node.find_all("tr")
            for cell in row.find_all(["th", "td"])
            if cell.find_parent("table") is node
        )
        return "".join(f"\n\n{''.join(map(_render, cell.children)).strip()}\n\n" for cell in cells)
    rows = [row for row in _grid(node) if any(row)]
    if not rows:
        return ""
    width = max(len(row) for row in rows)
    lines = ["| " + " | ".join(row + [""] * (width - len(row))) + " |" for row in rows]
    caption = squeeze(node.caption.get_text(" ")) if node.caption else ""
    return f"\n\n{caption}\n\n" + "\n".join([lines[0], "|" + "---|" * width, *lines[1:]]) + "\n\n"


def _is_data(node: Tag) -> bool:
    """Whether a table holds data; one that holds tables, headings or a single cell a row is there for the layout."""
    if node.find(["table", "h1", "h2", "h3"]):
        return False
    return any(len(row.find_all(["th", "td"])) > 1 for row in node.find_all("tr"))


def _grid(node: Tag) -> Iterator[list[str]]:
    """Rows of cells; a cell that spans several stands in each of them."""
    hanging: dict[int, tuple[int, str]] = {}
    for row in node.find_all("tr"):
        cells: list[str] = []
        below: dict[int, tuple[int, str]] = {}
        for cell in row.find_all(["th", "td"]):
            _fill(cells, hanging, below)
            text = squeeze(cell.get_text(" ")).replace("|", "/")
            for _ in range(_span(cell, "colspan")):
                if (down := _span(cell, "rowspan")) > 1:
                    below[len(cells)] = (down - 1, text)
                cells.append(text)
        _fill(cells, hanging, below)
        hanging = {**hanging, **below}
        yield cells


def _fill(cells: list[str], hanging: dict[int, tuple[int, str]], below: dict[int, tuple[int, str]]) -> None:
    """Adds the cells that hang down from rows above at the place where this row has come to."""
    while len(cells) in hanging:
        left, text = hanging.pop(len(cells))
        if left > 1:
            below[len(cells)] = (left - 1, text)
        cells.append(text)


def _span(cell: Tag, name: str) -> int:
    value = str(cell.get(name) or "1").strip()
    return max(1, min(int(value), _MOST_SPANNED)) if value.isdecimal() and len(value) < 5 else 1


_WHOLE: dict[str, Callable[[Tag], str]] = {
    "table": _table,
    "br": lambda _: "\n",
    "pre": lambda node: f"\n\n```\n{node.get_text()}\n```\n\n",
}
