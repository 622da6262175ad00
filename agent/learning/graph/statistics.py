"""Pure functions over counts of candidate names."""

from collections import Counter
from collections.abc import Mapping


def standing_alone(counts: Mapping[str, int]) -> dict[str, float]:
    """How often each name occurs by itself (C-value, Frantzi & Ananiadou 1996, without the factor for length).

    Of its occurrences within longer candidates the mean for each longer one is taken off.
    """
    longer: dict[str, list[int]] = {}
    for name, n in counts.items():
        for other in {name[i:j] for i in range(len(name)) for j in range(i + 2, len(name) + 1)} - {name}:
            if other in counts:
                longer.setdefault(other, []).append(n)
    return {name: n - (sum(held) / len(held) if (held := longer.get(name)) else 0) for name, n in counts.items()}


def variety(neighbours: Counter[str]) -> int:
    """How many different tokens stand beside a name (accessor variety, Feng et al. 2004)."""
    return len(neighbours)
