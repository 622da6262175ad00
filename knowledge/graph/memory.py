"""The graph in memory: a networkx graph to which the statements of sources are added and from which they are taken."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import networkx as nx

from knowledge.graph.entities import UNTYPED, EntityRecord, Value
from knowledge.graph.schema import Schema


@dataclass(slots=True)
class Entity:
    """One node. statements: source to what it states of it; none for a name that is only linked to."""

    id: str
    name: str
    type: str
    statements: dict[str, EntityRecord] = field(default_factory=dict)

    @property
    def known(self) -> bool:
        """Whether some source describes it."""
        return bool(self.statements)

    def values(self, relation: str) -> Sequence[Value]:
        """Its values for a relation, each once."""
        stated = [v for s in self.statements.values() if (v := s.values.get(relation))]
        return stated[0] if len(stated) == 1 else list(dict.fromkeys(value for items in stated for value in items))

    def source_of(self, relation: str, value: Value) -> str:
        """The first source that states a value."""
        return next((s for s, stated in self.statements.items() if value in stated.values.get(relation, ())), "")

    @property
    def aliases(self) -> tuple[str, ...]:
        """Its other names."""
        return tuple(dict.fromkeys(alias for stated in self.statements.values() for alias in stated.aliases))

    def named(self, language: str) -> str:
        """Its name in a language, "" where none is stated."""
        return next((s.names[language] for s in self.statements.values() if language in s.names), "")

    @property
    def relations(self) -> frozenset[str]:
        """Relations for which it has a value."""
        return frozenset(relation for stated in self.statements.values() for relation in stated.values)

    @property
    def leads(self) -> frozenset[str]:
        """Relations that lead from it to others."""
        return frozenset(relation for stated in self.statements.values() for relation in stated.links)


class GraphMemory:
    """Nodes are ids ("type/name") with an `Entity` each; an edge maps each relation to the sources that state it.

    A link to a name that no source describes leads to a node that is not known; as soon as one does, it leads there.
    """

    def __init__(self) -> None:
        self.graph: nx.DiGraph[str] = nx.DiGraph()
        self.schema = Schema()
        self.by_type: dict[str, dict[str, None]] = {}
        self.facts = 0
        self.targets: dict[str, Mapping[str, str]] = {}
        self._entities: dict[str, Entity] = {}
        self._by_name: dict[str, list[str]] = {}
        self._texts: dict[str, str] = {}
        self._alone: dict[str, tuple[str, ...]] = {}

    def entity(self, node: str) -> Entity:
        """The entity of a node."""
        return self._entities[node]

    def entities(self) -> Iterable[Entity]:
        """All that some source describes."""
        return (self.entity(node) for nodes in self.by_type.values() for node in nodes)

    @property
    def size(self) -> int:
        """Number of entities that some source describes."""
        return sum(map(len, self.by_type.values()))

    def describe(self, source: str, records: Iterable[EntityRecord], targets: Mapping[str, str]) -> list[str]:
        """Adds what a source states, in place of what it stated of the same entities; returns their nodes.

        targets: relation → type of what it leads to.
        """
        self.targets[source] = targets
        heads: list[tuple[str, EntityRecord]] = []
        added: dict[str, str] = {}
        for stated in records:
            record = self._lean(stated)
            node = f"{record.type}/{record.name}"
            entity = self._node(node, record.name, record.type)
            if not entity.known:
                added[node] = record.name
                self.by_type.setdefault(record.type, {})[node] = None
            elif earlier := entity.statements.get(source):
                self._take(node, source, earlier)
            entity.statements[source] = record
            self.schema.count(record, 1)
            self.facts += sum(map(len, record.values.values()))
            heads.append((node, stated))
        for name in dict.fromkeys(added.values()):
            self._lead_anew(name)
        for node, record in heads:
            self._link(node, source, record, targets)
        return [node for node, _ in heads]

    def forget(self, source: str, nodes: Iterable[str]) -> list[str]:
        """Takes away what a source states of some nodes; returns those that nobody describes any longer."""
        gone: dict[str, str] = {}
        for node in nodes:
            entity = self.entity(node)
            self._take(node, source, entity.statements.pop(source))
            if not entity.known:
                gone[node] = entity.name
                del self.by_type[entity.type][node]
        self.by_type = {type_: nodes for type_, nodes in self.by_type.items() if nodes}
        for name in dict.fromkeys(gone.values()):
            self._lead_anew(name)
        for node in gone:
            self._drop_unlinked(node)
        return list(gone)

    def known_as(self, name: str) -> list[str]:
        """The nodes of a name that some source describes."""
        return [node for node in self._by_name.get(name, ()) if self._entities[node].known]

    def describes(self, source: str, node: str) -> bool:
        """Whether a source states something of a node."""
        entity = self._entities.get(node)
        return entity is not None and source in entity.statements

    def described_by(self, source: str) -> list[str]:
        """The nodes that a source describes."""
        return [entity.id for entity in self.entities() if source in entity.statements]

    def _node(self, node: str, name: str, type_: str) -> Entity:
        if node not in self.graph:
            self._entities[node] = Entity(node, name, type_)
            self.graph.add_node(node)
            self._by_name.setdefault(name, []).append(node)
        return self.entity(node)

    def _lean(self, record: EntityRecord) -> EntityRecord:
        """The record with texts that it shares with others; where it leads stands in the edges."""
        share = self._texts.setdefault
        values = {
            relation: tuple(share(v, v) if isinstance(v, str) and len(v) < 30 else v for v in items)
            for relation, items in record.values.items()
        }
        return EntityRecord(
            name=record.name,
            type=share(record.type, record.type),
            aliases=record.aliases or (),
            values=values,
            links=dict.fromkeys(record.links, ()),
            lacks=record.lacks or (),
            names=record.names,
            quotes=record.quotes,
        )

    def _link(self, head: str, source: str, record: EntityRecord, targets: Mapping[str, str]) -> None:
        for relation, names in record.links.items():
            wanted = targets.get(relation, "")
            for name in names:
                self._join(head, self._target(name, wanted), relation, source)

    def _target(self, name: str, wanted: str) -> str:
        """The node that a name stands for: of the wanted type, else a known one, else one made for it."""
        fitting = ""
        for node in self._by_name.get(name, ()):
            entity = self.entity(node)
            if entity.known:
                if not wanted or entity.type == wanted:
                    return node
                fitting = fitting or node
        if not fitting:
            fitting = f"{wanted or UNTYPED}/{name}"
            self._node(fitting, name, wanted or UNTYPED)
        return fitting

    def _join(self, head: str, tail: str, relation: str, source: str) -> None:
        stated = self.graph.get_edge_data(head, tail)
        if stated is None:
            self.graph.add_edge(head, tail)
            stated = self.graph.get_edge_data(head, tail)
        alone = self._alone.setdefault(source, (source,))
        sources = stated.get(relation)
        if sources is None:
            stated[relation] = alone
            self.facts += 1
            self.schema.count_link(self.entity(head).type, relation, self.entity(tail).type, 1)
        elif source not in sources:
            stated[relation] = (*sources, source)

    def _part(self, head: str, tail: str, relation: str, source: str) -> None:
        stated = self.graph.adj[head][tail]
        left = tuple(other for other in stated[relation] if other != source)
        if left:
            stated[relation] = left
            return
        del stated[relation]
        self.facts -= 1
        self.schema.count_link(self.entity(head).type, relation, self.entity(tail).type, -1)
        if not stated:
            self.graph.remove_edge(head, tail)

    def _take(self, node: str, source: str, record: EntityRecord) -> None:
        self.schema.count(record, -1)
        self.facts -= sum(map(len, record.values.values()))
        edges = [(tail, r) for tail, stated in self.graph.adj[node].items() for r, s in stated.items() if source in s]
        for tail, relation in edges:
            self._part(node, tail, relation, source)
            if tail != node:
                self._drop_unlinked(tail)

    def _drop_unlinked(self, node: str) -> None:
        """Takes away a node that nobody describes and nothing leads to."""
        if node in self.graph and not self.entity(node).known and not self.graph.pred[node]:
            name = self._entities.pop(node).name
            self._by_name[name].remove(node)
            if not self._by_name[name]:
                del self._by_name[name]
            self.graph.remove_node(node)

    def _lead_anew(self, name: str) -> None:
        """Leads what led to a name to the node that now fits it best."""
        for node in list(self._by_name.get(name, ())):
            edges = [
                (head, relation, source)
                for head in self.graph.pred[node]
                for relation, sources in self.graph.adj[head][node].items()
                for source in sources
            ]
            for head, relation, source in edges:
                best = self._target(name, self.targets.get(source, {}).get(relation, ""))
                if best != node:
                    self._part(head, node, relation, source)
                    self._join(head, best, relation, source)
            self._drop_unlinked(node)
