"""Draws the risk–coverage curve as SVG: right answers against wrong ones, a point for each price of a wrong answer."""

from collections.abc import Sequence

from evals.metrics.risk import RiskPoint

_WIDTH, _HEIGHT, _LEFT, _BOTTOM = 560, 300, 48, 40
_PLOT_WIDTH, _PLOT_HEIGHT = _WIDTH - _LEFT - 24, _HEIGHT - _BOTTOM - 16


def risk_svg(curve: Sequence[RiskPoint]) -> str:
    """The picture; both axes are shares of all cases, the right one from 0 to 1, the wrong one as far as it goes."""
    most = max(0.1, *(point.wrong for point in curve)) * 1.1
    places = [(_x(point.wrong, most), _y(point.right)) for point in curve]
    line = " ".join(f"{x:.0f},{y:.0f}" for x, y in places)
    dots = "".join(
        f'<circle class="dot" cx="{x:.0f}" cy="{y:.0f}" r="4"><title>cost {point.cost:g}: right {point.right:.0%}, '
        f'wrong {point.wrong:.0%}</title></circle><text x="{x + 6:.0f}" y="{y + 16:.0f}">{point.cost:g}</text>'
        for (x, y), point in zip(places, curve, strict=True)
    )
    return (
        f'<svg role="img" aria-label="right answers against wrong ones" viewBox="0 0 {_WIDTH} {_HEIGHT}" width="100%">'
        f'<g fill="currentColor" font-size="12">{_axes(most)}<polyline class="line" points="{line}"/>{dots}</g></svg>'
    )


def _axes(most: float) -> str:
    floor = _y(0)
    across = "".join(
        f'<text x="{_x(most * share, most):.0f}" y="{floor + 16:.0f}" text-anchor="middle">{most * share:.0%}</text>'
        for share in (0, 0.25, 0.5, 0.75)
    )
    up = "".join(
        f'<text x="{_LEFT - 6}" y="{_y(share) + 4:.0f}" text-anchor="end">{share:.0%}</text>'
        f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH - 24}" y1="{_y(share):.0f}" y2="{_y(share):.0f}"/>'
        for share in (0, 0.25, 0.5, 0.75, 1)
    )
    return f'{up}{across}<text x="{_WIDTH - 24}" y="{_HEIGHT - 6}" text-anchor="end">answered wrongly · 答错</text>'


def _x(wrong: float, most: float) -> float:
    return _LEFT + _PLOT_WIDTH * wrong / most


def _y(right: float) -> float:
    return 16 + _PLOT_HEIGHT * (1 - right)
