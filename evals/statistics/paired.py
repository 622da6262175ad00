"""Tests of two runs on the same cases; a difference is after − before."""

from collections.abc import Hashable, Sequence

import numpy as np

from agent.learning.evaluate.statistics import sign_test
from evals.statistics.bootstrap import Interval, by_cluster, mean_interval

PERMUTATIONS = 10_000
_EXACT = 12


def difference(
    before: Sequence[float], after: Sequence[float], clusters: Sequence[Hashable] | None = None, *, seed: int = 0
) -> Interval | None:
    """Mean difference of pairs with its bootstrap interval (BCa), by conversations where these are given."""
    return mean_interval([b - a for a, b in zip(before, after, strict=True)], clusters, seed=seed)


def mcnemar(before: Sequence[bool], after: Sequence[bool]) -> float:
    """Two-sided p that gains and losses of right answers are equally likely (McNemar 1947, exact)."""
    pairs = list(zip(before, after, strict=True))
    return sign_test(gained=pairs.count((False, True)), lost=pairs.count((True, False)))


def permutation(
    before: Sequence[float],
    after: Sequence[float],
    clusters: Sequence[Hashable] | None = None,
    *,
    permutations: int = PERMUTATIONS,
    seed: int = 0,
) -> float:
    """Two-sided p that the two runs could be swapped in any pair without a difference (Fisher 1935; Pitman 1937).

    clusters: of one conversation all pairs are swapped together. All ways to swap are counted where they are no more than
    4,096; else so many are drawn, and the pairs as they are count as one (Phipson & Smyth 2010).
    """
    differences = np.asarray(after, dtype=np.float64) - np.asarray(before, dtype=np.float64)
    sums, _ = by_cluster(differences, clusters)
    changed = sums[sums != 0]
    if not len(changed):
        return 1.0
    seen = abs(float(changed.sum())) * (1 - 1e-12)
    if len(changed) <= _EXACT:
        ways = (np.arange(2 ** len(changed))[:, None] >> np.arange(len(changed))) & 1
        return float((np.abs((1 - 2 * ways) @ changed) >= seen).mean())
    random = np.random.default_rng(seed)
    signs = 1 - 2 * random.integers(2, size=(permutations, len(changed)), dtype=np.int8)
    return (1 + int((np.abs(signs @ changed) >= seen).sum())) / (1 + permutations)


def p_value(before: Sequence[float], after: Sequence[float], clusters: Sequence[Hashable] | None = None) -> float:
    """McNemar's where every value is 0 or 1 and every case stands alone, else by permutation."""
    alone = clusters is None or len(set(clusters)) == len(clusters)
    if alone and {*before, *after} <= {0.0, 1.0}:
        return mcnemar([value == 1.0 for value in before], [value == 1.0 for value in after])
    return permutation(before, after, clusters)
