"""How like a name that somebody used is to a name of the graph: written otherwise, misspelled, or a part of it."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rapidfuzz.distance import OSA

from agent.learning.graph.speaking import tokens
from knowledge.graph.name_table import fold

_SIGNS = re.compile(r"[\W_]+")
_DIGITS = re.compile(r"\d+")
_COVERED = 0.93
_TYPO_MIN = 4
_PART_MIN = 2


class Likeness(NamedTuple):
    """how: "written" (blanks, signs, width), "typo", "initials" or "part"; degree: 0…1; within: it is a part of the name."""

    how: str
    degree: float
    within: bool = False


class Comparer:
    """Compares with a body of names, in which common characters and words say little and rare ones much."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = {fold(name): _units(name) for name in names}
        counts = Counter(unit for units in self._names.values() for unit in set(units))
        self._weights = {unit: math.log((len(self._names) + 1) / n) + 0.1 for unit, n in counts.items()}
        self._new = math.log(len(self._names) + 1) + 0.1
        self._with: dict[str, list[str]] = {}
        self._short: dict[str, list[str]] = {}
        for name, units in self._names.items():
            for unit in set(units):
                self._with.setdefault(unit, []).append(name)
            for form in {_bare(name), _initials(name)}:
                self._short.setdefault(form, []).append(name)

    def nearest(self, said: str, limit: int = 40) -> list[tuple[str, Likeness]]:
        """The names that a name may stand for, best first."""
        shared: Counter[str] = Counter()
        for unit in set(_units(said)):
            for name in self._with.get(unit, ()):
                shared[name] += self._weights[unit]  # type: ignore[assignment]
        names = [name for name, _ in shared.most_common(limit)]
        names += self._short.get(_bare(said), ())
        found = {name: like for name in names if (like := self.like(said, name)) is not None}
        return sorted(found.items(), key=lambda item: -item[1].degree)

    def like(self, said: str, name: str) -> Likeness | None:
        """How a name is like another; None where it is not, or is the same. Another number is another thing."""
        one, other = fold(said), fold(name)
        if one == other or _DIGITS.findall(one) != _DIGITS.findall(other):
            return None
        if _bare(one) == _bare(other):
            return Likeness("written", 0.97)
        distance, longest = OSA.distance(_bare(one), _bare(other)), max(len(one), len(other))
        allowed = 0 if longest < _TYPO_MIN else 1 if longest < 9 else 2
        if 0 < distance <= allowed and not _tells_apart(one, other):
            return Likeness("typo", 0.9 - 0.15 * (distance - 1))
        if len(one) > 1 and _bare(one) == _initials(name):
            return Likeness("initials", 0.6)
        return self._part(_units(said), _units(name))

    def _part(self, said: Sequence[str], name: Sequence[str]) -> Likeness | None:
        """Whether all that counts in one is in the other."""
        common = Counter(said) & Counter(name)
        if common.total() < _PART_MIN:
            return None
        shared = self._weight(common.elements())
        forth, back = shared / self._weight(said), shared / self._weight(name)
        if max(forth, back) < _COVERED or min(forth, back) < 1 / 3:
            return None
        return Likeness("part", 0.55 * max(forth, back) + 0.4 * min(forth, back), forth >= back)

    def _weight(self, units: Iterable[str]) -> float:
        return sum(self._weights.get(unit, self._new) for unit in units)


_SIDES = (
    "东西",
    "南北",
    "前后",
    "上下",
    "大小",
    "男女",
    "左右",
    "一二",
    "二三",
    "一三",
    "新老",
    "东南",
    "西北",
    "东北",
    "西南",
)
_OPPOSITES = frozenset(pair for sides in _SIDES for pair in (sides, sides[::-1]))


def _tells_apart(one: str, other: str) -> bool:
    """Whether what differs tells two things apart (东, 西) and is no slip."""
    return any(a + b in _OPPOSITES for a, b in zip(_bare(one), _bare(other), strict=False) if a != b)


def _bare(name: str) -> str:
    return _SIGNS.sub("", fold(name))


def _units(name: str) -> list[str]:
    """Words and numbers, of Chinese each character; no signs."""
    return [token.text for token in tokens(fold(name)) if not _SIGNS.fullmatch(token.text)]


def _initials(name: str) -> str:
    words = [unit for unit in _units(name) if unit.isascii() and unit not in {"of", "and", "the"}]
    return "".join(word[0] for word in words) if len(words) > 1 else ""
