"""Draws lines and dots as SVG that takes its colours from the page; every word in it is escaped."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

Words = tuple[str, str]
"""The same in English and in Chinese."""

_WIDTH, _HEIGHT, _LEFT, _BOTTOM, _TOP, _RIGHT = 560, 280, 56, 40, 16, 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """A point in the plot's units; title: what is told when it is pointed at; mark: a word beside it; radius: in pixels.

    ends: lowest and highest that y may be, drawn as a line through the point; None without an interval.
    """

    x: float
    y: float
    title: Words
    mark: str = ""
    radius: float = 4
    ends: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """label: what it shows, for those who cannot see it. x, y: lowest and highest; units: what stands behind the ticks' numbers.

    line: joined by a line; dots: each drawn; diagonal: a line from the one corner to the other, for what should agree.
    places: what is told below the axis, at each of these x, in place of ticks.
    """

    label: Words
    across: Words
    up: Words
    x: tuple[float, float]
    y: tuple[float, float]
    line: Sequence[tuple[float, float]] = ()
    dots: Sequence[Dot] = ()
    diagonal: bool = False
    x_percent: bool = False
    y_percent: bool = False
    x_ticks: bool = True
    places: Sequence[int] = ()

    def svg(self, language: str = "en") -> str:
        """The picture. language: what its label and the titles of dots say, unless the page's switch asks for the other."""
        joined = " ".join(f"{self._x(x):.1f},{self._y(y):.1f}" for x, y in self.line)
        parts = [
            self._grid(),
            f'<polyline class="grid" points="{self._corners()}"/>' if self.diagonal else "",
            f'<polyline class="line" points="{joined}"/>' if joined else "",
            *(self._dot(dot, language) for dot in self.dots),
        ]
        return (
            f'<svg role="img" aria-label="{escape(_in(self.label, language))}" {_both(self.label)} viewBox="0 0 {_WIDTH} {_HEIGHT}" width="100%">'
            f'<g fill="currentColor" font-size="12">{"".join(parts)}</g></svg>'
        )

    def _dot(self, dot: Dot, language: str) -> str:
        x, y = self._x(dot.x), self._y(dot.y)
        mark = f'<text x="{x + 6:.1f}" y="{y + 16:.1f}">{escape(dot.mark)}</text>' if dot.mark else ""
        title = f"<title {_both(dot.title)}>{escape(_in(dot.title, language))}</title>"
        ends = [self._y(end) for end in dot.ends or ()]
        span = f'<line class="span" x1="{x:.1f}" x2="{x:.1f}" y1="{ends[0]:.1f}" y2="{ends[1]:.1f}"/>' if ends else ""
        return f'{span}<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="{dot.radius:.1f}">{title}</circle>{mark}'

    def _grid(self) -> str:
        floor, end = self._y(self.y[0]), _WIDTH - _RIGHT
        found = []
        for share in (0, 0.25, 0.5, 0.75, 1):
            value = self.y[0] + share * (self.y[1] - self.y[0])
            at = self._y(value)
            found.append(f'<line class="grid" x1="{_LEFT}" x2="{end}" y1="{at:.1f}" y2="{at:.1f}"/>')
            found.append(
                f'<text x="{_LEFT - 6}" y="{at + 4:.1f}" text-anchor="end">{_said(value, self.y_percent)}</text>'
            )
        quarters = (self.x[0] + share * (self.x[1] - self.x[0]) for share in (0, 0.25, 0.5, 0.75))
        found += [
            f'<text x="{self._x(value):.1f}" y="{floor + 16:.1f}" text-anchor="middle">{_said(value, self.x_percent)}</text>'
            for value in self.places or (quarters if self.x_ticks else ())
        ]
        for speech, across, up in zip(("en", "zh"), self.across, self.up, strict=True):
            found.append(
                f'<text lang="{speech}" x="{end}" y="{_HEIGHT - 6}" text-anchor="end">{escape(across)}</text>'
                f'<text lang="{speech}" x="{_LEFT + 4}" y="{_TOP - 4}">{escape(up)}</text>'
            )
        return "".join(found)

    def _corners(self) -> str:
        ends = ((self.x[0], self.y[0]), (self.x[1], self.y[1]))
        return " ".join(f"{self._x(x):.1f},{self._y(y):.1f}" for x, y in ends)

    def _x(self, value: float) -> float:
        return _LEFT + (_WIDTH - _LEFT - _RIGHT) * (value - self.x[0]) / (self.x[1] - self.x[0])

    def _y(self, value: float) -> float:
        return _TOP + (_HEIGHT - _BOTTOM - _TOP) * (self.y[1] - value) / (self.y[1] - self.y[0])


def _in(words: Words, language: str) -> str:
    return words[language == "zh"]


def _both(words: Words) -> str:
    """As attributes, between which the page's switch chooses."""
    return f'data-en="{escape(words[0])}" data-zh="{escape(words[1])}"'


def _said(value: float, percent: bool) -> str:
    return f"{100 * value:.3g}%" if percent else f"{value:.3g}" if abs(value) < 1000 else f"{value:.0f}"
