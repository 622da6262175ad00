"""Finds names that are like a text, among very many, by the pairs of characters that they share with it."""

from array import array
from collections.abc import Iterable

import numpy as np

_FEW = 64


class NameIndex:
    """Names by their pairs of characters. Names may be added and removed at any time."""

    def __init__(self) -> None:
        self._names: list[str] = []
        self._numbers: dict[str, int] = {}
        self._pairs: dict[str, array[int]] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._numbers

    def add(self, name: str) -> None:
        """Takes a name in, once."""
        if name in self._numbers:
            return
        number = self._numbers[name] = len(self._names)
        self._names.append(name)
        for pair in _pairs(name):
            numbers = self._pairs.get(pair)
            if numbers is None:
                numbers = self._pairs[pair] = array("I")
            numbers.append(number)

    def remove(self, name: str) -> None:
        """Forgets a name; its number stays unused until the names are counted anew."""
        number = self._numbers.pop(name, None)
        if number is None:
            return
        self._names[number] = ""
        if len(self._names) > 2 * len(self._numbers) + _FEW:
            held = list(self._numbers)
            self.__init__()  # type: ignore[misc]
            for kept in held:
                self.add(kept)

    def like(self, text: str, limit: int = _FEW) -> list[str]:
        """The names that share most of their pairs with a text, best first."""
        found = [self._pairs[pair] for pair in _pairs(text) if pair in self._pairs]
        if not found:
            return []
        shared = np.bincount(np.concatenate([np.frombuffer(numbers, dtype=np.uint32) for numbers in found]))
        candidates = np.flatnonzero(shared)
        if len(candidates) > limit * 8:
            # Lengths are looked up for those only that share most.
            most = np.argpartition(-shared[candidates], limit * 8)[: limit * 8]
            candidates = np.sort(candidates[most])
        lengths = np.array([max(1, len(self._names[number]) - 1) for number in candidates])
        best = np.argsort(-shared[candidates] / lengths, kind="stable")[:limit]
        return [name for number in candidates[best] if (name := self._names[number])]

    def with_part(self, part: str) -> list[str]:
        """The names that hold a run of characters."""
        numbers = [self._pairs.get(pair) for pair in _pairs(part)]
        if not numbers or any(posting is None for posting in numbers):
            return []
        rarest = min((posting for posting in numbers if posting is not None), key=len)
        return [name for number in rarest if part in (name := self._names[number])]


def _pairs(text: str) -> Iterable[str]:
    """Each two characters that stand together, once."""
    return {text[at : at + 2] for at in range(len(text) - 1)}
