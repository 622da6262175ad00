"""Answers questions about two entities: which has more of something, and what both have near them."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from knowledge.graph.answering.selecting import Selector
from knowledge.graph.answering.surroundings import Surroundings
from knowledge.graph.facts import GraphFacts
from knowledge.graph.reading import Reading
from knowledge.graph.reading.lexicon import Lexicon
from knowledge.types import Fact, GraphAnswer, GraphStatus

_MOST_COLUMNS, _MOST_ROWS, _MOST_VALUES, _MOST_PROOF = 4, 12, 4, 20


class Comparer:
    """Compares two entities, or finds what they share."""

    def __init__(
        self, facts: GraphFacts, lexicon: Lexicon, around: Surroundings, selector: Selector, listing: Collection[str]
    ) -> None:
        """listing: relations of which sources state all that there are, so that what they do not state is not so."""
        self._facts = facts
        self._lexicon = lexicon
        self._around = around
        self._selector = selector
        self._listing = listing

    def of_two(self, first: str, second: str, reading: Reading, *, alone: bool) -> GraphAnswer | None:
        """The answer; None when the question neither compares nor joins. alone: no third entity is named."""
        if reading.near and (reading.phrasing.both or alone):
            return self._common(first, second, reading)
        if reading.phrasing.compare or reading.comparative:
            return self._comparison((first, second), reading)
        return None

    def side_by_side(self, nodes: Sequence[str], reading: Reading) -> GraphAnswer | None:
        """What is known of several things of one type, relation by relation; None where no comparison is asked for, or of one
        relation, or of more than is known of them, or where things of another type are asked for.
        """
        kinds = {self._facts.type(node) for node in nodes}
        one_kind = len(kinds) == 1 and kinds >= {reading.type} - {""} and 2 <= len(set(nodes)) <= _MOST_COLUMNS
        wanted = reading.phrasing.side_by_side or reading.phrasing.alike
        if not (wanted and one_kind) or reading.asked or reading.conditions or reading.near:
            return None
        if reading.comparative:  # "which is cheaper, A vs B?" asks for one of them
            return None
        if reading.rest.asks_else or reading.rest.unread:
            return None
        return self._alike(nodes) if reading.phrasing.alike else self.table(nodes)

    def _alike(self, nodes: Sequence[str]) -> GraphAnswer | None:
        """What is the same of all the things, as a table; that nothing is, where that is so."""
        values = {
            r: {tuple(fact.tail for fact in self._facts.facts(node, r)) for node in nodes}
            for r in self._facts.relations
        }
        same = [relation for relation, found in values.items() if len(found) == 1 and () not in found]
        names = tuple(map(self._facts.name, nodes))
        nothing = GraphAnswer(status=GraphStatus.MISSING, form="compare", subjects=names, score=0.8)
        return self.table(nodes, same) if same else nothing

    def table(self, nodes: Sequence[str], relations: Sequence[str] = ()) -> GraphAnswer | None:
        """What is known of things, relation by relation, of several what at least two have; None for nothing.

        relations: those that were asked for, where not all were.
        """
        own = [self._facts.own(node) - self._facts.leads(node) for node in nodes]
        least = min(2, len(nodes))
        known = relations or self._facts.relations
        shared = [relation for relation in known if sum(relation in one for one in own) >= least]
        if not shared:
            return None
        rows = [(node, relation) for relation in shared[:_MOST_ROWS] for node in nodes]
        names = tuple(self._facts.name(node) for node in nodes)
        facts = tuple(fact for node, relation in rows for fact in self._facts.facts(node, relation)[:_MOST_VALUES])
        return GraphAnswer(
            status=GraphStatus.ANSWERED, form="table", subjects=names, results=names, facts=facts, score=0.9
        )

    def each(self, groups: Sequence[Sequence[str]], reading: Reading) -> GraphAnswer | None:
        """One value of each of several things ("how much are the A and the B"); None where that is not asked for."""
        nodes = list(dict.fromkeys(group[0] for group in groups))
        plain = not (
            reading.near or reading.type or reading.conditions or reading.phrasing.both or reading.rest.asks_else
        )
        if not plain or any(len(group) > 1 for group in groups) or not 2 <= len(nodes) <= _MOST_ROWS:
            return None
        relation = next((r for r in reading.asked if all(r in self._facts.own(node) for node in nodes)), "")
        facts = tuple(fact for node in nodes for fact in self._facts.facts(node, relation)) if relation else ()
        if not facts:
            return None
        return GraphAnswer(
            status=GraphStatus.ANSWERED,
            form="attribute",
            subjects=tuple(map(self._facts.name, nodes)),
            relation=relation,
            results=tuple(fact.tail for fact in facts),
            facts=facts,
            total=len(facts),
            score=0.9,
        )

    def apart(self, first: str, second: str, reading: Reading) -> GraphAnswer | None:
        """What one entity leads to and the other does not ("which regions does A have that B lacks"); None where that is not asked."""
        if not reading.phrasing.apart:
            return None
        leads = [
            r for r in self._facts.leads(first) if r in reading.asked or self._facts.targets.get(r) == reading.type
        ]
        name = self._facts.name(first)
        if len(leads) != 1:
            return GraphAnswer(status=GraphStatus.UNSUPPORTED, subjects=(name,), score=0.6)
        others = self._facts.tails(second, leads[0])
        tails = [tail for tail in self._facts.tails(first, leads[0]) if tail not in others]
        return GraphAnswer(
            status=GraphStatus.ANSWERED if tails else GraphStatus.MISSING,
            form="list",
            subjects=(name,),
            relation=leads[0],
            results=tuple(map(self._facts.name, tails))[:_MOST_PROOF],
            facts=tuple(self._facts.link(first, leads[0], tail) for tail in tails[:_MOST_PROOF]),
            total=len(tails),
            score=0.9,
        )

    def joined(self, first: str, second: str, reading: Reading) -> GraphAnswer | None:
        """Whether one entity leads to the other by what is asked ("does A work with B?", A在B附近吗); None otherwise.

        The edge is stated, without a yes: "can I take A with B?" and "does A interact with B?" want opposite ones; but what is
        compatible is. Where no edge says so, that is no "no": sources seldom state what is not, unless they list what one fits.
        """
        named = {"", self._facts.type(first), self._facts.type(second)}
        if not reading.phrasing.polar or reading.type not in named or reading.conditions or reading.comparative:
            return None
        wanted = self._lexicon.near_relations if reading.near else reading.asked
        leads = [r for r in wanted if r in self._facts.leads(first) or r in self._facts.leads(second)]
        if not leads:
            return None
        names = (self._facts.name(first), self._facts.name(second))
        for relation in wanted:
            for head, tail in ((first, second), (second, first)):
                if tail in self._facts.tails(head, relation):
                    if relation in self._listing:
                        edge = self._facts.link(head, relation, tail)
                        found = self._compatible(head, tail, relation, (edge,), holds=True)
                        return replace(found, polar=reading.phrasing.form)
                    return GraphAnswer(
                        status=GraphStatus.ANSWERED,
                        form="path",
                        subjects=names,
                        relation=relation,
                        results=names,
                        facts=(self._facts.link(head, relation, tail),),
                        score=0.9,
                    )
        for head, tail in ((first, second), (second, first)):
            if (listed := self._facts.facts(head, leads[0])) and leads[0] in self._listing:
                found = self._compatible(head, tail, leads[0], listed[:_MOST_PROOF], holds=False)
                return replace(found, polar=reading.phrasing.form)
        return GraphAnswer(status=GraphStatus.MISSING, form="path", subjects=names, relation=leads[0], score=0.8)

    def _compatible(self, head: str, tail: str, relation: str, facts: tuple[Fact, ...], *, holds: bool) -> GraphAnswer:
        return GraphAnswer(
            status=GraphStatus.ANSWERED,
            form="boolean",
            subjects=(self._facts.name(head),),
            relation=relation,
            results=("yes" if holds else "no",),
            options=(self._facts.name(tail),),
            facts=facts,
            score=0.9,
        )

    def _common(self, first: str, second: str, reading: Reading) -> GraphAnswer | None:
        relations = self._around.near(first, reading)
        if not relations:
            return None
        relation = relations[0]
        shared = set(self._facts.tails(second, relation))
        tails = [tail for tail in self._facts.tails(first, relation) if tail in shared]
        names = (self._facts.name(first), self._facts.name(second))

        def path(tail: str) -> tuple[Fact, ...]:
            return tuple(self._facts.link(node, relation, tail) for node in (first, second))

        found = self._selector.among(tails, reading, path, subject="、".join(names), relation=relation)
        if found.form == "attribute":
            return found
        return replace(found, form="intersection" if found.form == "list" else found.form, subjects=names)

    def _comparison(self, nodes: Sequence[str], reading: Reading) -> GraphAnswer | None:
        scale = reading.comparative
        options = (scale.relations if scale else ()) or reading.asked
        measure = self._measure(nodes, options, reading)
        numbers = {node: self._facts.number(node, measure) for node in nodes}
        names = tuple(map(self._facts.name, nodes))
        if not measure or None in numbers.values():
            if said := [r for r in options if all(self._facts.facts(node, r) for node in nodes)]:
                return self.table(nodes, said[:1])
            missing = GraphAnswer(status=GraphStatus.MISSING, form="compare", subjects=names, score=0.8)
            return replace(missing, relation=options[0]) if options else None
        highest = scale.highest if scale else True
        order = sorted(nodes, key=lambda node: numbers[node] or 0.0, reverse=highest)
        tie = len(set(numbers.values())) == 1
        return GraphAnswer(
            status=GraphStatus.ANSWERED,
            form="compare",
            subjects=tuple(map(self._facts.name, order)),
            relation=measure,
            results=() if tie else (self._facts.name(order[0]),),
            measure=measure,
            options=("high" if highest else "low",),
            comparative=scale.said if scale else "",
            facts=tuple(fact for node in order for fact in self._facts.facts(node, measure)),
            score=0.9,
        )

    def _measure(self, nodes: Sequence[str], options: Sequence[str], reading: Reading) -> str:
        """The relation to compare by, "" for none that fits."""
        for relation in (*options, *reading.asked):
            if all(self._facts.number(node, relation) is not None for node in nodes):
                return relation
        prices = self._lexicon.concept_relations("price")
        if options and set(options) <= set(prices):  # a ticket and a meal are both prices
            firsts = [next((r for r in prices if self._facts.number(node, r) is not None), "") for node in nodes]
            return firsts[0] if all(firsts) else ""
        return ""
