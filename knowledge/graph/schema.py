"""The schema that shows itself in what a graph states, counted as statements come and go."""

from collections import Counter
from collections.abc import Mapping, Sequence

from knowledge.graph.distances import names_place
from knowledge.graph.entities import EntityRecord
from knowledge.graph.truth import is_truth

CATEGORY_VALUES = 80
LISTED = 3  # a relation with more values than this at once is a list of things
_COUNTED = 2000  # different values of a relation from which on they are no longer counted
_CATEGORY_CHARS = 30
_OFTEN = 1.5  # statements for each different value, from which on all values are as good as those found twice


class Schema:
    """Which types have which relations, and what kind of values these have."""

    def __init__(self) -> None:
        self._relations: dict[str, Counter[str]] = {}
        self._sets: Counter[str] = Counter()
        self._values: dict[str, Counter[str] | None] = {}
        self._plain: Counter[str] = Counter()
        self._stated: Counter[str] = Counter()
        self._links: Counter[tuple[str, str, str]] = Counter()

    def count(self, entity: EntityRecord, step: int) -> None:
        """Counts what an entity states, or no longer states (step −1)."""
        of_type = self._relations.setdefault(entity.type, Counter())
        for relation in entity.lacks:
            of_type[relation] += step
        for relation, items in entity.values.items():
            of_type[relation] += step
            self._stated[relation] += step
            if len(items) > LISTED:
                self._sets[relation] += step
            if not all(map(is_truth, items)):
                self._plain[relation] += step
            self._count_values(relation, items, step)

    def count_link(self, head_type: str, relation: str, tail_type: str, step: int) -> None:
        """Counts a link, or one that is gone."""
        self._links[head_type, relation, tail_type] += step

    def _count_values(self, relation: str, items: Sequence[object], step: int) -> None:
        # A name for everything (an address) is no category; counting its values would hold each of them twice.
        counts = self._values.setdefault(relation, Counter())
        if counts is None:
            return
        for item in items:
            if isinstance(item, str) and len(item) < _CATEGORY_CHARS:
                counts[item] += step
        if len(counts) > _COUNTED:
            self._values[relation] = None

    @property
    def types(self) -> tuple[str, ...]:
        """Types that something is stated of."""
        return tuple(self._relations)

    def own(self, type_: str) -> frozenset[str]:
        """Relations of values that things of a type have."""
        return frozenset(r for r, n in self._relations.get(type_, {}).items() if n > 0)

    def leads(self, type_: str) -> frozenset[str]:
        """Relations that lead from things of a type to others."""
        return frozenset(relation for (head, relation, _), n in self._links.items() if head == type_ and n > 0)

    @property
    def relations(self) -> tuple[str, ...]:
        """All relations, of values and of links, in order of their names."""
        own = {relation for count in self._relations.values() for relation, n in count.items() if n > 0}
        return tuple(sorted(own | {relation for (_, relation, _), n in self._links.items() if n > 0}))

    @property
    def targets(self) -> Mapping[str, str]:
        """Relation → type of nearly everything that it leads to, "" where that differs."""
        counts: dict[str, Counter[str]] = {}
        for (_, relation, tail), n in self._links.items():
            if n > 0:
                counts.setdefault(relation, Counter())[tail] += n
        best = {relation: count.most_common(1)[0] for relation, count in counts.items()}
        return {r: type_ if n > 0.8 * counts[r].total() else "" for r, (type_, n) in best.items()}

    @property
    def sets(self) -> frozenset[str]:
        """Relations with many values at once: lists of things."""
        return frozenset(relation for relation, n in self._sets.items() if n > 0)

    @property
    def flags(self) -> frozenset[str]:
        """Relations that state nothing but that something holds or does not."""
        return frozenset(r for r, n in self._stated.items() if n > 0 and self._plain[r] <= 0)

    @property
    def categories(self) -> dict[str, list[str]]:
        """Relation → texts which a question may use as conditions: what is found over and over, and all of a relation of
        places, of lists of things, or of few values for many things.
        """
        found = {r: {v: n for v, n in counts.items() if n > 0} for r, counts in self._values.items() if counts}
        least = {
            relation: 1 if self._all_tell(relation, counts) else 2
            for relation, counts in found.items()
            if 0 < len(counts) <= CATEGORY_VALUES
        }
        return {
            relation: [v for v, n in found[relation].items() if n >= times and v.lower() not in {"yes", "no"}]
            for relation, times in least.items()
        }

    def _all_tell(self, relation: str, counts: Mapping[str, int]) -> bool:
        """Whether even a value that one thing alone has is a condition ("a hotel with a hot spring")."""
        often = sum(counts.values()) >= _OFTEN * len(counts)
        return often or relation in self.sets or names_place((relation,))

    def seen(self, relation: str) -> tuple[str, ...] | None:
        """Texts that a relation has anywhere; None where they are too many to be counted."""
        counts = self._values.get(relation, Counter())
        return None if counts is None else tuple(value for value, n in counts.items() if n > 0)
