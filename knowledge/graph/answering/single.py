"""Answers questions about one entity, or about words that several entities bear as their name."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from knowledge.graph.answering.fitting import Fitting
from knowledge.graph.answering.selecting import Selector
from knowledge.graph.answering.surroundings import Surroundings
from knowledge.graph.answering.verdicts import Verdicts
from knowledge.graph.facts import GraphFacts
from knowledge.graph.reading import Reading
from knowledge.graph.reading.rest import UNEXPLAINED
from knowledge.types import EntityMention, GraphAnswer, GraphStatus

MOST = 20
"""Results that an answer names; how many there are is said."""
_ELSE = {GraphStatus.UNSUPPORTED, GraphStatus.NONE}


class Single:
    """Answers about one entity: its own values, what is joined to it, and whether something holds of it."""

    def __init__(
        self,
        facts: GraphFacts,
        fitting: Fitting,
        surroundings: Surroundings,
        selector: Selector,
        verdicts: Verdicts,
        table: Callable[[Sequence[str], Sequence[str]], GraphAnswer | None],
    ) -> None:
        """table: what is known of things by some relations."""
        self._facts = facts
        self._table = table
        self._fitting = fitting
        self._surroundings = surroundings
        self._selector = selector
        self._verdicts = verdicts

    def of_group(self, group: Sequence[EntityMention], reading: Reading) -> GraphAnswer:
        """About words that name one entity, or several, of which the customer may mean any."""
        if len(group) == 1:
            return self.of_entity(group[0].id, reading)
        answers = {mention.id: self.of_entity(mention.id, reading) for mention in group}
        # One that has no such thing at all (a brand has no phone) can't be meant.
        fitting = {node: answer for node, answer in answers.items() if answer.status not in _ELSE}
        answered = [answer for answer in fitting.values() if answer.status is GraphStatus.ANSWERED]
        if not answered:
            return next(iter((fitting or answers).values()))
        if len({answer.results for answer in fitting.values()}) == 1:
            return answered[0]
        names = tuple(self._facts.telling(node) for node in fitting)
        return GraphAnswer(
            status=GraphStatus.AMBIGUOUS, options=names, subjects=names, relation=answered[0].relation, score=0.9
        )

    def of_entity(self, node: str, reading: Reading) -> GraphAnswer:
        """About one entity."""
        if self._fitting.is_another(node, reading):
            return self._unsupported(node)
        own = self._facts.may_state(node)
        # "The metro station near X" asks for X's own, where X has one and no other kind of thing is wanted.
        if reading.near and not reading.type and not reading.conditions.superlative and set(reading.asked) & own:
            return self._attribute(node, next(relation for relation in reading.asked if relation in own))
        if found := self._verdicts.of_kind(node, reading) or self._elsewhere(node, reading):
            return found
        listed = any(relation in self._facts.sets for relation, _ in reading.conditions.values)
        if (reading.boolean or listed) and (found := self._verdicts.on(node, reading)):
            return found
        stated = None if reading.rest.asks_else else self._verdicts.of_stated(node, reading)
        return stated or self._own(node, reading)

    def _own(self, node: str, reading: Reading) -> GraphAnswer:
        """What is stated of it, or what it leads to, as far as that is asked for."""
        own, leads = self._facts.own(node), self._facts.leads(node)
        flagged = {flag.relation: flag for flag in reading.conditions.flags}
        asked = [
            relation for relation in dict.fromkeys((*reading.asked, *flagged)) if relation in own or relation in leads
        ]
        # "What colours is it available in" asks for the colours.
        asked.sort(key=lambda relation: relation in flagged)
        # How long or how something charges is not said by what it charges.
        asked = [relation for relation in asked if not (reading.phrasing.manner and relation in leads)]
        asked.sort(key=lambda relation: not self._fitting.says_it(node, relation, reading))
        if asked and not self._fitting.says_it(node, asked[0], reading):
            return self._unsupported(node)
        if len(several := self._fitting.by_day(node, asked, reading)) > 1 and (found := self._table([node], several)):
            return found
        if not asked or reading.rest.asks_else:
            return self._not_asked(node, reading)
        if reading.type not in {"", self._facts.type(node)} and asked[0] in leads:
            return self._led_to(node, asked[0], reading)
        named = [relation for relation in asked if relation in flagged]
        if len(named) > 1 and asked[0] in flagged and (found := self._table([node], named)):
            return found
        denied = asked[0] in flagged and not flagged[asked[0]].holds
        found = self._attribute(node, asked[0])
        polar = reading.phrasing.polarity if found.status is GraphStatus.ANSWERED else ""
        return replace(found, options=("not",) if denied else (), polar=polar)

    def _not_asked(self, node: str, reading: Reading) -> GraphAnswer:
        """Nothing that it has is asked for: what leads to it, whether something is so, or nothing that is known."""
        if not reading.rest.asks_else and (found := self._from_elsewhere(node, reading)):
            return found
        if reading.conditions.equals and (found := self._verdicts.on(node, reading)):
            return found
        unsure = not reading.asked and not reading.rest.residue
        return replace(self._unsupported(node), status=GraphStatus.NONE) if unsure else self._unsupported(node)

    def _unsupported(self, node: str) -> GraphAnswer:
        """That nothing that is asked of it is known."""
        return GraphAnswer(status=GraphStatus.UNSUPPORTED, subjects=(self._facts.name(node),), score=0.6)

    def _from_elsewhere(self, node: str, reading: Reading) -> GraphAnswer | None:
        """What leads to it by the relation asked for ("which drugs treat hypertension")."""
        for relation in () if reading.phrasing.manner else reading.asked:
            if heads := self._facts.heads(node, relation):
                return self._among_heads(node, relation, heads, reading)
        return None

    def _among_heads(self, node: str, relation: str, heads: Sequence[str], reading: Reading) -> GraphAnswer:
        plain = reading.without(relation)
        name = self._facts.name(node)
        if reading.denied:
            return self._not_among(heads, relation, plain, name)
        path = {head: (self._facts.link(head, relation, node),) for head in heads}
        # Of "does the bark case fit the P5", bark may be a part of the case's own name.
        named = [h for h in heads if all(word in self._facts.name(h).lower().split() for word in reading.rest.unread)]
        if named:
            heads = named
        elif reading.phrasing.polar:
            plain = plain.put(polar=False)
        return self._selector.among(heads, plain, path.__getitem__, subject=name, relation=relation)

    def _not_among(self, heads: Sequence[str], relation: str, reading: Reading, name: str) -> GraphAnswer:
        """The things like the heads that the relation does not lead from to the node ("plans not available in Frankfurt").

        One that the relation leads from to nothing counts only where it leads from some to several: a list of what things have.
        """
        alike = self._facts.by_type.get(self._facts.type(heads[0]), ())
        tails = {node: self._facts.facts(node, relation) for node in alike if node not in heads}
        listed = any(len(self._facts.tails(node, relation)) > 1 for node in alike)
        path = {node: facts[:MOST] for node, facts in tails.items() if facts or listed}
        return self._selector.among(list(path), reading, path.__getitem__, subject=name, relation=relation)

    def _elsewhere(self, node: str, reading: Reading) -> GraphAnswer | None:
        """About things joined to an entity; None when the question is about the entity itself."""
        if reading.near or (
            reading.type
            and reading.type != self._facts.type(node)
            and self._surroundings.leading_to(node, reading.type)
        ):
            return self._around(node, reading)
        heads = self._leading_here(node, reading) if reading.type else None
        if heads is None:
            return None
        return self._among_heads(node, *heads, reading)

    def _leading_here(self, node: str, reading: Reading) -> tuple[str, list[str]] | None:
        """The relation asked for and the wanted things that it leads from ("which chargers work with the P5").

        "Chargers for the P5" are those, too, where there is one such relation.
        """
        possible, phrasing = reading.asked, reading.phrasing
        any_relation = phrasing.meant_for or phrasing.listing or reading.denied
        if any_relation and reading.rest.explained and reading.type != self._facts.type(node):
            possible = (*possible, *sorted(self._facts.leading_here(node)))
        for relation in () if phrasing.manner else possible:
            if heads := [h for h in self._facts.heads(node, relation) if self._facts.type(h) == reading.type]:
                return relation, heads
        return None

    def _led_to(self, node: str, relation: str, reading: Reading) -> GraphAnswer:
        """Those of the things that a relation leads to that are of the type wanted ("will X charge my laptop")."""
        tails = [tail for tail in self._facts.tails(node, relation) if self._facts.type(tail) == reading.type]
        if not tails and reading.phrasing.polar:
            found = self._verdicts.of_all(node, relation, reading.type, self._facts.facts(node, relation))
            return replace(found, polar=reading.phrasing.form)
        plain = reading.without(relation)
        path = {tail: (self._facts.link(node, relation, tail),) for tail in tails}
        return self._selector.among(tails, plain, path.__getitem__, subject=self._facts.name(node), relation=relation)

    def _attribute(self, node: str, relation: str) -> GraphAnswer:
        facts = self._facts.facts(node, relation)
        return GraphAnswer(
            status=GraphStatus.ANSWERED if facts else GraphStatus.MISSING,
            form="attribute",
            subjects=(self._facts.name(node),),
            relation=relation,
            results=tuple(fact.tail for fact in facts[:MOST]),
            facts=facts[:MOST],
            total=len(facts),
            score=0.95,
        )

    def _around(self, node: str, reading: Reading) -> GraphAnswer:
        """What lies around an entity, or is joined to it by another relation."""
        relations, name = self._surroundings.near(node, reading), self._facts.name(node)
        unexplained = len(reading.rest.residue) > UNEXPLAINED
        beside = None if relations or unexplained else self._surroundings.beside(node, reading.type)
        if beside is not None:
            return self._among_heads(node, *beside, replace(reading, near=False))
        if reading.denied or unexplained or not relations:
            return GraphAnswer(status=GraphStatus.UNSUPPORTED, subjects=(name,), score=0.6)
        relation = relations[0]
        path = {tail: self._facts.link(node, relation, tail) for tail in self._facts.tails(node, relation)}
        return self._selector.among(list(path), reading, lambda tail: (path[tail],), subject=name, relation=relation)
