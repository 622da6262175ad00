"""Tells whether what is stated of an entity says what was asked, or only something near it."""

from collections import Counter
from collections.abc import Sequence
from functools import cached_property

from knowledge.graph.facts import GraphFacts, said
from knowledge.graph.reading import Reading
from knowledge.graph.reading.days import days_in
from knowledge.graph.reading.lexicon import Lexicon
from knowledge.graph.unit_names import bare_label

_LIGHT = frozenset({"not", "还", "带", "设", "边", "用", "下", "内", "备"})
"""What is left of words that ask for nothing more than whether there is something: "or not", 还有, 设有, 那边."""


class Fitting:
    """Holds the facts of one graph against questions."""

    def __init__(self, facts: GraphFacts, lexicon: Lexicon) -> None:
        self._facts = facts
        self._lexicon = lexicon
        self._prices = frozenset(lexicon.concept_relations("price"))
        self._timed = frozenset(relation for relation in facts.relations if days_in(self._named(relation)))
        self._hours = frozenset(lexicon.concept_relations("hours")) | self._timed
        self._stock = frozenset(lexicon.concept_relations("stock"))

    def is_another(self, node: str, reading: Reading) -> bool:
        """Whether words beside the name make it the name of something else: 3段 of what is 1段, 100克 of what has 50克."""
        if reading.goes_on or (reading.beyond and reading.beyond in self._kinds):
            return True
        texts = self._texts(node) if reading.variants else ()
        if any(variant.denied_by(texts) for variant in reading.variants):
            return True
        return any(self._denies(node, reading, bound.relations) for bound in reading.conditions.bounds)

    @cached_property
    def _kinds(self) -> frozenset[str]:
        """The words that say what kind of thing a name is of: those of types, and those in which several names end."""
        types = (word for type_ in self._facts.by_type for word in type_.lower().split())
        names = (self._facts.name(node).lower().split() for nodes in self._facts.by_type.values() for node in nodes)
        ends = Counter(name[-1] for name in names if len(name) > 1)
        return frozenset((*types, *(word for word, count in ends.items() if count > 1)))

    def _denies(self, node: str, reading: Reading, relations: Sequence[str]) -> bool:
        """Whether something else is asked of a thing of which a number is said that it does not have ("with 512 GB")."""
        asked = [relation for relation in reading.asked if relation in self._facts.own(node)]
        if not asked or set(asked) & set(relations) or self._prices & set(relations):
            return False
        bounds = [b for b in reading.conditions.bounds if b.relations == relations and b.telling and b.operator in "=≈"]
        numbers = [n for relation in relations if (n := self._facts.number(node, relation)) is not None]
        return bool(numbers) and any(not bound.holds(number) for bound in bounds for number in numbers)

    def says_it(self, node: str, relation: str, reading: Reading) -> bool:
        """Whether a relation's fact answers: that there is a pool says nothing of whether it is heated, the size of a club is not
        that of its pool, and the hours of weekdays say nothing of Sundays.
        """
        own = self._facts.own(node) - self._stock
        had = [flag for flag in reading.conditions.flags if flag.relation in own]
        of_others = any(flag.relation != relation for flag in had)
        if of_others and (relation in self._hours or any(flag.part for flag in had)):
            return False
        if relation in self._facts.flags:
            return self._all_read(relation, reading)
        return self.speaks_of_days(relation, [said(value) for value in self._facts.values(node, relation)], reading)

    def by_day(self, node: str, asked: Sequence[str], reading: Reading) -> list[str]:
        """The relations asked for that each state the same of other days, where no day is named: weekday and weekend hours."""
        if reading.days or not asked or asked[0] not in self._timed or reading.rest.asks_else:
            return []
        return [r for r in self._facts.relations if r in asked and r in self._timed and self._facts.has(node, r)]

    def _all_read(self, relation: str, reading: Reading) -> bool:
        rest, wanted = reading.rest, reading.conditions
        words = [word for word in (*rest.unread, *rest.left) if word not in _LIGHT]
        asks_else = reading.comparative or reading.phrasing.manner or reading.phrasing.open
        others = set(reading.asked) - {relation, *self._facts.flags, *self._lexicon.near_relations}
        more = words or rest.unclear or reading.variants or wanted.bounds or wanted.values
        return not (more or asks_else or others)

    def speaks_of_days(self, relation: str, values: Sequence[str], reading: Reading) -> bool:
        """Whether a price, or hours, are those of the days that are asked about; of no day, where none is named."""
        if not reading.days or relation not in self._hours | self._prices:
            return True
        return reading.days <= days_in("\n".join((self._named(relation), *values)))

    def _named(self, relation: str) -> str:
        """A relation's names, a line each."""
        return "\n".join((relation.replace("_", " "), bare_label(relation), *self._lexicon.labels.get(relation, ())))

    def _texts(self, node: str) -> list[str]:
        """Its names, and what is stated of it as text."""
        values = (value for relation in self._facts.stated(node) for value in self._facts.values(node, relation))
        return [*self._facts.all_names(node), *(value for value in values if isinstance(value, str))]
