"""Finds which of an entity's relations lead to the things that a question wants ("nearby restaurants")."""

from knowledge.graph.facts import GraphFacts
from knowledge.graph.reading import Reading
from knowledge.graph.reading.lexicon import Lexicon


class Surroundings:
    """Chooses relations from one entity to others."""

    def __init__(self, facts: GraphFacts, lexicon: Lexicon) -> None:
        self._facts = facts
        self._lexicon = lexicon

    def near(self, node: str, reading: Reading) -> list[str]:
        """Relations that lead from a node to what is wanted near it, those that it has first."""
        out, possible = self._facts.leads(node), self._possible(node)
        known = [r for r in self._lexicon.near_relations if r in out or r in possible]
        if reading.type:
            known = [r for r in known if self._facts.targets.get(r, "") in {reading.type, ""}] or self.leading_to(
                node, reading.type
            )
        else:
            wanted = set(reading.asked)
            typed = [r for r in known if wanted & self._facts.schema.get(self._facts.targets.get(r, ""), frozenset())]
            known = typed or known
        return sorted(known, key=lambda r: r not in out)

    def beside(self, node: str, type_: str) -> tuple[str, list[str]] | None:
        """The relation by which things of a type name this node as what they are near to, and those things; None for none."""
        for relation in sorted(
            self._facts.leading_here(node) & (self._lexicon.places | {*self._lexicon.near_relations})
        ):
            if heads := [head for head in self._facts.heads(node, relation) if self._facts.type(head) == type_]:
                return relation, heads
        return None

    def leading_to(self, node: str, type_: str) -> list[str]:
        """Relations from things of this node's type to things of another type."""
        return sorted(r for r in self._possible(node) if self._facts.targets.get(r) == type_)

    def _possible(self, node: str) -> frozenset[str]:
        return self._facts.links.get(self._facts.type(node), frozenset())
