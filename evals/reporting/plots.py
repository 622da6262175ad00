"""Draws lines and dots as SVG that takes its colours from the page; every word in it is escaped."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_WIDTH, _HEIGHT, _LEFT, _BOTTOM, _TOP, _RIGHT = 560, 280, 56, 40, 16, 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """A point in the plot's units; title: what is told when it is pointed at; mark: a word beside it; radius: in pixels."""

    x: float
    y: float
    title: str = ""
    mark: str = ""
    radius: float = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """label: what it shows, for those who cannot see it. x, y: lowest and highest; units: what stands behind the ticks' numbers.

    line: joined by a line; dots: each drawn; diagonal: a line from the one corner to the other, for what should agree.
    """

    label: str
    across: str
    up: str
    x: tuple[float, float]
    y: tuple[float, float]
    line: Sequence[tuple[float, float]] = ()
    dots: Sequence[Dot] = ()
    diagonal: bool = False
    x_percent: bool = False
    y_percent: bool = False
    x_ticks: bool = True

    def svg(self) -> str:
        """The picture."""
        joined = " ".join(f"{self._x(x):.1f},{self._y(y):.1f}" for x, y in self.line)
        parts = [
            self._grid(),
            f'<polyline class="grid" points="{self._corners()}"/>' if self.diagonal else "",
            f'<polyline class="line" points="{joined}"/>' if joined else "",
            *map(self._dot, self.dots),
        ]
        return (
            f'<svg role="img" aria-label="{escape(self.label)}" viewBox="0 0 {_WIDTH} {_HEIGHT}" width="100%">'
            f'<g fill="currentColor" font-size="12">{"".join(parts)}</g></svg>'
        )

    def _dot(self, dot: Dot) -> str:
        x, y = self._x(dot.x), self._y(dot.y)
        mark = f'<text x="{x + 6:.1f}" y="{y + 16:.1f}">{escape(dot.mark)}</text>' if dot.mark else ""
        title = f"<title>{escape(dot.title)}</title>" if dot.title else ""
        return f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="{dot.radius:.1f}">{title}</circle>{mark}'

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
        for share in (0, 0.25, 0.5, 0.75) if self.x_ticks else ():
            value = self.x[0] + share * (self.x[1] - self.x[0])
            found.append(
                f'<text x="{self._x(value):.1f}" y="{floor + 16:.1f}" text-anchor="middle">{_said(value, self.x_percent)}</text>'
            )
        found.append(f'<text x="{end}" y="{_HEIGHT - 6}" text-anchor="end">{escape(self.across)}</text>')
        found.append(f'<text x="{_LEFT + 4}" y="{_TOP - 4}">{escape(self.up)}</text>')
        return "".join(found)

    def _corners(self) -> str:
        ends = ((self.x[0], self.y[0]), (self.x[1], self.y[1]))
        return " ".join(f"{self._x(x):.1f},{self._y(y):.1f}" for x, y in ends)

    def _x(self, value: float) -> float:
        return _LEFT + (_WIDTH - _LEFT - _RIGHT) * (value - self.x[0]) / (self.x[1] - self.x[0])

    def _y(self, value: float) -> float:
        return _TOP + (_HEIGHT - _BOTTOM - _TOP) * (self.y[1] - value) / (self.y[1] - self.y[0])


def _said(value: float, percent: bool) -> str:
    return f"{100 * value:.3g}%" if percent else f"{value:.3g}" if abs(value) < 1000 else f"{value:.0f}"
