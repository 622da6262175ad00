"""Whether what cannot be answered is declined, and nothing else is."""

from collections.abc import Sequence


def precision_recall(told: Sequence[bool], truth: Sequence[bool]) -> tuple[float | None, float | None]:
    """Of those told, the share that is so; of those that are so, the share told (van Rijsbergen 1979), 0…1 each.

    None where none was told, or none is so.
    """
    both = sum(said and so for said, so in zip(told, truth, strict=True))
    return (both / sum(told) if any(told) else None), (both / sum(truth) if any(truth) else None)


def refusal_precision(declined: Sequence[bool], answerable: Sequence[bool]) -> float | None:
    """Of the cases declined, the share that could not be answered (Rajpurkar et al. 2018), 0…1."""
    return precision_recall(declined, [not can for can in answerable])[0]


def refusal_recall(declined: Sequence[bool], answerable: Sequence[bool]) -> float | None:
    """Of the cases that cannot be answered, the share declined (Rajpurkar et al. 2018), 0…1."""
    return precision_recall(declined, [not can for can in answerable])[1]
