"""Bootstrap intervals of means and of any weighted figure, by cases or by whole conversations; seeded."""

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist
from typing import Literal

import numpy as np
import numpy.typing as npt

from agent.learning.evaluate.statistics import Measure

Floats = npt.NDArray[np.float64]
Method = Literal["percentile", "bca"]

RESAMPLES = 2000
_BATCH_CELLS = 4_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A figure with its interval. n: cases it is of; level: how often such an interval holds the true value.

    low, high: equal to the value where all cases agree, as a bootstrap sees no further; None where there is one case only.
    """

    value: float
    low: float | None
    high: float | None
    n: int
    level: float = 0.95


def mean_interval(
    values: Sequence[float],
    clusters: Sequence[Hashable] | None = None,
    *,
    method: Method = "bca",
    resamples: int = RESAMPLES,
    level: float = 0.95,
    seed: int = 0,
) -> Interval | None:
    """Of a mean; None without values.

    clusters: the conversation of each value; conversations are then drawn, not values (Davison & Hinkley 1997, ch. 2.4).
    method: the percentiles of the resampled means (Efron 1979), or these corrected for bias and skew (BCa, Efron 1987).
    """
    if not values:
        return None
    sums, sizes = by_cluster(np.asarray(values, dtype=np.float64), clusters)
    value = float(sums.sum() / sizes.sum())
    if len(sums) < 2:
        return Interval(value=value, low=None, high=None, n=len(values), level=level)
    if np.ptp(sums) == 0 and np.ptp(sizes) == 0:
        return Interval(value=value, low=value, high=value, n=len(values), level=level)
    drawn = _resampled(sums, sizes, resamples, seed)
    rest = (sums.sum() - sums) / (sizes.sum() - sizes)
    low, high = _ends(value, drawn, rest, method, level)
    return Interval(value=value, low=low, high=high, n=len(values), level=level)


def measure_interval(
    measure: Measure,
    n: int,
    clusters: Sequence[Hashable] | None = None,
    *,
    resamples: int = RESAMPLES,
    level: float = 0.95,
    seed: int = 0,
) -> Interval | None:
    """Percentile interval of any figure that takes weights of the n cases, such as an AUROC or a macro F1.

    Draws that cannot tell (NaN) are left out. None where the cases themselves cannot.
    """
    value = measure(np.ones(n)) if n else math.nan
    if math.isnan(value):
        return None
    groups = _numbers(clusters) if clusters is not None else np.arange(n)
    size = int(groups.max()) + 1
    weights = _weights(size, resamples, seed)
    drawn = np.array([measure(row[groups].astype(np.float64)) for row in weights])
    drawn = drawn[~np.isnan(drawn)]
    if size < 2 or len(drawn) * 2 < resamples:
        return Interval(value=value, low=None, high=None, n=n, level=level)
    low, high = np.quantile(drawn, [0.5 - level / 2, 0.5 + level / 2])
    return Interval(value=value, low=float(low), high=float(high), n=n, level=level)


def percentile_intervals(
    values: Sequence[float],
    percents: Sequence[int],
    clusters: Sequence[Hashable] | None = None,
    *,
    resamples: int = RESAMPLES,
    level: float = 0.95,
    seed: int = 0,
) -> dict[int, Interval]:
    """Percentile intervals of percentiles (Hyndman & Fan 1996, type 7), by percent; empty without values, or with one cluster."""
    groups = _numbers(clusters) if clusters is not None else np.arange(len(values))
    size = int(groups.max()) + 1 if len(groups) else 0
    if size < 2:
        return {}
    order = np.argsort(values)
    ordered = np.asarray(values, dtype=np.float64)[order]
    weights = _weights(size, resamples, seed)
    drawn: dict[int, list[Floats]] = {percent: [] for percent in percents}
    batch = max(1, _BATCH_CELLS // (4 * len(values)))
    for start in range(0, resamples, batch):
        ends = weights[start : start + batch, groups[order]].cumsum(1)
        for percent, found in drawn.items():
            at = percent / 100 * (ends[:, -1:] - 1)
            low, high = (ordered[(ends <= place).sum(1)] for place in (np.floor(at), np.ceil(at)))
            found.append(low + (at - np.floor(at))[:, 0] * (high - low))
    shares = [0.5 - level / 2, 0.5 + level / 2]
    intervals = {}
    for percent, found in drawn.items():
        low, high = np.quantile(np.concatenate(found), shares).tolist()
        value = float(np.percentile(values, percent))
        intervals[percent] = Interval(value=value, low=low, high=high, n=len(values), level=level)
    return intervals


@lru_cache(maxsize=1)  # a run has several figures of the same cases, drawn alike
def _weights(size: int, resamples: int, seed: int) -> npt.NDArray[np.int64]:
    """[resamples, size]: how often each was drawn."""
    return np.random.default_rng(seed).multinomial(size, np.full(size, 1 / size), size=resamples)


def by_cluster(values: Floats, clusters: Sequence[Hashable] | None) -> tuple[Floats, Floats]:
    """Sum and size of each cluster; without clusters every value is one."""
    if clusters is None:
        return values, np.ones(len(values))
    groups = _numbers(clusters)
    return np.bincount(groups, values).astype(np.float64), np.bincount(groups).astype(np.float64)


def _numbers(clusters: Sequence[Hashable]) -> npt.NDArray[np.intp]:
    known = {cluster: number for number, cluster in enumerate(dict.fromkeys(clusters))}
    return np.array([known[cluster] for cluster in clusters], dtype=np.intp)


def _resampled(sums: Floats, sizes: Floats, resamples: int, seed: int) -> Floats:
    """Means of clusters drawn again, in batches that fit memory."""
    random, found = np.random.default_rng(seed), []
    batch = max(1, _BATCH_CELLS // len(sums))
    for start in range(0, resamples, batch):
        rows = random.integers(len(sums), size=(min(batch, resamples - start), len(sums)))
        found.append(sums[rows].sum(1) / sizes[rows].sum(1))
    return np.concatenate(found)


def _ends(value: float, drawn: Floats, rest: Floats, method: Method, level: float) -> tuple[float, float]:
    """rest: the figure without each cluster in turn (jackknife), for the acceleration of BCa."""
    shares = [0.5 - level / 2, 0.5 + level / 2]
    spread = rest.mean() - rest
    scale = float((spread**2).sum()) ** 1.5
    below = (float((drawn < value).mean()) + float((drawn <= value).mean())) / 2
    if method == "bca" and scale > 0 and 0 < below < 1:
        normal = NormalDist()
        bias, acceleration = normal.inv_cdf(below), float((spread**3).sum()) / (6 * scale)
        points = [bias + normal.inv_cdf(share) for share in shares]
        shares = [normal.cdf(bias + point / (1 - acceleration * point)) for point in points]
    low, high = np.quantile(drawn, shares)
    return float(low), float(high)
