"""What a run could see at all: known before it starts, from the number of its cases."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist

from agent.learning.evaluate.statistics import smallest_difference

CHANGED = 0.2
"""Share of cases that two versions of an agent are taken to answer differently, where nothing is known yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Detectable:
    """The smallest differences of a share that n cases show with a power of 80 %: from a run on the same cases, and on others."""

    n: int
    paired: float
    unpaired: float


def detectable(n: int, *, share: float = 0.8, changed: float = CHANGED) -> Detectable:
    """For a share about so large; changed: of the cases, those whose outcome differs."""
    return Detectable(n=n, paired=smallest_difference(n, changed), unpaired=unpaired_difference(n, share=share))


def unpaired_difference(n: int, *, share: float = 0.8, level: float = 0.95, power: float = 0.8) -> float:
    """The smallest fall of a share between two runs of n other cases each that a z test shows (Fleiss 1981, ch. 3), 0…1."""
    if n <= 0:
        return 1.0
    normal = NormalDist()
    z, z_power = normal.inv_cdf(0.5 + level / 2), normal.inv_cdf(power)
    low, high = 0.0, share
    for _ in range(60):
        fall = (low + high) / 2
        other = share - fall
        mean = (share + other) / 2
        seen = z * math.sqrt(2 * mean * (1 - mean)) + z_power * math.sqrt(share * (1 - share) + other * (1 - other))
        low, high = (fall, high) if fall * math.sqrt(n) < seen else (low, fall)
    return high if high < share else 1.0


def mean_difference(n: int, spread: float, *, level: float = 0.95, power: float = 0.8) -> float:
    """The smallest mean difference of n pairs; spread: standard deviation of the pairs' differences, in their unit."""
    normal = NormalDist()
    return (normal.inv_cdf(0.5 + level / 2) + normal.inv_cdf(power)) * spread / math.sqrt(n) if n else math.inf


def announcement(cases: int, slices: Mapping[str, int] | None = None) -> str:
    """What to print before a run."""
    whole = detectable(cases)
    lines = [
        f"{cases} cases: set beside another run, rightness must differ by {whole.paired * 100:.1f} points on the same cases to be "
        f"told from chance, by {whole.unpaired * 100:.1f} on others (power 80 %; some 80 % right, a fifth of the answers changed)"
    ]
    lines += [f"  {name}, {n}: {detectable(n).paired * 100:.1f}" for name, n in (slices or {}).items()]
    return "\n".join(lines)
