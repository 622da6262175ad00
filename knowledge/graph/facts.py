"""What a graph states about its entities, as questions need it."""

from collections import Counter
from collections.abc import Mapping, Sequence

from knowledge.graph.dates import moment
from knowledge.graph.entities import PREFIX, Value
from knowledge.graph.memory import GraphMemory
from knowledge.graph.schema import CATEGORY_VALUES, LISTED
from knowledge.types import IS_A, Fact


class GraphFacts:
    """A view of a graph in memory; nodes are its ids. What the schema says is of the time at which it was made."""

    def __init__(self, memory: GraphMemory) -> None:
        self._memory = memory
        self._graph = memory.graph
        schema = memory.schema
        self.by_type = {type_: list(nodes) for type_, nodes in memory.by_type.items()}
        self.schema = {type_: schema.own(type_) for type_ in self.by_type}
        self.links: dict[str, frozenset[str]] = {type_: schema.leads(type_) for type_ in schema.types}
        self.undescribed, listing = _undescribed(memory)
        self.sets = schema.sets | listing
        self.flags = schema.flags
        self.categories = {**schema.categories, **self.undescribed}
        self.relations = schema.relations
        self.targets: Mapping[str, str] = schema.targets

    def name(self, node: str) -> str:
        """The name that the source gives it."""
        return self._memory.entity(node).name

    def all_names(self, node: str) -> Sequence[str]:
        """Every name that it goes by."""
        entity = self._memory.entity(node)
        own = (name for statement in entity.statements.values() for name in statement.names.values())
        return (entity.name, *entity.aliases, *own)

    def names(self, language: str) -> dict[str, str]:
        """Name → the name in a language, for those that have one."""
        return {entity.name: own for entity in self._memory.entities() if (own := entity.named(language))}

    def known(self, node: str) -> bool:
        """Whether some source describes it."""
        return self._memory.entity(node).known

    def telling(self, node: str) -> str:
        """Its name, with its type where another thing bears the same."""
        entity = self._memory.entity(node)
        return f"{entity.name} ({entity.type})" if len(self._memory.known_as(entity.name)) > 1 else entity.name

    def kind(self, node: str) -> Fact:
        """That it is of its type, as a fact."""
        entity = self._memory.entity(node)
        return Fact(head=entity.name, relation=IS_A, tail=entity.type, source_id=next(iter(entity.statements), ""))

    def type(self, node: str) -> str:
        """The type of a node."""
        return self._memory.entity(node).type

    def own(self, node: str) -> frozenset[str]:
        """Relations of values that things of its type have."""
        return self.schema.get(self.type(node), frozenset())

    def may_state(self, node: str) -> frozenset[str]:
        """Relations of values and of links that things of its type have."""
        return self.own(node) | self.links.get(self.type(node), frozenset())

    def values(self, node: str, relation: str) -> Sequence[Value]:
        """Literal values, without links."""
        return self._memory.entity(node).values(relation)

    def number(self, node: str, relation: str) -> float | None:
        """The first number that it has for a relation, or the first date, in years."""
        return next((n for value in self.values(node, relation) if (n := numeric(value)) is not None), None)

    def tails(self, node: str, relation: str) -> list[str]:
        """Where a relation leads from here."""
        return [tail for tail, stated in self._graph.adj[node].items() if relation in stated]

    def heads(self, node: str, relation: str) -> list[str]:
        """From where a relation leads here."""
        return [head for head, stated in self._graph.pred[node].items() if relation in stated]

    def leads(self, node: str) -> frozenset[str]:
        """Relations that lead from this very node."""
        return self._memory.entity(node).leads

    def leading_here(self, node: str) -> frozenset[str]:
        """Relations that lead from others to this very node."""
        return frozenset(relation for stated in self._graph.pred[node].values() for relation in stated)

    def stated(self, node: str) -> frozenset[str]:
        """Relations for which this very node has a value."""
        return self._memory.entity(node).relations

    def has(self, node: str, relation: str) -> bool:
        """Whether anything is stated for a relation."""
        return relation in self.leads(node) or bool(self.values(node, relation))

    def seen(self, relation: str) -> Sequence[str]:
        """The texts that a relation has, where they are not too many to know."""
        return self._memory.schema.seen(relation) or ()

    def listed(self, relation: str) -> Sequence[str]:
        """All texts that a relation has anywhere."""
        seen = self._memory.schema.seen(relation)
        if seen is not None:
            return seen
        values = (value for entity in self._memory.entities() for value in entity.values(relation))
        return tuple(dict.fromkeys(value for value in values if isinstance(value, str)))

    def facts(self, node: str, relation: str) -> tuple[Fact, ...]:
        """The values of a relation or, where there are none, the names that it leads to."""
        if values := self.values(node, relation):
            return tuple(self.fact(node, relation, value) for value in values)
        return tuple(self.link(node, relation, tail) for tail in self.tails(node, relation))

    def fact(self, node: str, relation: str, value: Value) -> Fact:
        """One value as a fact, with its source."""
        entity = self._memory.entity(node)
        return self._fact(node, relation, said(value), entity.source_of(relation, value))

    def link(self, head: str, relation: str, tail: str) -> Fact:
        """One edge between entities as a fact, with its source."""
        stated = self._graph.get_edge_data(head, tail) or {}
        return self._fact(head, relation, self.name(tail), next(iter(stated.get(relation, ())), ""))

    def _fact(self, node: str, relation: str, tail: str, source: str) -> Fact:
        entity = self._memory.entity(node)
        statement = entity.statements.get(source)
        quote = statement.quotes.get((relation, tail), "") if statement and statement.quotes else ""
        return Fact(head=entity.name, relation=relation, tail=tail, source_id=source.removeprefix(PREFIX), quote=quote)


def _undescribed(memory: GraphMemory) -> tuple[dict[str, list[str]], frozenset[str]]:
    """Relation → names that it leads to and that no source describes, which are then like values; and those relations that
    lead from one thing to several of these at once: lists.
    """
    names: dict[str, dict[str, None]] = {}
    times: Counter[tuple[str, str]] = Counter()
    for node, heads in memory.graph.pred.items():
        if memory.entity(node).known:
            continue
        for head, stated in heads.items():
            for relation in stated:
                names.setdefault(relation, {})[memory.entity(node).name] = None
                times[head, relation] += 1
    found = {relation: list(known) for relation, known in names.items() if len(known) <= CATEGORY_VALUES}
    return found, frozenset(relation for (_, relation), n in times.items() if n > LISTED and relation in found)


def numeric(value: Value) -> float | None:
    """A value as a number, a date in years; None for any other text."""
    return value if isinstance(value, float) else moment(value)


def said(value: Value) -> str:
    """A value as text, a number without a needless fraction."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
