"""Picks the things that meet a question's conditions: filtered, ranked, counted, listed, or asked a further value."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from knowledge.graph.facts import GraphFacts, numeric
from knowledge.graph.reading.bounds import Bound
from knowledge.graph.reading.flags import Flag
from knowledge.graph.reading.reader import Reading
from knowledge.graph.reading.scales import Scale
from knowledge.graph.truth import TRUTH
from knowledge.graph.values import is_kind_of
from knowledge.types import Fact, GraphAnswer, GraphForm, GraphStatus

_MAX_RESULTS = 20


@dataclass(frozen=True, slots=True)
class Chosen:
    """Things with the facts by which they were chosen, and the relation by which they were ranked, "" for none."""

    proof: dict[str, tuple[Fact, ...]]
    measure: str


class Selector:
    """Answers questions about several things at once."""

    def __init__(self, facts: GraphFacts) -> None:
        self._facts = facts

    def among(
        self,
        nodes: Sequence[str],
        reading: Reading,
        path: Callable[[str], tuple[Fact, ...]],
        *,
        subject: str,
        relation: str,
    ) -> GraphAnswer:
        """The answer about those of the nodes that meet the conditions. path: the facts that lead to a node."""
        if reading.unclear:
            return GraphAnswer(status=GraphStatus.UNSUPPORTED, subjects=(subject,), score=0.6)
        chosen = self.chosen(nodes, reading, path)
        proof, measure, scale = chosen.proof, chosen.measure, reading.superlative
        if not proof:
            return self._nothing(reading, subject=subject, relation=relation, measure=measure, any_of=bool(nodes))
        further = self._further(proof, reading, measure)
        if further:
            return self._values(proof, further, measure)
        names = tuple(map(self._facts.name, proof))
        form: GraphForm = "superlative" if scale else "count" if reading.count else "list"
        return GraphAnswer(
            status=GraphStatus.ANSWERED,
            form=form,
            subjects=(subject,),
            relation=relation,
            results=(str(len(names)),) if form == "count" else names[:_MAX_RESULTS],
            options=names if form == "count" else (str(len(names)),),
            measure=measure,
            facts=tuple(
                dict.fromkeys(fact for node in list(proof)[:_MAX_RESULTS] for fact in self._proven(node, proof))
            ),
            total=len(names),
            polar=reading.polarity,
            score=0.9,
        )

    def _proven(self, node: str, proof: Mapping[str, tuple[Fact, ...]]) -> tuple[Fact, ...]:
        """What a thing was chosen by; where nothing was asked of it, that it is of its kind."""
        return proof[node] or (self._facts.kind(node),)

    def verdicts(self, nodes: Sequence[str], reading: Reading) -> GraphAnswer | None:
        """Of each whether it is what is asked ("are the P4 and the P5 in stock"); None where more than that is asked."""
        if len(reading.flags) != 1 or reading.bounds or reading.equals or reading.superlative or reading.count:
            return None
        flag = reading.flags[0]
        facts = tuple(fact for node in nodes[:_MAX_RESULTS] for fact in self._facts.facts(node, flag.relation))
        if not facts or len(nodes) > _MAX_RESULTS or set(reading.asked) - {flag.relation}:
            return None
        return GraphAnswer(
            status=GraphStatus.ANSWERED,
            form="attribute",
            subjects=tuple(map(self._facts.name, nodes)),
            relation=flag.relation,
            results=tuple(fact.head for fact in facts if TRUTH.get(fact.tail.lower()) is flag.holds),
            options=() if flag.holds else ("not",),
            facts=facts,
            total=len(facts),
            polar=("has" if reading.has else "is") if reading.polar else "",
            score=0.95,
        )

    def chosen(self, nodes: Sequence[str], reading: Reading, path: Callable[[str], tuple[Fact, ...]]) -> "Chosen":
        """Those of the nodes that meet the conditions, the best of them where the question asks for the best."""
        proof = {node: (*path(node), *met) for node in nodes if (met := self._meets(node, reading)) is not None}
        scale, measure = reading.superlative, ""
        if scale is not None and proof:
            measure = self._measure(scale, list(proof), reading)
            best = self._extreme(list(proof), measure, highest=scale.highest)
            proof = {node: (*proof[node], *self._facts.facts(node, measure)) for node in best}
        return Chosen(proof, measure)

    def _nothing(self, reading: Reading, *, subject: str, relation: str, measure: str, any_of: bool) -> GraphAnswer:
        """Nothing meets the conditions: a count of none, else that there is no such thing."""
        counted = reading.count and any_of
        return GraphAnswer(
            status=GraphStatus.ANSWERED if counted else GraphStatus.MISSING,
            form="count" if counted else "list",
            subjects=(subject,),
            relation=relation,
            results=("0",) if counted else (),
            measure=measure,
            polar=reading.polarity,
            score=0.8,
        )

    def _further(self, proof: dict[str, tuple[Fact, ...]], reading: Reading, measure: str) -> str:
        """The relation whose values are asked of the things found ("the phone of the cheapest"), "" for none."""
        asked = [
            relation
            for relation in reading.asked
            if relation != measure
            and all(relation != flag.relation for flag in reading.flags)
            and not any(relation in bound.relations for bound in reading.bounds)
            and any(self._facts.has(node, relation) for node in proof)
        ]
        if not asked or reading.count or (reading.listing and not (reading.equals or reading.superlative)):
            return ""
        return "" if asked[0] in {relation for relation, _ in reading.equals} else asked[0]

    def _values(self, proof: dict[str, tuple[Fact, ...]], relation: str, measure: str) -> GraphAnswer:
        shown = list(proof)[:_MAX_RESULTS]
        values = tuple(fact for node in shown for fact in self._facts.facts(node, relation))
        return GraphAnswer(
            status=GraphStatus.ANSWERED,
            form="attribute",
            subjects=tuple(map(self._facts.name, proof)),
            relation=relation,
            results=tuple(fact.tail for fact in values),
            facts=tuple(dict.fromkeys((*(fact for node in shown for fact in proof[node]), *values))),
            total=len(values),
            measure=measure,
            score=0.9,
        )

    def _meets(self, node: str, reading: Reading) -> tuple[Fact, ...] | None:
        """The facts by which a thing meets all conditions; None when it does not."""
        facts: list[Fact] = []
        wanted: dict[str, list[str]] = {}
        for relation, value in reading.equals:
            wanted.setdefault(relation, []).append(value)
        for relation, values in wanted.items():
            stated = self._facts.facts(node, relation)
            fitting = {v: f for v in values for f in reversed(stated) if self._is(relation, v, f.tail)}
            if not fitting or (relation in self._facts.sets and len(fitting) < len(values)):
                return None
            facts.extend(fitting.values())
        for relation, value in reading.excluded:
            if (lacking := self._lacking(node, relation, value)) is None:
                return None
            facts.extend(lacking)
        if reading.beside:
            beside = [fact for relation in reading.beside for fact in self._facts.facts(node, relation)]
            if not beside:
                return None
            facts.extend(beside)
        for bound in reading.bounds:
            fact = self._within(node, bound)
            if fact is None:
                return None
            facts.append(fact)
        for flag in reading.flags:
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
        return facts[:_MAX_RESULTS]

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

    def _measure(self, scale: Scale, nodes: Sequence[str], reading: Reading) -> str:
        """The relation to rank by: of the superlative's own concept, or one the question names, that most have."""
        options = scale.relations or reading.asked
        counts = {r: sum(self._facts.number(node, r) is not None for node in nodes) for r in options}
        return max(counts, key=lambda r: counts[r]) if counts else ""

    def _extreme(self, nodes: Sequence[str], measure: str, *, highest: bool) -> list[str]:
        """The best, all of them where several share the first place."""
        numbers = {node: n for node in nodes if (n := self._facts.number(node, measure)) is not None}
        if not numbers:
            return []
        best = max(numbers.values()) if highest else min(numbers.values())
        return [node for node, number in numbers.items() if number == best]
