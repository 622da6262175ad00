"""Proves that a thing meets the conditions of a question, by the facts that say so."""

from knowledge.graph.facts import GraphFacts, numeric
from knowledge.graph.reading.bounds import Bound
from knowledge.graph.reading.conditions import Conditions
from knowledge.graph.reading.flags import Flag
from knowledge.graph.truth import TRUTH
from knowledge.graph.values import is_kind_of
from knowledge.types import Fact

_MOST = 20


class Prover:
    """Holds things against conditions."""

    def __init__(self, facts: GraphFacts) -> None:
        self._facts = facts

    def proof(self, node: str, conditions: Conditions) -> tuple[Fact, ...] | None:
        """The facts by which a thing meets all conditions; None when it does not."""
        facts: list[Fact] = []
        wanted: dict[str, list[str]] = {}
        for relation, value in conditions.equals:
            wanted.setdefault(relation, []).append(value)
        for relation, values in wanted.items():
            stated = self._facts.facts(node, relation)
            fitting = {v: f for v in values for f in reversed(stated) if self._is(relation, v, f.tail)}
            if not fitting or (relation in self._facts.sets and len(fitting) < len(values)):
                return None
            facts.extend(fitting.values())
        for relation, value in conditions.excluded:
            if (lacking := self._lacking(node, relation, value)) is None:
                return None
            facts.extend(lacking)
        if conditions.beside:
            beside = [fact for relation in conditions.beside for fact in self._facts.facts(node, relation)]
            if not beside:
                return None
            facts.extend(beside)
        for bound in conditions.bounds:
            fact = self._within(node, bound)
            if fact is None:
                return None
            facts.append(fact)
        for flag in conditions.flags:
            fact = self._flagged(node, flag)
            if fact is None:
                return None
            facts.append(fact)
        return tuple(facts)

    def _lacking(self, node: str, relation: str, value: str) -> tuple[Fact, ...] | None:
        """What a thing states instead of a value; None where it has the value, or may have it.

        A thing of which nothing is stated does not lack a value: of a hotel without a city it is not known that it is not in
        Dunmore. Of lists of what things have (more than three at once somewhere) silence is a statement: who lists nothing has
        nothing.
        """
        facts = self._facts.facts(node, relation)
        silent = not facts and not (relation in self._facts.sets and relation in self._facts.may_state(node))
        if silent or any(self._is(relation, value, fact.tail) for fact in facts):
            return None
        return facts[:_MOST]

    def _is(self, relation: str, asked: str, value: str) -> bool:
        return is_kind_of(asked, value) if relation in self._facts.sets else asked.lower() == value.lower()

    def _flagged(self, node: str, flag: Flag) -> Fact | None:
        """The fact that meets the condition; a thing of which nothing is stated meets neither it nor its opposite."""
        for value in self._facts.values(node, flag.relation):
            if TRUTH.get(str(value).lower()) is flag.holds:
                return self._facts.fact(node, flag.relation, value)
        return None

    def _within(self, node: str, bound: Bound) -> Fact | None:
        for relation in bound.relations:
            for value in self._facts.values(node, relation):
                if (number := numeric(value)) is not None and bound.holds(number):
                    return self._facts.fact(node, relation, value)
        return None
