"""What answers take: time, tokens, money."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

PERCENTS = (50, 95, 99)
"""Below which value so many of a hundred lie is told of what takes time."""


def percentile(values: Sequence[float], share: float) -> float | None:
    """The value below which a share (0…100) lies, between neighbours by their distance (Hyndman & Fan 1996, type 7).

    In the unit of the values: milliseconds of a whole answer, or until its first token.
    """
    return float(np.percentile(values, share)) if values else None


def percentiles(values: Sequence[float]) -> dict[str, float]:
    """p50, p95 and p99; empty without values."""
    return {f"p{share}": float(np.percentile(values, share)) for share in PERCENTS} if values else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """Of a thousand tokens read, and written, in one currency."""

    prompt: float
    completion: float


def tokens_used(usage: Mapping[str, int]) -> int:
    """Tokens read and written, as OpenAI-compatible servers count them (`prompt_tokens`, `completion_tokens`)."""
    return usage.get("prompt_tokens", 0) + usage.get("completion_tokens", 0)


def cost(usage: Mapping[str, int], price: Price) -> float:
    """What an answer cost, in the currency of the price, 0…∞."""
    return (usage.get("prompt_tokens", 0) * price.prompt + usage.get("completion_tokens", 0) * price.completion) / 1000
