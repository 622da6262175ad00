"""Paired comparisons of two models on the same examples: tests, intervals, corrections, and what could have been seen.

Pure functions. "before" is the model in use, "after" the one that may take its place; a difference is after − before.
"""

import math
from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float64]

Measure: TypeAlias = Callable[[Floats], float]
"""A figure of one model, given how often each example is drawn ([examples]); NaN where these examples can't tell."""

Interval: TypeAlias = tuple[float, float]

_BATCH = 64


def sign_test(gained: int, lost: int) -> float:
    """Two-sided p of the exact test that gains and losses are equally likely (McNemar 1947, without approximation)."""
    n, few = gained + lost, min(gained, lost)
    if n == 0:
        return 1.0
    tail = math.fsum(math.exp(_log_choose(n, k) - n * math.log(2)) for k in range(few + 1))
    return min(1.0, 2 * tail)


def paired_interval(both: int, gained: int, lost: int, neither: int, *, level: float = 0.95) -> Interval:
    """Interval of the difference of two paired shares (Newcombe 1998, method 10).

    Unlike a bootstrap it has a width where few examples changed, or none: absence of change in ten examples says little.
    """
    n = both + gained + lost + neither
    if n == 0:
        return -1.0, 1.0
    z = _quantile(0.5 + level / 2)
    after, before = both + gained, both + lost
    (low_a, high_a), (low_b, high_b) = wilson(after, n, z), wilson(before, n, z)
    p_a, p_b = after / n, before / n
    difference, phi = p_a - p_b, _correlation(both, gained, lost, neither)
    down = _root((p_a - low_a) ** 2 - 2 * phi * (p_a - low_a) * (high_b - p_b) + (high_b - p_b) ** 2)
    up = _root((high_a - p_a) ** 2 - 2 * phi * (high_a - p_a) * (p_b - low_b) + (p_b - low_b) ** 2)
    return max(-1.0, difference - down), min(1.0, difference + up)


def paired_bootstrap(
    before: Measure, after: Measure, examples: int, *, resamples: int = 2000, level: float = 0.95, seed: int = 0
) -> Interval:
    """Percentile interval of after − before over examples drawn again with replacement (Efron 1979), the same for both.

    Draws in which either measure is NaN are left out; (NaN, NaN) where that leaves fewer than half.
    """
    random = np.random.default_rng(seed)
    even = np.full(examples, 1 / examples) if examples else np.empty(0)
    differences: list[float] = []
    for start in range(0, resamples, _BATCH) if examples else ():
        drawn = random.multinomial(examples, even, size=min(_BATCH, resamples - start)).astype(np.float64)
        differences.extend(after(weights) - before(weights) for weights in drawn)
    known = np.array([difference for difference in differences if not math.isnan(difference)])
    if len(known) * 2 < resamples or not len(known):
        return math.nan, math.nan
    low, high = np.quantile(known, [0.5 - level / 2, 0.5 + level / 2])
    return float(low), float(high)


def adjusted(p_values: Sequence[float]) -> list[float]:
    """The p of each test, corrected for their number so that the share of false alarms is bounded (Benjamini–Hochberg)."""
    order = sorted(range(len(p_values)), key=lambda n: -p_values[n])
    out, least = [1.0] * len(p_values), 1.0
    for place, n in enumerate(order):
        least = min(least, p_values[n] * len(p_values) / (len(p_values) - place))
        out[n] = least
    return out


def smallest_difference(examples: int, changed: float, *, level: float = 0.95, power: float = 0.8) -> float:
    """The smallest difference of two paired shares that a test of this size would have seen with this power.

    changed: share of examples whose outcome differs between the models (Miettinen 1968). At least what the exact test
    needs: at .05, six changes that all go one way.
    """
    if examples <= 0:
        return 1.0
    z, z_power = _quantile(0.5 + level / 2), _quantile(power)
    share = min(1.0, max(changed, 1 / examples))
    difference = min(share, (z + z_power) * math.sqrt(share / examples))
    for _ in range(50):
        spread = math.sqrt(max(0.0, share - difference**2))
        difference = min(share, (z * math.sqrt(share) + z_power * spread) / math.sqrt(examples))
    one_way = math.ceil(1 - math.log2(1 - level))
    return min(1.0, max(difference, one_way / examples))


def examples_needed(difference: float, changed: float, *, level: float = 0.95, power: float = 0.8) -> int:
    """How many examples it would take to see a difference (`smallest_difference`, the other way round)."""
    low, high = 1, 2
    while smallest_difference(high, changed, level=level, power=power) > difference and high < 10**9:
        low, high = high, high * 2
    while low + 1 < high:
        middle = (low + high) // 2
        seen = smallest_difference(middle, changed, level=level, power=power) <= difference
        low, high = (low, middle) if seen else (middle, high)
    return high


def _log_choose(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)


def wilson(hits: int, n: int, z: float) -> Interval:
    """Interval of a share, hits of n > 0 (Wilson 1927). z: quantile of the level, 1.96 for 95 %."""
    centre, spread = hits + z * z / 2, z * math.sqrt(hits * (n - hits) / n + z * z / 4)
    return (centre - spread) / (n + z * z), (centre + spread) / (n + z * z)


def _correlation(both: int, gained: int, lost: int, neither: int) -> float:
    """Of the two outcomes, corrected for continuity as Newcombe does."""
    margins = (both + gained) * (lost + neither) * (both + lost) * (gained + neither)
    if margins == 0:
        return 0.0
    product = both * neither - gained * lost
    n = both + gained + lost + neither
    return (max(product - n / 2, 0.0) if product > 0 else float(product)) / math.sqrt(margins)


def _root(square: float) -> float:
    return math.sqrt(max(0.0, square))


def _quantile(share: float) -> float:
    from statistics import NormalDist

    return NormalDist().inv_cdf(share)
