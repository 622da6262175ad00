"""A report for people: text, tables and plots, written as Markdown and as one page of HTML."""

import html
import io
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Cell = str | int | float

_STYLE = (
    "body{font:16px/1.55 system-ui,'Noto Sans CJK SC','PingFang SC','Microsoft YaHei',sans-serif;max-width:64rem;margin:auto;"
    "padding:1.5rem 1rem;color:#1c2422}h1,h2{line-height:1.2}h2{margin-top:2.2rem}table{border-collapse:collapse;width:100%}"
    "td,th{border-bottom:1px solid #d5dbd9;padding:.35rem .6rem;text-align:start;vertical-align:top;overflow-wrap:anywhere}"
    "th{white-space:nowrap;overflow-wrap:normal}td.n,th.n{text-align:end;font-variant-numeric:tabular-nums;white-space:nowrap}.wrap{overflow-x:auto}figure{margin:1rem 0}"
    "figcaption{color:#54605d}svg{max-width:100%;height:auto}.figures td:first-child{width:40%}"
)


@dataclass(frozen=True, slots=True)
class _Table:
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class _Figure:
    name: str
    caption: str
    svg: str


@dataclass(frozen=True, slots=True)
class _Text:
    text: str
    heading: bool = False


@dataclass(slots=True)
class Report:
    """Built from top to bottom. All text is data: nothing in it is read as markup."""

    title: str
    _parts: list[_Text | _Table | _Figure] = field(default_factory=list)

    def heading(self, text: str) -> None:
        """Begins a section."""
        self._parts.append(_Text(text, heading=True))

    def text(self, paragraph: str) -> None:
        """A paragraph."""
        self._parts.append(_Text(paragraph))

    def table(self, header: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
        """A table; fractions are shown to four digits."""
        self._parts.append(_Table(tuple(header), tuple(tuple(row) for row in rows)))

    def figure(
        self, name: str, caption: str, draw: "Callable[[Axes], None]", *, size: tuple[float, float] = (7.5, 3.6)
    ) -> None:
        """A plot. name: of its file, without ending; draw: draws on the axes; size: inches."""
        self._parts.append(_Figure(name, caption, _svg(draw, size)))

    def write(self, folder: Path, *, figures: Mapping[str, Cell] | None = None) -> None:
        """`report.md`, `report.html` and an `.svg` for each plot into a folder; figures: shown first."""
        parts: list[_Text | _Table | _Figure] = [*self._parts]
        if figures:
            parts.insert(0, _Table(("figure", "value"), tuple(figures.items())))
        for part in parts:
            if isinstance(part, _Figure):
                (folder / f"{part.name}.svg").write_text(part.svg, "utf-8")
        (folder / "report.md").write_text(_markdown(self.title, parts), "utf-8")
        (folder / "report.html").write_text(_html(self.title, parts), "utf-8")


def _svg(draw: "Callable[[Axes], None]", size: tuple[float, float]) -> str:
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    # Text stays text: the reader's browser has the fonts for Chinese, this machine may not.
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "parley", "font.size": 10, "axes.unicode_minus": False}):
        figure = Figure(figsize=size, layout="constrained")
        axes = figure.add_subplot()
        axes.spines[["top", "right"]].set_visible(False)
        draw(axes)
        out = io.StringIO()
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="Glyph .* missing", category=UserWarning)
            figure.savefig(out, format="svg", metadata={"Date": None})
    text = out.getvalue()
    return text[text.index("<svg") :]


def _markdown(title: str, parts: Sequence[_Text | _Table | _Figure]) -> str:
    blocks = [f"# {as_markdown(title)}"]
    for part in parts:
        if isinstance(part, _Text):
            blocks.append(f"## {as_markdown(part.text)}" if part.heading else as_markdown(part.text))
        elif isinstance(part, _Figure):
            blocks.append(f"![{as_markdown(part.caption)}]({part.name}.svg)")
        else:
            rule = "|".join("--:" if _is_numeric(part, n) else "---" for n in range(len(part.header)))
            rows = [
                "| " + " | ".join(as_markdown(_shown(cell)) for cell in row) + " |" for row in (part.header, *part.rows)
            ]
            blocks.append("\n".join([rows[0], f"|{rule}|", *rows[1:]]))
    return "\n\n".join(blocks) + "\n"


def as_markdown(text: str) -> str:
    """One line of Markdown that shows the text as it is."""
    line = " ".join(text.split())
    for character in "\\`*_[]<>|#":
        line = line.replace(character, f"\\{character}")
    return line


def _html(title: str, parts: Sequence[_Text | _Table | _Figure]) -> str:
    body = []
    for part in parts:
        if isinstance(part, _Text):
            tag = "h2" if part.heading else "p"
            body.append(f"<{tag}>{html.escape(part.text)}</{tag}>")
        elif isinstance(part, _Figure):
            caption = html.escape(part.caption)
            body.append(
                f'<figure role="img" aria-label="{caption}">{part.svg}<figcaption>{caption}</figcaption></figure>'
            )
        else:
            body.append(_html_table(part))
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{html.escape(title)}</title><style>{_STYLE}</style><h1>{html.escape(title)}</h1>{''.join(body)}</html>"
    )


def _html_table(table: _Table) -> str:
    marks = [' class="n"' if _is_numeric(table, n) else "" for n in range(len(table.header))]
    head = "".join(f"<th{mark}>{html.escape(name)}" for name, mark in zip(table.header, marks, strict=True))
    rows = "".join(
        "<tr>" + "".join(f"<td{mark}>{html.escape(_shown(cell))}" for cell, mark in zip(row, marks, strict=True))
        for row in table.rows
    )
    return f'<div class="wrap"><table><thead><tr>{head}<tbody>{rows}</table></div>'


def _is_numeric(table: _Table, column: int) -> bool:
    return bool(table.rows) and all(isinstance(row[column], int | float) for row in table.rows)


def _shown(cell: Cell) -> str:
    if isinstance(cell, float):
        return f"{cell:.4g}"
    return f"{cell:,}" if isinstance(cell, int) else cell
