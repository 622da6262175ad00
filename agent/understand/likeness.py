"""Finds, among a few utterances, those most like a text; by pairs of characters, which serve English and Chinese alike."""

from collections.abc import Sequence

from knowledge.text.folding import narrowed, simplified


class Likeness:
    """Utterances with what they are compared by (Dice's coefficient of character bigrams)."""

    def __init__(self, utterances: Sequence[str]) -> None:
        self._known = [(utterance, _pairs(utterance)) for utterance in dict.fromkeys(utterances)]

    def nearest(self, text: str, most: int) -> list[str]:
        """At most so many, the likest first; of equals, those that came first."""
        pairs = _pairs(text)
        ranked = sorted(self._known, key=lambda one: -_dice(pairs, one[1]))
        return [utterance for utterance, _ in ranked[:most]]


def _pairs(text: str) -> frozenset[str]:
    plain = f" {' '.join(simplified(narrowed(text)).lower().split())} "
    return frozenset(plain[n : n + 2] for n in range(len(plain) - 1))


def _dice(one: frozenset[str], other: frozenset[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other) or 1)
