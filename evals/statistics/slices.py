"""The same figure for parts of the cases: by language, intent, emotion, channel, length."""

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

from evals.statistics.bootstrap import Interval, mean_interval
from knowledge.text.han import HAN

_LENGTHS = ((30, "short"), (120, "medium"))
_HAN_WEIGHT = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class SliceFigure:
    """by: what it is cut by ("language"); name: which part ("zh")."""

    by: str
    name: str
    interval: Interval


def length_of(text: str) -> str:
    """short (to 30 characters), medium (to 120) or long; a Chinese character says as much as three others."""
    size = len(text) + (_HAN_WEIGHT - 1) * len(HAN.findall(text))
    return next((name for most, name in _LENGTHS if size <= most), "long")


def sliced(
    values: Sequence[float],
    keys: Mapping[str, Sequence[str]],
    clusters: Sequence[Hashable] | None = None,
    *,
    fewest: int = 5,
) -> list[SliceFigure]:
    """Mean of each slice with its interval, worst first within each cut. keys: cut → the slice of each value, "" for none.

    Slices of fewer values than `fewest` are left out: they say nothing.
    """
    found = []
    for by, names in keys.items():
        rows: dict[str, list[int]] = defaultdict(list)
        for at, name in enumerate(names):
            if name:
                rows[name].append(at)
        figures = [
            SliceFigure(by=by, name=name, interval=interval)
            for name, places in rows.items()
            if len(places) >= fewest
            and (interval := mean_interval([values[at] for at in places], clusters and [clusters[at] for at in places]))
        ]
        found += sorted(figures, key=lambda one: (one.interval.value, one.name))
    return found
