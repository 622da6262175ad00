"""What a graph states about its entities, and the schema that shows itself in it."""

from collections import Counter
from collections.abc import Sequence
from functools import cached_property

import networkx as nx

from knowledge.graph.flags import flag_relations
from knowledge.graph.records import Value
from knowledge.types import Fact

_CATEGORY_VALUES = 80
_LISTED = 3  # a relation with more values than this at once is a list of things


class GraphFacts:
    """A read-only view of a graph as `build_graph` makes it; nodes are its ids."""

    def __init__(self, graph: "nx.MultiDiGraph[str]") -> None:
        self._graph = graph
        known = [(node, data) for node, data in graph.nodes(data=True) if data["known"]]
        self.by_type: dict[str, list[str]] = {}
        self.schema: dict[str, set[str]] = {}
        for node, data in known:
            self.by_type.setdefault(data["type"], []).append(node)
            self.schema.setdefault(data["type"], set()).update(data["values"], data["lacks"])
        stated = [data["values"] for _, data in known]
        self.sets = {r for values in stated for r, items in values.items() if len(items) > _LISTED}
        self.categories = _categories(stated)
        self.flags = flag_relations(stated)

    @cached_property
    def relations(self) -> tuple[str, ...]:
        """All relations, of values and of links, in order of their names."""
        edges = {key for _, _, key in self._graph.edges(keys=True)}
        return tuple(sorted(edges.union(*self.schema.values())))

    @cached_property
    def targets(self) -> dict[str, str]:
        """Relation → type of nearly everything that it leads to, "" where that differs."""
        counts: dict[str, Counter[str]] = {}
        for _, tail, key in self._graph.edges(keys=True):
            counts.setdefault(key, Counter())[self.type(tail)] += 1
        return {
            key: best if n > 0.8 * count.total() else ""
            for key, count in counts.items()
            for best, n in count.most_common(1)
        }

    @cached_property
    def links(self) -> dict[str, set[str]]:
        """Type → relations that lead from its things to others."""
        found: dict[str, set[str]] = {}
        for head, _, key in self._graph.edges(keys=True):
            found.setdefault(self.type(head), set()).add(key)
        return found

    def name(self, node: str) -> str:
        """The name that the source gives it."""
        return str(self._graph.nodes[node]["name"])

    def names(self, language: str) -> dict[str, str]:
        """Name → the name in a language, for those that have one."""
        nodes = self._graph.nodes(data=True)
        return {data["name"]: data["names"][language] for _, data in nodes if language in data["names"]}

    def type(self, node: str) -> str:
        """The type of a node."""
        return str(self._graph.nodes[node]["type"])

    def own(self, node: str) -> set[str]:
        """Relations of values that things of its type have."""
        return self.schema.get(self.type(node), set())

    def values(self, node: str, relation: str) -> Sequence[Value]:
        """Literal values, without links."""
        stated: Sequence[Value] = self._graph.nodes[node]["values"].get(relation, ())
        return stated

    def number(self, node: str, relation: str) -> float | None:
        """The first number that it has for a relation."""
        return next((value for value in self.values(node, relation) if isinstance(value, float)), None)

    def tails(self, node: str, relation: str) -> list[str]:
        """Where a relation leads from here."""
        return [tail for _, tail, key in self._graph.out_edges(node, keys=True) if key == relation]

    def heads(self, node: str, relation: str) -> list[str]:
        """From where a relation leads here."""
        return [head for head, _, key in self._graph.in_edges(node, keys=True) if key == relation]

    def leads(self, node: str) -> set[str]:
        """Relations that lead from this very node."""
        return {key for _, _, key in self._graph.out_edges(node, keys=True)}

    def has(self, node: str, relation: str) -> bool:
        """Whether anything is stated for a relation."""
        return bool(self.values(node, relation)) or relation in self.leads(node)

    def facts(self, node: str, relation: str) -> tuple[Fact, ...]:
        """The values of a relation or, where there are none, the names that it leads to."""
        values = self.values(node, relation) or [self.name(tail) for tail in self.tails(node, relation)]
        return tuple(self.fact(node, relation, value) for value in values)

    def fact(self, node: str, relation: str, value: Value) -> Fact:
        """One fact, with its source."""
        source = str(self._graph.nodes[node]["source"])
        return Fact(head=self.name(node), relation=relation, tail=said(value), source_id=source)


def said(value: Value) -> str:
    """A value as text, a number without a needless fraction."""
    return f"{value:g}" if isinstance(value, float) and abs(value) < 1e6 else str(value)


def _categories(stated: Sequence[dict[str, list[Value]]]) -> dict[str, list[str]]:
    """Relation → texts that it has over and over, which a question may use as conditions."""
    counts: dict[str, Counter[str]] = {}
    for values in stated:
        for relation, items in values.items():
            counts.setdefault(relation, Counter()).update(
                item for item in items if isinstance(item, str) and len(item) < 30
            )
    return {
        relation: [value for value, n in count.items() if n > 1 and value.lower() not in {"yes", "no"}]
        for relation, count in counts.items()
        if 0 < len(count) <= _CATEGORY_VALUES
    }
