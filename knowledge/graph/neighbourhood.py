"""What lies around one entity: its own values, and what is joined to it in either direction, a few steps far."""

from collections.abc import Iterator
from dataclasses import dataclass

from knowledge.graph.facts import GraphFacts
from knowledge.types import Fact

_FIRST, _BESIDE, _FURTHER = (
    10,
    4,
    3,
)  # things of a group that are shown: next to the entity alone, next to it with others behind, and behind
_VALUES = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """A thing that is joined to another, and what is joined to it in turn."""

    name: str
    type: str
    fact: Fact
    groups: tuple["Group", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Things joined by one relation. outward: whether it leads to them, or from them; more: how many are not shown."""

    relation: str
    outward: bool
    things: tuple[Near, ...]
    more: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbourhood:
    """One entity with what is stated of it and around it. more: values that are not shown."""

    id: str
    name: str
    type: str
    values: tuple[Fact, ...]
    more: int
    groups: tuple[Group, ...]

    @property
    def edges(self) -> Iterator[Fact]:
        """All edges that are shown."""
        stack = list(self.groups)
        while stack:
            group = stack.pop(0)
            for thing in group.things:
                yield thing.fact
                stack.extend(thing.groups)


class Surveyor:
    """Looks around entities."""

    def __init__(self, facts: GraphFacts) -> None:
        self._facts = facts

    def around(self, node: str, hops: int) -> Neighbourhood:
        """What lies up to so many steps around an entity; a thing that is shown once is not shown again."""
        relations = sorted(self._facts.stated(node))
        values = [fact for relation in relations for fact in self._facts.facts(node, relation)]
        seen = {node}
        groups = self._groups(node, seen, _FIRST if hops == 1 else _BESIDE)
        for _ in range(hops - 1):
            groups = tuple(self._further(group, seen) for group in groups)
        return Neighbourhood(
            id=node,
            name=self._facts.name(node),
            type=self._facts.type(node),
            values=tuple(values[:_VALUES]),
            more=max(0, len(values) - _VALUES),
            groups=groups,
        )

    def _further(self, group: Group, seen: set[str]) -> Group:
        things = []
        for thing in group.things:
            node = f"{thing.type}/{thing.name}"
            groups = tuple(self._further(g, seen) for g in thing.groups) or self._groups(node, seen, _FURTHER)
            things.append(Near(name=thing.name, type=thing.type, fact=thing.fact, groups=groups))
        return Group(relation=group.relation, outward=group.outward, things=tuple(things), more=group.more)

    def _groups(self, node: str, seen: set[str], most: int) -> tuple[Group, ...]:
        found = []
        for relation in sorted(self._facts.leads(node)):
            tails = [tail for tail in self._facts.tails(node, relation) if tail not in seen]
            found.append((relation, True, tails))
        for relation in sorted(self._facts.leading_here(node)):
            heads = [head for head in self._facts.heads(node, relation) if head not in seen]
            found.append((relation, False, heads))
        groups = []
        for relation, outward, nodes in found:
            shown = [other for other in nodes[:most] if other not in seen]
            seen.update(shown)
            things = tuple(self._thing(node, relation, other, outward=outward) for other in shown)
            if things:
                groups.append(Group(relation=relation, outward=outward, things=things, more=len(nodes) - len(things)))
        return tuple(groups)

    def _thing(self, node: str, relation: str, other: str, *, outward: bool) -> Near:
        fact = self._facts.link(node, relation, other) if outward else self._facts.link(other, relation, node)
        return Near(name=self._facts.name(other), type=self._facts.type(other), fact=fact)
