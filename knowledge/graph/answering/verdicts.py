"""Answers whether something holds of an entity: what it has, what kind of thing it is, what is stated of it."""

from collections.abc import Collection
from dataclasses import replace

from knowledge.graph.facts import GraphFacts
from knowledge.graph.reading import Reading
from knowledge.graph.truth import TRUTH
from knowledge.types import IS_A, Fact, GraphAnswer, GraphForm, GraphStatus

_PROOF = 20


class Verdicts:
    """Says yes or no about one entity, with the edges that say so."""

    def __init__(self, facts: GraphFacts, cheaper: Collection[str] = ()) -> None:
        """cheaper: relations of which less is better; to have more of another than was asked is to have that."""
        self._facts = facts
        self._cheaper = cheaper

    def on(self, node: str, reading: Reading) -> GraphAnswer | None:
        """Whether one of the entity's listed things is what was asked; None when nobody lists such a thing."""
        lists = self._facts.sets & self._facts.may_state(node)
        named = [pair for pair in reading.conditions.values if pair[0] in lists]
        asked = named or self._listing(node, reading.boolean)
        hits: dict[str, Fact] = {}
        for relation, thing in asked:
            facts = self._facts.facts(node, relation)
            if hit := next((fact for fact in facts if _same_thing(thing, fact.tail)), None):
                hits.setdefault(thing, hit)
        things = list(dict.fromkeys(thing for _, thing in asked))
        missing = [thing for thing in things if thing not in hits]
        if not asked:
            return None
        relation = next((fact.relation for fact in hits.values()), asked[0][0])
        if not missing or (hits and reading.phrasing.either):
            found = self._verdict(node, relation, "", tuple(hits.values()), holds=True)
            return replace(found, options=tuple(hits), polar=reading.phrasing.form)
        # What it does list is the proof.
        relation = next(relation for relation, thing in asked if thing == missing[0])
        found = self._verdict(node, relation, "", self._facts.facts(node, relation)[:_PROOF], holds=False)
        return replace(found, options=tuple(missing), polar=reading.phrasing.form)

    def _listing(self, node: str, thing: str) -> list[tuple[str, str]]:
        """The lists of an entity in which such a thing may stand, with the thing: those that it is in, or that anyone has it in."""
        lists = sorted(self._facts.sets & self._facts.may_state(node)) if thing else []
        return [(relation, thing) for relation in lists if self._anyone_lists(relation, thing)]

    def of_kind(self, node: str, reading: Reading) -> GraphAnswer | None:
        """Whether it is a thing of the type that is named ("is X a hotel?"); None where that is not asked."""
        asks = reading.phrasing.is_a and reading.type and not (reading.near or reading.asked or reading.conditions)
        if not asks or len(reading.rest.residue) > 1:
            return None
        type_ = self._facts.type(node)
        kind = (self._facts.kind(node),)
        return self._verdict(node, IS_A, reading.type, kind, holds=type_ == reading.type, form="is")

    def of_stated(self, node: str, reading: Reading) -> GraphAnswer | None:
        """Whether a value or a number of it is as named; None where that is not asked."""
        return self._of_value(node, reading) or self._of_bound(node, reading)

    def _of_value(self, node: str, reading: Reading) -> GraphAnswer | None:
        """Whether it has a value that is named ("is X red?", X是经济型酒店吗); None where that is not asked."""
        if not reading.phrasing.polar or reading.near:
            return None
        own = self._facts.may_state(node)
        asked = next(((r, v) for r, v in reading.conditions.equals if r in own and r not in self._facts.sets), None)
        if asked is None or set(reading.asked) - {asked[0], *reading.conditions.flagged}:
            return None
        relation, value = asked
        if [r for r, _ in reading.conditions.equals].count(relation) > 1 and reading.phrasing.compare:
            return self._said(node, relation)  # "is X red or blue?" is answered by its colour
        facts = self._facts.facts(node, relation)
        if not facts:
            name = self._facts.name(node)
            return GraphAnswer(status=GraphStatus.MISSING, subjects=(name,), relation=relation, score=0.9)
        hit = tuple(fact for fact in facts if fact.tail.lower() == value.lower())
        verdict = self._verdict(node, relation, value, hit or facts, holds=bool(hit), form="is")
        proof = (*verdict.facts, *self._lacking(node, reading))
        return replace(verdict, facts=proof, total=len(facts), polar=reading.phrasing.polarity)

    def _of_bound(self, node: str, reading: Reading) -> GraphAnswer | None:
        """Whether a number that it has is within what is named ("is X under $500?"); None where that is not asked."""
        bounds = reading.conditions.bounds
        if not reading.phrasing.polar or reading.near or reading.type or reading.rest.unclear or len(bounds) != 1:
            return None
        bound = bounds[0]
        if set(reading.asked) - {*bound.relations, *reading.conditions.flagged}:
            return None
        # "Can I return X within 14 days": a unit alone says what is asked where no other words do, and a time never.
        if not bound.named and (not bound.telling or reading.conditions.flags):
            return None
        left = [word for word in (*reading.rest.left, *reading.rest.unread) if len(word) > 1]
        for relation in bound.relations:
            if not bound.named and any(word not in relation.lower() for word in left):
                continue
            if (number := self._facts.number(node, relation)) is not None:
                facts = self._facts.facts(node, relation)
                more = bound.had and number > bound.low and relation not in self._cheaper
                return self._verdict(node, relation, "", facts, holds=more or bound.holds(number), form="is")
        return None

    def of_all(self, node: str, relation: str, things: str, facts: tuple[Fact, ...]) -> GraphAnswer:
        """That it is joined to none of what was asked, with what it is joined to."""
        return self._verdict(node, relation, things, facts[:_PROOF], holds=False)

    def _said(self, node: str, relation: str) -> GraphAnswer:
        """The value itself."""
        facts = self._facts.facts(node, relation)
        return replace(
            self._verdict(node, relation, "", facts, holds=True),
            form="attribute",
            results=tuple(f.tail for f in facts),
            options=(),
        )

    def _lacking(self, node: str, reading: Reading) -> tuple[Fact, ...]:
        """What else was asked to be so, and is not: a colour that a thing has, but not in stock."""
        stated = ((flag, fact) for flag in reading.conditions.flags for fact in self._facts.facts(node, flag.relation))
        return tuple(fact for flag, fact in stated if TRUTH.get(fact.tail.lower()) is not flag.holds)

    def _verdict(
        self,
        node: str,
        relation: str,
        asked: str,
        facts: tuple[Fact, ...],
        *,
        holds: bool,
        form: GraphForm = "boolean",
    ) -> GraphAnswer:
        return GraphAnswer(
            status=GraphStatus.ANSWERED,
            form=form,
            subjects=(self._facts.name(node),),
            relation=relation,
            results=("yes" if holds else "no",),
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
