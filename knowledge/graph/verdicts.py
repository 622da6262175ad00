"""Answers whether an entity has some thing: yes, or no where things of its kind are known to have it."""

from knowledge.graph.facts import GraphFacts
from knowledge.graph.reading import Reading
from knowledge.types import Fact, GraphAnswer, GraphStatus


class Verdicts:
    """Says yes or no about one entity."""

    def __init__(self, facts: GraphFacts) -> None:
        self._facts = facts

    def on(self, node: str, reading: Reading) -> GraphAnswer | None:
        """Whether one of the entity's listed things is what was asked; None when nobody lists such a thing."""
        things = [value for relation, value in reading.equals if relation in self._facts.sets]
        asked = things[0] if things else reading.boolean
        for relation in sorted(self._facts.sets & self._facts.own(node)):
            listed = [str(value) for value in self._facts.values(node, relation)]
            if hit := next((value for value in listed if _same_thing(asked, value)), ""):
                return self._verdict(node, relation, asked, "yes", (self._facts.fact(node, relation, hit),))
            if things or self._anyone_lists(relation, asked):
                return self._verdict(node, relation, asked, "no", ())
        return None

    def _verdict(self, node: str, relation: str, asked: str, verdict: str, facts: tuple[Fact, ...]) -> GraphAnswer:
        return GraphAnswer(
            status=GraphStatus.ANSWERED,
            form="boolean",
            subjects=(self._facts.name(node),),
            relation=relation,
            results=(verdict,),
            options=(asked,),
            facts=facts,
            score=0.9,
        )

    def _anyone_lists(self, relation: str, asked: str) -> bool:
        return any(_same_thing(asked, value) for value in self._facts.listed(relation))


def _same_thing(asked: str, listed: str) -> bool:
    """Whether a listed thing is what was asked ("会议室" in "多功能会议室")."""
    asked, listed = asked.lower(), listed.lower()
    return len(asked) > 1 and (asked in listed or (len(listed) > 1 and listed in asked))
