"""A report for people: text, tables and plots, written as Markdown and as one page of HTML, in English and Chinese."""

import base64
import hashlib
import html
import io
import re
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from agent.learning.wording import Said, Value, chinese, said
from agent.types import Language

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Cell = str | int | float | Said
"""Of a table. Text is data and stands as it is; `Said` is told in either language."""

_STYLE = (
    ":root{color-scheme:light dark;--text:#1c2422;--soft:#54605d;--line:#d5dbd9;--page:#fff}"
    "@media(prefers-color-scheme:dark){:root{--text:#e4eae8;--soft:#a3b0ac;--line:#38423f;--page:#151a19}"
    "svg{filter:invert(.9) hue-rotate(180deg)}}"
    "body{background:var(--page);font:16px/1.55 system-ui,'Noto Sans CJK SC','PingFang SC','Microsoft YaHei',sans-serif;max-width:64rem;margin:auto;"
    "padding:1.5rem 1rem;color:var(--text)}h1,h2{line-height:1.2;overflow-wrap:anywhere}h2{margin-top:2.2rem}"
    "table{border-collapse:collapse;width:100%}p{overflow-wrap:anywhere}"
    "td,th{border-bottom:1px solid var(--line);padding:.35rem .6rem;text-align:start;vertical-align:top;overflow-wrap:break-word}"
    "th,.s{white-space:nowrap}td.n,th.n{text-align:end;font-variant-numeric:tabular-nums;white-space:nowrap}"
    "td.m{min-width:8rem}td.l{min-width:15rem}.wrap{overflow-x:auto;margin:1.2rem 0}figure{margin:1rem 0}"
    "figcaption{color:var(--soft)}figure>div{overflow-x:auto}svg{max-width:100%;min-width:28rem;height:auto}.figures td:first-child{width:40%}"
    "header{display:flex;gap:1rem;align-items:start;justify-content:space-between}h1{margin-top:0}"
    "button{font:inherit;padding:.3rem .8rem;border:1px solid var(--soft);border-radius:.4rem;background:none;color:inherit;"
    "white-space:nowrap;cursor:pointer}html[lang=en] [lang=zh],html[lang=zh] [lang=en]{display:none}"
)
_COLOUR = "#2f7d6d"
_SCRIPT = (
    "const root=document.documentElement;if(navigator.language.startsWith('zh'))root.lang='zh';"
    "document.querySelector('button').onclick=()=>{root.lang=root.lang==='zh'?'en':'zh'}"
)
BETWEEN = " · "
"""Between what customers said, where one cell holds several; by it, what one of them said is found again."""
_POLICY = (
    "default-src 'none';style-src 'unsafe-inline';script-src 'sha256-"
    f"{base64.b64encode(hashlib.sha256(_SCRIPT.encode()).digest()).decode()}'"
)
_SHORT, _LONG = 16, 48  # characters: what is shorter stands on one line, what is longer is a text and wants room
_DRAWN_TEXT = re.compile(r">([^<>]+)</text>")


@dataclass(frozen=True, slots=True)
class _Table:
    header: tuple[Said, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class _Figure:
    name: str
    caption: Said
    svg: str


@dataclass(frozen=True, slots=True)
class _Text:
    text: Said
    heading: bool = False


@dataclass(slots=True)
class Report:
    """Built from top to bottom. All text is data: nothing in it is read as markup.

    What the report says itself is given as a template in English, with its values by name (`agent.learning.wording`).
    """

    title: Said
    _parts: list[_Text | _Table | _Figure] = field(default_factory=list)

    def heading(self, template: str, /, **values: Value) -> None:
        """Begins a section."""
        self._parts.append(_Text(said(template, **values), heading=True))

    def text(self, template: str, /, **values: Value) -> None:
        """A paragraph."""
        self._parts.append(_Text(said(template, **values)))

    def table(self, header: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
        """A table; its header is the report's own, cells are data; fractions are shown to four digits."""
        self._parts.append(_Table(tuple(map(said, header)), tuple(tuple(row) for row in rows)))

    def figure(
        self, name: str, caption: Said, draw: "Callable[[Axes], None]", *, size: tuple[float, float] = (7.5, 3.6)
    ) -> None:
        """A plot. name: of its file, without ending; draw: draws on the axes, with words in English; size: inches."""
        self._parts.append(_Figure(name, caption, _svg(draw, size)))

    def write(self, folder: Path, *, figures: "Mapping[str, Cell] | None" = None) -> None:
        """`report.html` in both languages, `report.md`, `report.zh.md` and each plot into a folder; figures: shown first."""
        parts: list[_Text | _Table | _Figure] = [*self._parts]
        if figures:
            told = {name: said(value) if isinstance(value, str) else value for name, value in figures.items()}
            shown = [(said(name), value) for name, value in told.items() if str(value)]
            parts.insert(0, _Table((said("figure"), said("value")), tuple(shown)))
        for language in get_args(Language):
            ending = "" if language == "en" else f".{language}"
            for part in parts:
                if isinstance(part, _Figure):
                    (folder / f"{part.name}{ending}.svg").write_text(_drawn_in(part.svg, language), "utf-8")
            (folder / f"report{ending}.md").write_text(_markdown(self.title, parts, language, ending), "utf-8")
        (folder / "report.html").write_text(_html(self.title, parts), "utf-8")


def _svg(draw: "Callable[[Axes], None]", size: tuple[float, float]) -> str:
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    # Text stays text: the reader's browser has the fonts for Chinese, this machine may not.
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "parley", "font.size": 10, "axes.unicode_minus": False}):
        figure = Figure(figsize=size, layout="constrained")
        axes = figure.add_subplot()
        axes.spines[["top", "right"]].set_visible(False)
        axes.set_prop_cycle(color=[_COLOUR])
        draw(axes)
        out = io.StringIO()
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="Glyph .* missing", category=UserWarning)
            figure.savefig(out, format="svg", metadata={"Date": None})
    text = out.getvalue()
    return text[text.index("<svg") :]


def _drawn_in(svg: str, language: Language | None) -> str:
    """A plot with its words in a language; None: in both, of which the page shows one."""

    def words(match: re.Match[str]) -> str:
        english = html.unescape(match[1])
        if language == "en" or english not in chinese():
            return match.group()
        translated = html.escape(chinese()[english])
        if language == "zh":
            return f">{translated}</text>"
        return f'><tspan lang="en">{match[1]}</tspan><tspan lang="zh">{translated}</tspan></text>'

    return _DRAWN_TEXT.sub(words, svg)


def _markdown(title: Said, parts: Sequence[_Text | _Table | _Figure], language: Language, ending: str) -> str:
    blocks = [f"# {as_markdown(title.to(language))}"]
    for part in parts:
        if isinstance(part, _Text):
            text = as_markdown(part.text.to(language))
            blocks.append(f"## {text}" if part.heading else text)
        elif isinstance(part, _Figure):
            blocks.append(f"![{as_markdown(part.caption.to(language))}]({part.name}{ending}.svg)")
        else:
            rule = "|".join("--:" if _is_numeric(part, n) else "---" for n in range(len(part.header)))
            rows = [
                "| " + " | ".join(as_markdown(_shown(cell, language)) for cell in row) + " |"
                for row in (part.header, *part.rows)
            ]
            blocks.append("\n".join([rows[0], f"|{rule}|", *rows[1:]]))
    return "\n\n".join(blocks) + "\n"


def as_markdown(text: str) -> str:
    """One line of Markdown that shows the text as it is."""
    line = " ".join(text.split())
    for character in "\\`*_[]<>|#":
        line = line.replace(character, f"\\{character}")
    return line


def _html(title: Said, parts: Sequence[_Text | _Table | _Figure]) -> str:
    body = []
    for part in parts:
        if isinstance(part, _Text):
            tag = "h2" if part.heading else "p"
            body.append(f"<{tag}>{_in_both(part.text)}</{tag}>")
        elif isinstance(part, _Figure):
            # Of the words in a plot a screen reader is told the caption alone, which stands below it.
            body.append(
                f'<figure><div aria-hidden="true">{_drawn_in(part.svg, None)}</div>'
                f"<figcaption>{_in_both(part.caption)}</figcaption></figure>"
            )
        else:
            body.append(_html_table(part))
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f'<meta http-equiv="content-security-policy" content="{_POLICY}">'
        f"<title>{html.escape(str(title))}</title><style>{_STYLE}</style>"
        f'<header><h1>{_in_both(title)}</h1><button type="button"><span lang="en">中文</span>'
        f'<span lang="zh">English</span></button></header>{"".join(body)}<script>{_SCRIPT}</script></html>'
    )


def _in_both(text: Said) -> str:
    english, other = (html.escape(text.to(language)) for language in get_args(Language))
    return english if english == other else f'<span lang="en">{english}</span><span lang="zh">{other}</span>'


def _html_table(table: _Table) -> str:
    kinds = [_kind(table, n) for n in range(len(table.header))]
    head = "".join(f"<th{kind}>{_in_both(name)}" for name, kind in zip(table.header, kinds, strict=True))
    rows = "".join(
        "<tr>" + "".join(f"<td{kind}>{_html_cell(cell)}" for cell, kind in zip(row, kinds, strict=True))
        for row in table.rows
    )
    return f'<div class="wrap"><table><thead><tr>{head}<tbody>{rows}</table></div>'


def _html_cell(cell: Cell) -> str:
    return _in_both(cell) if isinstance(cell, Said) else html.escape(_shown(cell, "en"))


def _kind(table: _Table, column: int) -> str:
    if _is_numeric(table, column):
        return ' class="n"'
    longest = max((len(str(row[column])) for row in table.rows), default=0)
    return f' class="{"s" if longest <= _SHORT else "m" if longest <= _LONG else "l"}"'


def _is_numeric(table: _Table, column: int) -> bool:
    return bool(table.rows) and all(isinstance(row[column], int | float) for row in table.rows)


def _shown(cell: Cell, language: Language) -> str:
    if isinstance(cell, Said):
        return cell.to(language)
    if isinstance(cell, float):
        return f"{cell:.4g}"
    return f"{cell:,}" if isinstance(cell, int) else cell
