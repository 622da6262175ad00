"""The names of a graph's entities: names and aliases, in one form of width, script and case, to look up and to compare."""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from knowledge.graph.name_index import NameIndex
from knowledge.graph.numerals import in_other_numerals
from knowledge.text.folding import simplified
from knowledge.text.han import HAN

_BRACKETS = re.compile(r"\s*[(（\[【][^()（）\[\]【】]*[)）\]】]\s*$")
_ENDING_MIN = 8
_SHORT = 3  # characters of a Chinese name that nobody makes shorter
_LONGEST = 120  # characters of a name that are looked for in a text


@dataclass(frozen=True, slots=True)
class NamedEntity:
    """What the linker needs to know of an entity."""

    id: str
    name: str
    type: str
    aliases: tuple[str, ...]


class NameTable:
    """Who bears which name. Entities may come and go."""

    def __init__(self, entities: Iterable[NamedEntity] = ()) -> None:
        self.entities: dict[str, NamedEntity] = {}
        self.exact: dict[str, list[str]] = {}
        self.short: dict[str, list[str]] = {}
        self.longest = 0
        self.index = NameIndex()
        self._ends: Counter[str] = Counter()
        self._types: Counter[str] = Counter()
        self._lasts: dict[str, Counter[str]] = {}
        self._branched: Counter[str] = Counter()
        self._begun: dict[str, dict[str, None]] = {}
        for entity in entities:
            self.add(entity)

    def add(self, entity: NamedEntity) -> None:
        """Learns the names of an entity."""
        self.entities[entity.id] = entity
        self._name(self.exact, fold(entity.name), entity.id)
        for alias in _aliases(entity):
            if len(folded := fold(alias)) > 1:
                self._name(self.short, folded, entity.id)
        self._count(entity, 1)

    def remove(self, id_: str) -> None:
        """Forgets the names of an entity."""
        entity = self.entities.pop(id_, None)
        if entity is None:
            return
        self._unname(self.exact, self.short, fold(entity.name), id_)
        for alias in _aliases(entity):
            self._unname(self.short, self.exact, fold(alias), id_)
        self._count(entity, -1)

    def _name(self, names: dict[str, list[str]], name: str, id_: str) -> None:
        ids = names.setdefault(name, [])
        if id_ not in ids:
            ids.append(id_)
        self.longest = max(self.longest, min(len(name), _LONGEST))
        self.index.add(name)

    def _unname(self, names: dict[str, list[str]], others: dict[str, list[str]], name: str, id_: str) -> None:
        ids = names.get(name, [])
        if id_ in ids:
            ids.remove(id_)
        if not ids and names.pop(name, None) is not None and name not in others:
            self.index.remove(name)

    def _count(self, entity: NamedEntity, step: int) -> None:
        """Counts how names end, by which one that goes on is told from one that stands alone."""
        self.__dict__.pop("endings", None)
        self.__dict__.pop("variants", None)
        self._types[entity.type] += step
        for first in (*(words[0] for words in _in_words(entity)), *(name[:2] for name in _in_chinese(entity))):
            begun = self._begun.setdefault(first, {})
            begun.pop(entity.id, None)
            if step > 0:
                begun[entity.id] = None
        bare = re.sub(r"\(.*", "", fold(entity.name))
        if len(bare) > 3 and HAN.match(bare[-1]):
            self._ends[bare[-2:]] += step
        for name in (fold(entity.name), *map(fold, entity.aliases)):
            if (bracket := name.find("(")) > 0:
                self._branched[name[:bracket]] += step
            first, _, last = name.rpartition(" ")
            if first and last.isascii() and last.isalpha():
                self._lasts.setdefault(first, Counter())[last] += step

    @cached_property
    def endings(self) -> tuple[str, ...]:
        """What many names end with (饭店, 公园): a name followed by it is the beginning of another name."""
        return tuple(end for end, n in self._ends.items() if n >= _ENDING_MIN and self._types[end] <= 0)

    @cached_property
    def variants(self) -> frozenset[str]:
        """Words that, put behind one name, make another ("pro", "lite")."""
        held = (lasts for first, lasts in self._lasts.items() if first in self.exact or first in self.short)
        return frozenset(last for lasts in held for last, n in lasts.items() if n > 0)

    def branches(self, name: str) -> bool:
        """Whether a name that is held goes on behind this one in brackets: "Tea House (West)"."""
        return self._branched[name] > 0

    @property
    def types(self) -> Collection[str]:
        """The types that there ever were."""
        return self._types.keys()

    def beginning_with(self, first: str) -> Collection[str]:
        """The entities of which a name of several words begins with this one, or a Chinese name with these two characters."""
        return self._begun.get(first, {}).keys()

    def in_words(self, id_: str) -> list[list[str]]:
        """The names of an entity that are several words, each as its words."""
        return _in_words(self.entities[id_])

    def in_chinese(self, id_: str) -> list[str]:
        """The Chinese names of an entity."""
        return _in_chinese(self.entities[id_])

    def ids(self, name: str) -> Sequence[str]:
        """The entities that bear a name, else those that have it as an alias."""
        return self.exact.get(name) or self.short.get(name) or ()


class _Folding(dict[int, str]):
    """Each character in one form of width, script and case, worked out once."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        folded = simplified(unicodedata.normalize("NFKC", character).lower())
        self[code] = folded if len(folded) == 1 else character
        return self[code]


_FOLDING = _Folding()


def fold(text: str) -> str:
    """The text in one form of width, brackets, script and case, each character in its place: offsets stay valid."""
    return text.translate(_FOLDING)


def _in_words(entity: NamedEntity) -> list[list[str]]:
    """The names of several English words."""
    named = (fold(name).split() for name in (entity.name, *entity.aliases) if name.isascii() and " " in name)
    return [words for words in named if len(words) > 1]


def _in_chinese(entity: NamedEntity) -> list[str]:
    return [fold(name) for name in (entity.name, *entity.aliases) if len(name) > _SHORT and HAN.match(name)]


def _aliases(entity: NamedEntity) -> list[str]:
    """Given aliases, and the name without what stands in brackets behind it."""
    bare = entity.name
    derived = []
    while (shorter := _BRACKETS.sub("", bare)) != bare and shorter:
        derived.append(shorter)
        bare = shorter
    return [*entity.aliases, *derived, *filter(None, map(in_other_numerals, (entity.name, *entity.aliases, *derived)))]
