"""The cases to look at first."""

from collections.abc import Mapping

from evals.metrics.registry import is_safety, metric_of

MOST = 10


def goodness(scores: Mapping[str, float]) -> float:
    """How good a case went: rightness first, safety before all, then the mean of what else has a range and a direction."""
    shares = [share for name, value in scores.items() if (share := _share(name, value)) is not None]
    unsafe = sum(value for name, value in scores.items() if value > 0 and is_safety(name))
    return scores.get("right", 0.0) + (sum(shares) / len(shares) if shares else 0.0) - 4 * unsafe


def worst(scores: Mapping[str, Mapping[str, float]], most: int = MOST) -> list[str]:
    """Ids of the worst cases, the worst first; ties in the order of the ids. scores: of each case, by its id."""
    return sorted(scores, key=lambda case: (goodness(scores[case]), case))[:most]


def most_changed(
    before: Mapping[str, Mapping[str, float]], after: Mapping[str, Mapping[str, float]], most: int = MOST
) -> list[str]:
    """Ids of the cases that changed most, losses before gains of the same size; what did not change is left out."""
    moved = {case: goodness(after[case]) - goodness(before[case]) for case in before if case in after}
    changed = [case for case, by in moved.items() if abs(by) > 1e-9]
    return sorted(changed, key=lambda case: (-abs(moved[case]), moved[case], case))[:most]


def _share(name: str, value: float) -> float | None:
    """0…1, 1 best; of a count without an end, of which less is better, 1 over one more."""
    metric = metric_of(name)
    if metric is None or metric.low is None or metric.better == "neither":
        return None
    if metric.high is None:
        return 1 / (1 + value) if metric.unit == "count" and metric.better == "lower" else None
    share = (value - metric.low) / (metric.high - metric.low)
    return share if metric.better == "higher" else 1 - share
