"""What the graph states, laid out for comparing with what is said: values and links by entity and relation, their shapes."""

import re
import string
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from knowledge.graph.entities import EntityRecord, Key, Value
from knowledge.graph.name_table import fold
from knowledge.graph.values import number_of
from knowledge.text.han import HAN

_SINGLE = 1.15
"""Values of a relation at each entity, on average, up to which it is one that has one value (a price)."""

_LEAST = 5
_ANY_DIGIT = re.compile(r"\d+")
_SEPARATORS = re.compile(r"\s*[;；、]\s*|(?<=\d{6})\s*[,，/和]\s*(?=[\d(（+])")
_FEW = 40
"""Different values of a relation up to which it is a choice (a class of hotels)."""


@dataclass
class Known:
    """All statements of a graph. values, links: (entity, relation) to texts as they are compared."""

    values: dict[tuple[Key, str], dict[str, str]] = field(default_factory=dict)
    links: dict[tuple[Key, str], dict[str, str]] = field(default_factory=dict)
    types: dict[str, list[Key]] = field(default_factory=lambda: defaultdict(list))
    names: dict[str, list[Key]] = field(default_factory=lambda: defaultdict(list))
    aliases: dict[Key, set[str]] = field(default_factory=lambda: defaultdict(set))

    @classmethod
    def of(cls, records: Iterable[EntityRecord]) -> "Known":
        """From the records of all sources."""
        known = cls()
        for record in records:
            known._take(record)
        return known

    def _take(self, record: EntityRecord) -> None:
        key = record.key
        if key not in self.aliases:
            self.types[record.type].append(key)
            self.names[fold(record.name)].append(key)
        self.aliases[key].update(map(fold, record.aliases))
        for relation, items in record.values.items():
            held = self.values.setdefault((key, relation), {})
            held.update((plain(text), text) for item in items for text in parts(written(item)))
        for relation, names in record.links.items():
            held = self.links.setdefault((key, relation), {})
            held.update((plain(name), name) for name in names)

    @cached_property
    def relations(self) -> dict[str, dict[str, int]]:
        """Relation of values → types that have it → at how many entities."""
        found: dict[str, Counter[str]] = defaultdict(Counter)
        for ((type_, _), relation), held in self.values.items():
            found[relation][type_] += bool(held)
        return {relation: dict(types) for relation, types in found.items() if sum(types.values()) >= _LEAST}

    @cached_property
    def edges(self) -> dict[str, dict[str, int]]:
        """Relation of links → types that have it → at how many entities."""
        found: dict[str, Counter[str]] = defaultdict(Counter)
        for ((type_, _), relation), held in self.links.items():
            found[relation][type_] += bool(held)
        return {relation: dict(types) for relation, types in found.items() if sum(types.values()) >= _LEAST}

    @cached_property
    def targets(self) -> dict[str, str]:
        """Relation of links → type of most of what it leads to, "" where that differs."""
        found: dict[str, Counter[str]] = defaultdict(Counter)
        for (_, relation), held in self.links.items():
            found[relation].update(keys[0][0] for name in held if (keys := self.names.get(name)))
        best = {relation: types.most_common(1)[0] for relation, types in found.items() if types}
        return {relation: type_ if n > 0.8 * found[relation].total() else "" for relation, (type_, n) in best.items()}

    @cached_property
    def single(self) -> frozenset[str]:
        """Relations of which an entity has one value: another one contradicts it."""
        sizes: dict[str, list[int]] = defaultdict(list)
        for (_, relation), held in self.values.items():
            if held:
                sizes[relation].append(len(held))
        return frozenset(relation for relation, counts in sizes.items() if sum(counts) <= _SINGLE * len(counts))

    @cached_property
    def alphabets(self) -> dict[str, str]:
        """Relation → the characters of all its values, where these are digits and signs alone; "" for texts."""
        found: dict[str, Counter[str]] = defaultdict(Counter)
        for (_, relation), held in self.values.items():
            for text in held.values():
                # Where there are digits there may be any.
                found[relation].update(set(_ANY_DIGIT.sub(string.digits, fold(text))))
        return {
            relation: ""
            if sum(n for c, n in counts.items() if c.isalpha() or HAN.match(c)) * 20 > counts.total()
            else "".join(c for c in counts if not c.isalpha() and not HAN.match(c))
            for relation, counts in found.items()
        }

    @cached_property
    def choices(self) -> dict[str, frozenset[str]]:
        """Relation → all its values, where they are few texts and come again and again."""
        found: dict[str, Counter[str]] = defaultdict(Counter)
        for (_, relation), held in self.values.items():
            found[relation].update(list(held))
        return {
            relation: frozenset(counts)
            for relation, counts in found.items()
            if len(counts) <= _FEW and counts.total() >= _LEAST * len(counts) and not self.alphabets.get(relation)
        }

    @cached_property
    def bounds(self) -> dict[str, "Bounds"]:
        """Relation → what its values are like."""
        found: dict[str, list[str]] = defaultdict(list)
        for (_, relation), held in self.values.items():
            found[relation].extend(held)
        return {relation: Bounds.of(values) for relation, values in found.items() if values}

    @cached_property
    def spelled(self) -> dict[str, str]:
        """Relations by how they are spoken: small, with blanks."""
        relations = {relation for _, relation in (*self.values, *self.links)}
        return {" ".join(fold(relation).replace("_", " ").split()): relation for relation in relations}

    @cached_property
    def _bearers(self) -> dict[str, list[Key]]:
        found: dict[str, list[Key]] = defaultdict(list)
        for name, keys in self.names.items():
            found[name].extend(keys)
        for key, aliases in self.aliases.items():
            for alias in aliases:
                if key not in found[alias]:
                    found[alias].append(key)
        return dict(found)

    def bearers(self, name: str) -> list[Key]:
        """The entities that have a name or alias, as compared."""
        return self._bearers.get(fold(name), [])

    def holds(self, key: Key, relation: str, value: str) -> bool:
        """Whether a value is held, or a part of one that is, or one with more to it."""
        told = plain(value)
        held = self.values.get((key, relation), {})
        return told in held or any(min(len(told), len(one)) >= _LEAST and (told in one or one in told) for one in held)


@dataclass(frozen=True, slots=True)
class Bounds:
    """The lengths of a relation's values, and the least and the greatest of those that are numbers."""

    shortest: int
    longest: int
    least: float
    most: float

    @classmethod
    def of(cls, values: list[str]) -> "Bounds":
        """Of all values of a relation."""
        lengths = sorted(map(len, values))
        numbers = {number for value in values if (number := number_of(value)) is not None}
        least, most = min(numbers, default=0.0), max(numbers, default=0.0)
        # A little wider than what was seen, as far as little was seen.
        beyond = (most - least) / (len(numbers) or 1)
        return cls(lengths[0], lengths[-1], least - beyond, most + beyond)

    def fit(self, value: str) -> bool:
        """Whether another value may be one of them."""
        number = number_of(value)
        inside = number is None or not self.most or self.least <= number <= self.most
        return self.shortest <= len(value) <= self.longest and inside


def written(value: Value) -> str:
    """A value as people write it: whole numbers without a fraction."""
    return f"{value:g}" if isinstance(value, float) else value


def parts(text: str) -> list[str]:
    """The values in a text that lists several."""
    return [part for part in _SEPARATORS.split(text) if part]


def plain(text: str) -> str:
    """A value as it is compared: one width and case, no blanks and no signs at its ends."""
    folded = re.sub(r"\s+", "", fold(text)).strip(".,;:。，；：、!！?？~～\"'“”")
    return re.sub(r"^[¥$€£]", "", folded)
