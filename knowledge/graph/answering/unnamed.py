"""Answers questions that name no entity: about all things of a type ("门票最贵的景点"), or about a name that is not held."""

import re
from collections.abc import Sequence

from knowledge.graph.answering.holders import Holders
from knowledge.graph.answering.offers import Offers, asks_for_all, asks_what_is_sold, asks_whether_held
from knowledge.graph.answering.selecting import Selector
from knowledge.graph.facts import GraphFacts
from knowledge.graph.linker import GraphLinker
from knowledge.graph.reading.conditions import Conditions
from knowledge.graph.reading.question import Question
from knowledge.graph.truth import is_nothing
from knowledge.types import GraphAnswer, GraphStatus

_HAVING = re.compile(r"\b(?:have|has|with|offers?|provides?|got)\b|有|带|提供|配", re.IGNORECASE)


class Unnamed:
    """Answers from all that the graph holds."""

    def __init__(self, facts: GraphFacts, linker: GraphLinker, selector: Selector) -> None:
        self._facts = facts
        self._linker = linker
        self._selector = selector
        self._offers = Offers(facts)
        self._holders = Holders(facts)

    def answer(self, question: Question) -> GraphAnswer | None:
        """The answer; None where nothing is asked that the graph may have."""
        reading = question.reading
        type_ = reading.type or self._type_of(reading.conditions)
        nodes = self._facts.by_type.get(type_, ()) if type_ else self._everything(question)
        if (having := self._having(question, type_, nodes)) is not None:
            return having
        if (offered := self._offers.about(question.text, nodes, reading)) is not None:
            return offered
        if (chosen := self._chosen(question, type_, nodes)) is not None:
            return chosen
        if (held := self._holders.of_named(question)) is not None:
            return held
        if (reading.asked or (reading.near and reading.type)) and len(reading.rest.residue) >= 2:
            return GraphAnswer(
                status=GraphStatus.UNKNOWN,
                options=self._linker.nearest(question.text),
                relation=next(iter(reading.asked), ""),
                score=0.6,
            )
        return None

    def _chosen(self, question: Question, type_: str, nodes: Sequence[str]) -> GraphAnswer | None:
        """Those of the things that are wanted; None where nothing says which."""
        reading, phrasing = question.reading, question.reading.phrasing
        held = bool(type_) and asks_whether_held(question.text)
        all_of = type_ and (phrasing.count or held or asks_for_all(question.text)) and not reading.asked
        if not nodes or not (reading.conditions or all_of) or reading.near or not reading.rest.explained:
            return None
        # "Are phones waterproof" and 手机都防水吗 are about all of them, "can I get a waterproof phone" is not.
        of_all = phrasing.is_a or (phrasing.polar and not phrasing.has and not question.text.isascii())
        if of_all and not held and (verdicts := self._selector.verdicts(nodes, reading)) is not None:
            return verdicts
        put = reading.put(polar=phrasing.polar or held)
        return self._selector.among(nodes, put, lambda _: (), subject=type_, relation="")

    def _having(self, question: Question, type_: str, nodes: Sequence[str]) -> GraphAnswer | None:
        """Those that have what a relation names, of which some state that they have none ("which clubs have parking")."""
        reading = question.reading
        wanted = reading.phrasing.count or reading.phrasing.listing
        asked = [relation for relation in reading.asked if relation in self._facts.schema.get(type_, ())]
        if not (wanted and len(asked) == 1 and _HAVING.search(question.text)):
            return None
        if reading.conditions or reading.near or not reading.rest.explained:
            return None
        relation = asked[0]
        stated = {node: facts for node in nodes if (facts := self._facts.facts(node, relation))}
        having = {node: facts for node, facts in stated.items() if not any(is_nothing(fact.tail) for fact in facts)}
        if len(having) == len(stated):
            return None
        return self._selector.among(
            list(having), reading.without(relation), having.__getitem__, subject=type_, relation=""
        )

    def _everything(self, question: Question) -> Sequence[str]:
        """All things, where the question says so ("which products", 哪些商品), whatever their type."""
        reading = question.reading
        # "Which brands do you have" is about all of them, too.
        every = reading.anything or asks_what_is_sold(question.text) or (reading.asked and not reading.conditions)
        return [node for nodes in self._facts.by_type.values() for node in nodes] if every else ()

    def _type_of(self, conditions: Conditions) -> str:
        """The one type whose things have all that the conditions are about."""
        relations = conditions.relations
        fitting = [t for t, schema in self._facts.schema.items() if relations and relations <= schema]
        return fitting[0] if len(fitting) == 1 else ""
