"""Picks the things that meet a question's conditions: filtered, ranked, counted, listed, or asked a further value."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from knowledge.graph.answering.proving import Prover
from knowledge.graph.facts import GraphFacts
from knowledge.graph.reading import Reading
from knowledge.graph.reading.scales import Scale
from knowledge.graph.truth import TRUTH
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
        self._prover = Prover(facts)

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
        if reading.rest.unclear:
            return GraphAnswer(status=GraphStatus.UNSUPPORTED, subjects=(subject,), score=0.6)
        chosen = self.chosen(nodes, reading, path)
        proof, measure, scale = chosen.proof, chosen.measure, reading.conditions.superlative
        if scale is not None and nodes and not measure:
            return GraphAnswer(status=GraphStatus.UNSUPPORTED, subjects=(subject,), score=0.6)
        if not proof:
            return self._nothing(reading, subject=subject, relation=relation, measure=measure, any_of=bool(nodes))
        further = self._further(proof, reading, measure)
        if further:
            return self._values(proof, further, measure)
        names = tuple(map(self._facts.name, proof))
        form: GraphForm = "superlative" if scale else "count" if reading.phrasing.count else "list"
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
            polar=reading.phrasing.polarity,
            score=0.9,
        )

    def _proven(self, node: str, proof: Mapping[str, tuple[Fact, ...]]) -> tuple[Fact, ...]:
        """What a thing was chosen by; where nothing was asked of it, that it is of its kind."""
        return proof[node] or (self._facts.kind(node),)

    def verdicts(self, nodes: Sequence[str], reading: Reading) -> GraphAnswer | None:
        """Of each whether it is what is asked ("are the P4 and the P5 in stock"); None where more than that is asked."""
        wanted = reading.conditions
        if len(wanted.flags) != 1 or wanted.bounds or wanted.equals or wanted.superlative or reading.phrasing.count:
            return None
        flag = wanted.flags[0]
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
            polar=("has" if reading.phrasing.has else "is") if reading.phrasing.polar else "",
            score=0.95,
        )

    def chosen(self, nodes: Sequence[str], reading: Reading, path: Callable[[str], tuple[Fact, ...]]) -> "Chosen":
        """Those of the nodes that meet the conditions, the best of them where the question asks for the best."""
        wanted = reading.conditions
        proof = {node: (*path(node), *met) for node in nodes if (met := self._prover.proof(node, wanted)) is not None}
        scale, measure = wanted.superlative, ""
        if scale is not None and proof:
            measure = self._measure(scale, list(proof), reading)
            best = self._extreme(list(proof), measure, highest=scale.highest)
            proof = {node: (*proof[node], *self._facts.facts(node, measure)) for node in best}
        return Chosen(proof, measure)

    def _nothing(self, reading: Reading, *, subject: str, relation: str, measure: str, any_of: bool) -> GraphAnswer:
        """Nothing meets the conditions: a count of none, else that there is no such thing."""
        counted = reading.phrasing.count and any_of
        return GraphAnswer(
            status=GraphStatus.ANSWERED if counted else GraphStatus.MISSING,
            form="count" if counted else "list",
            subjects=(subject,),
            relation=relation,
            results=("0",) if counted else (),
            measure=measure,
            polar=reading.phrasing.polarity,
            score=0.8,
        )

    def _further(self, proof: dict[str, tuple[Fact, ...]], reading: Reading, measure: str) -> str:
        """The relation whose values are asked of the things found ("the phone of the cheapest"), "" for none."""
        wanted = reading.conditions
        limiting = {*wanted.flagged, *(r for bound in wanted.bounds for r in bound.relations)}
        asked = [
            relation
            for relation in reading.asked
            if relation not in {measure, *limiting} and any(self._facts.has(node, relation) for node in proof)
        ]
        listed = reading.phrasing.listing and not (wanted.equals or wanted.superlative)
        if not asked or reading.phrasing.count or listed:
            return ""
        return "" if asked[0] in {relation for relation, _ in wanted.equals} else asked[0]

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
