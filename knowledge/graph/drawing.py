"""Draws a neighbourhood as SVG: the entity with its values in the middle, what leads to it left, where it leads right.

Columns instead of springs: nothing overlaps, whatever the names; no scripts, no fonts to load, light and dark by the
reader's own setting.
"""

import unicodedata
from collections.abc import Callable, Sequence
from html import escape

from knowledge.graph.neighbourhood import Group, Near, Neighbourhood
from knowledge.types import Fact

_ROW, _GAP, _COLUMN, _PAD = 30, 14, 120, 24
_WIDEST = 260
_SIZE = 13
_HUES = (212, 152, 28, 332, 262, 186, 96, 4)
_STYLE = """
svg{--ink:#1c2430;--dim:#5c6675;--paper:#fbfcfe;--card:#fff;--line:#d5dbe5;--sat:58%;--lum:38%;--fill:94%;
font-family:system-ui,-apple-system,"Segoe UI","PingFang SC","Hiragino Sans GB","Microsoft YaHei","Noto Sans CJK SC","Noto Sans SC",sans-serif}
@media (prefers-color-scheme:dark){svg{--ink:#e8ecf3;--dim:#9aa5b5;--paper:#11151b;--card:#1b212b;--line:#38424f;--sat:52%;--lum:72%;--fill:20%}}
.paper{fill:var(--paper)}.card{fill:var(--card);stroke:var(--line)}.name{font-size:17px;font-weight:650;fill:var(--ink)}
.type,.more{font-size:12px;fill:var(--dim)}.label{font-size:13px;fill:var(--dim)}.value,.thing{font-size:13px;fill:var(--ink)}
.relation{font-size:12px;font-weight:600;fill:hsl(var(--h) var(--sat) var(--lum))}
.pill{fill:hsl(var(--h) var(--sat) var(--fill));stroke:hsl(var(--h) var(--sat) var(--lum));stroke-opacity:.55}
.edge{fill:none;stroke:hsl(var(--h) var(--sat) var(--lum));stroke-width:1.4;stroke-opacity:.6}
"""

Say = Callable[[str], str]


class Drawing:
    """Draws one neighbourhood. label, term, value: how relations, names and values are said."""

    def __init__(self, shown: Neighbourhood, label: Say, term: Say, value: Callable[[Fact], str]) -> None:
        self._shown = shown
        self._label = label
        self._term = term
        self._value = value
        names = dict.fromkeys(fact.relation for fact in shown.edges)
        self._hues = {relation: _HUES[n % len(_HUES)] for n, relation in enumerate(names)}
        self._parts: list[str] = []
        self._left = 0.0
        self._right = 0.0

    def svg(self) -> str:
        """The picture."""
        lines = self._card_lines()
        label, value = (max((_width(line[n]) for line in lines), default=0.0) for n in (0, 1))
        width = max(220.0, label + value + 48, min(460.0, _width(self._name, 17) + 32))
        height = 66.0 + 22 * len(lines) + (20 if self._shown.more else 0)
        out = [group for group in self._shown.groups if group.outward]
        into = [group for group in self._shown.groups if not group.outward]
        self._left, self._right = -width / 2, width / 2
        tall = max(height, self._tall(out), self._tall(into))
        for side, groups in ((1, out), (-1, into)):
            self._side(groups, side, (side * width / 2, tall / 2), (tall - self._tall(groups)) / 2)
        self._card(lines, width, height, (tall - height) / 2)
        box = (self._left - _PAD, -_PAD, self._right - self._left + 2 * _PAD, tall + 2 * _PAD)
        title = _safe(f"{self._name}: {self._term(self._shown.type)}")
        view = " ".join(f"{number:.0f}" for number in box)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{view}" width="{box[2]:.0f}" height="{box[3]:.0f}" role="img">'
            f"<title>{title}</title><style>{_STYLE}</style>"
            f'<rect class="paper" x="{box[0]:.0f}" y="{box[1]:.0f}" width="{box[2]:.0f}" height="{box[3]:.0f}"/>'
            f"{''.join(self._parts)}</svg>\n"
        )

    @property
    def _name(self) -> str:
        return self._term(self._shown.name)

    def _card_lines(self) -> list[tuple[str, str]]:
        stated: dict[str, list[str]] = {}
        for fact in self._shown.values:
            stated.setdefault(self._label(fact.relation), []).append(self._value(fact))
        return [(_cut(relation, 130), _cut(" · ".join(values), 290)) for relation, values in stated.items()]

    def _card(self, lines: Sequence[tuple[str, str]], width: float, height: float, top: float) -> None:
        x = -width / 2
        self._parts.append(
            f'<rect class="card" x="{x:.0f}" y="{top:.0f}" width="{width:.0f}" height="{height:.0f}" rx="12"/>'
            + _text(x + 16, top + 30, _cut(self._name, width - 32, 17), "name")
            + _text(x + 16, top + 50, self._term(self._shown.type), "type")
        )
        at = max((_width(line[0]) for line in lines), default=0.0)
        for number, (label, value) in enumerate(lines):
            y = top + 76 + 22 * number
            self._parts.append(_text(x + 16, y, label, "label") + _text(x + 28 + at, y, value, "value"))
        if self._shown.more:
            self._parts.append(_text(x + 16, top + height - 12, f"+ {self._shown.more}", "more"))

    def _tall(self, groups: Sequence[Group]) -> float:
        """How much room groups take from top to bottom, with all that hangs on them."""
        return sum(
            _ROW + sum(max(_ROW, self._tall(t.groups)) for t in g.things) + (_ROW if g.more else 0) + _GAP
            for g in groups
        )

    def _side(self, groups: Sequence[Group], side: int, start: tuple[float, float], top: float) -> None:
        """Groups beside a thing, whose edges start at a point, from a top downwards."""
        x = start[0] + side * _COLUMN
        for group in groups:
            hue = self._hues[group.relation]
            arrow = "→" if group.outward else "←"
            self._parts.append(_text(x, top + 19, f"{arrow} {self._label(group.relation)}", "relation", side, hue))
            self._reach(x + side * _width(self._label(group.relation)), side)
            top += _ROW
            for thing in group.things:
                room = max(float(_ROW), self._tall(thing.groups))
                self._thing(thing, hue, side, start, (x, top + room / 2))
                if thing.groups:
                    end = x + side * self._pill(thing)
                    self._side(thing.groups, side, (end, top + room / 2), top)
                top += room
            if group.more:
                self._parts.append(_text(x, top + 19, f"+ {group.more}", "more", side))
                top += _ROW
            top += _GAP

    def _thing(self, thing: Near, hue: int, side: int, start: tuple[float, float], end: tuple[float, float]) -> None:
        (x0, y0), (x1, y1), width = start, end, self._pill(thing)
        bend = (x0 + x1) / 2
        left = x1 if side > 0 else x1 - width
        self._reach(x1 + side * width, side)
        name = _cut(self._term(thing.name), _WIDEST - 24)
        self._parts.append(
            f'<path class="edge" style="--h:{hue}" d="M{x0:.0f} {y0:.0f}C{bend:.0f} {y0:.0f} {bend:.0f} {y1:.0f} {x1:.0f} {y1:.0f}"/>'
            f"<g><title>{_safe(f'{thing.name} ({thing.type}) · {thing.fact.source_id}')}</title>"
            f'<rect class="pill" style="--h:{hue}" x="{left:.0f}" y="{y1 - 12:.0f}" width="{width:.0f}" height="24" rx="12"/>'
            f"{_text(left + 12, y1 + 4.5, name, 'thing')}</g>"
        )

    def _pill(self, thing: Near) -> float:
        return min(float(_WIDEST), _width(self._term(thing.name)) + 24)

    def _reach(self, x: float, side: int) -> None:
        if side > 0:
            self._right = max(self._right, x)
        else:
            self._left = min(self._left, x)


def html(shown: Neighbourhood, drawing: str, label: Say, term: Say, value: Callable[[Fact], str], language: str) -> str:
    """A page with the picture, and under it every edge with its source, for those who read rather than look."""
    facts = (*shown.values, *shown.edges)
    rows = "".join(
        f"<tr><td>{_safe(term(f.head))}</td><td>{_safe(label(f.relation))}</td><td>{_safe(value(f))}</td>"
        f"<td>{_safe(f.source_id)}</td></tr>"
        for f in facts
    )
    heads = ("起点", "关系", "终点", "来源") if language == "zh" else ("From", "Relation", "To", "Source")
    style = (
        "html{color-scheme:light dark}body{margin:2rem;font:15px/1.5 system-ui,'PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif}"
        "figure{margin:0 0 2rem;overflow-x:auto}svg{max-width:100%;height:auto}"
        "table{border-collapse:collapse}td,th{text-align:left;padding:.3rem .9rem .3rem 0;border-bottom:1px solid #8884;overflow-wrap:anywhere}"
    )
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{_safe(term(shown.name))}</title><style>{style}</style></head><body><h1>{_safe(term(shown.name))}</h1>"
        f"<figure>{drawing}</figure><table><thead><tr>{''.join(f'<th>{head}</th>' for head in heads)}</tr></thead>"
        f"<tbody>{rows}</tbody></table></body></html>\n"
    )


def _text(x: float, y: float, text: str, kind: str, side: int = 1, hue: int | None = None) -> str:
    anchor = "" if side > 0 else ' text-anchor="end"'
    colour = f' style="--h:{hue}"' if hue is not None else ""
    return f'<text class="{kind}" x="{x:.0f}" y="{y:.1f}"{anchor}{colour}>{_safe(text)}</text>'


def _safe(text: str) -> str:
    """A text as markup, without characters that no XML may hold."""
    return escape("".join(c for c in text if c.isprintable()))


def _width(text: str, size: int = _SIZE) -> float:
    """About how wide a text is: Chinese characters are as wide as they are high."""
    return size * sum(1.0 if unicodedata.east_asian_width(c) in "WF" else 0.58 for c in text)


def _cut(text: str, width: float, size: int = _SIZE) -> str:
    """The text, or as much as has room, with a sign that it goes on."""
    if _width(text, size) <= width:
        return text
    while text and _width(text, size) > width - size:
        text = text[:-1]
    return f"{text}…"
