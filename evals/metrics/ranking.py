"""Ranking metrics over lists of source ids, best first; each source counts once, at its first place."""

import math
from collections.abc import Collection, Sequence


def first_places(ranked: Sequence[str]) -> list[str]:
    """Each source once, in order."""
    return list(dict.fromkeys(ranked))


def recall_at(ranked: Sequence[str], gold: Collection[str], k: int) -> float:
    """Share of the gold sources among the first k, 0…1; 0 where there is none."""
    return len(set(first_places(ranked)[:k]) & set(gold)) / len(set(gold)) if gold else 0.0


def precision_at(ranked: Sequence[str], gold: Collection[str], k: int) -> float:
    """Share of the first k places that hold a gold source, 0…1; a place that is empty counts as a wrong one."""
    return len(set(first_places(ranked)[:k]) & set(gold)) / k


def hit_at(ranked: Sequence[str], gold: Collection[str], k: int) -> float:
    """1 when any gold source is among the first k."""
    return float(bool(set(first_places(ranked)[:k]) & set(gold)))


def reciprocal_rank(ranked: Sequence[str], gold: Collection[str]) -> float:
    """1 / place of the first gold source, 0 when there is none; MRR is its mean (Voorhees 1999), 0…1."""
    places = [place for place, source in enumerate(first_places(ranked), start=1) if source in gold]
    return 1 / places[0] if places else 0.0


def ndcg_at(ranked: Sequence[str], gold: Collection[str], k: int = 10) -> float:
    """Normalised discounted cumulative gain with binary gains (Järvelin & Kekäläinen 2002), 0…1."""
    gains = [1 / math.log2(place + 1) for place, s in enumerate(first_places(ranked)[:k], start=1) if s in gold]
    ideal = sum(1 / math.log2(place + 1) for place in range(1, min(k, len(set(gold))) + 1))
    return sum(gains) / ideal if ideal else 0.0
