"""Correction of many tests at once: the more metrics are looked at, the more of them differ by chance."""

from collections.abc import Sequence


def holm(p_values: Sequence[float]) -> list[float]:
    """p of each test, corrected so that hardly ever any difference found is false (Holm 1979)."""
    order = sorted(range(len(p_values)), key=lambda n: p_values[n])
    found, most = [1.0] * len(p_values), 0.0
    for place, n in enumerate(order):
        most = max(most, min(1.0, p_values[n] * (len(p_values) - place)))
        found[n] = most
    return found
