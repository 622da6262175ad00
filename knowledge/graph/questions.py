"""Answers questions from the edges of the graph: one and two hops, conditions, comparison, superlative, count."""

from collections import Counter
from collections.abc import Callable, Sequence

import networkx as nx

from knowledge.graph.lexicon import Scale, load_lexicon
from knowledge.graph.linker import GraphLinker
from knowledge.graph.reading import Bound, Reader, Reading
from knowledge.graph.records import Value
from knowledge.types import EntityMention, Fact, GraphAnswer, GraphForm, GraphStatus

_NONE = GraphAnswer(status=GraphStatus.NONE)
_MAX_RESULTS = 20
_CATEGORY_VALUES = 80
_RESIDUE = 3  # unexplained characters from which on a question asks for something the graph does not have


class GraphQuestions:
    """Reads questions with the graph's own schema and answers them along its edges."""

    def __init__(
        self, graph: "nx.MultiDiGraph[str]", linker: GraphLinker, labels: dict[str, list[str]] | None = None
    ) -> None:
        self._graph = graph
        self._linker = linker
        known = [data for _, data in graph.nodes(data=True) if data["known"]]
        self._attributes = {r for data in known for r in (*data["values"], *data["lacks"])}
        edges = {key for _, _, key in graph.edges(keys=True)}
        self._types = Counter(data["type"] for data in known)
        self._schema = {
            type_: {r for data in known if data["type"] == type_ for r in (*data["values"], *data["lacks"])}
            for type_ in self._types
        }
        self._targets = _targets(graph)
        lexicon = load_lexicon(sorted(self._attributes | edges), list(self._types), labels)
        self._lexicon = lexicon
        categories = _categories([data["values"] for data in known])
        self._sets = {r for data in known for r, stated in data["values"].items() if len(stated) > 3}
        self._reader = Reader(lexicon, categories)

    def answer(self, question: str, mentions: Sequence[EntityMention] | None = None) -> GraphAnswer:
        """What the graph says; status NONE when the question is not for it."""
        if not self._types:
            return _NONE
        mentions = self._linker.link(question) if mentions is None else mentions
        reading = self._reader.read(question, mentions)
        groups = _by_span(mentions)
        if not groups:
            return self._without_entity(question, reading)
        if len(groups) >= 2:
            several = self._of_two(groups, reading)
            if several is not None:
                return several
        return self._of_one(groups[0], reading)

    # One entity

    def _of_one(self, group: Sequence[EntityMention], reading: Reading) -> GraphAnswer:
        answers = [self._of_entity(mention.id, reading) for mention in group]
        answered = [answer for answer in answers if answer.status is GraphStatus.ANSWERED]
        if len(group) == 1:
            return answers[0]
        distinct = {answer.results for answer in answered}
        if len(distinct) == 1 and len(answered) == len(answers):
            return answered[0]
        if not answered:
            return answers[0]
        names = tuple(mention.name for mention in group)
        return GraphAnswer(status=GraphStatus.AMBIGUOUS, options=names[:8], subjects=names, score=0.9)

    def _of_entity(self, node: str, reading: Reading) -> GraphAnswer:
        data = self._graph.nodes[node]
        own = self._schema.get(data["type"], set())
        # "The metro station near X" asks for X's own, where X has one and no other kind of thing is wanted.
        if reading.near and not reading.type and not reading.superlative and set(reading.asked) & own:
            return self._attribute(node, next(relation for relation in reading.asked if relation in own))
        if reading.near or (reading.type and reading.type != data["type"] and self._related(node, reading.type)):
            return self._around(node, reading)
        listed = any(relation in self._sets for relation, _ in reading.equals)
        if (reading.boolean or listed) and (found := self._boolean(node, reading)):
            return found
        schema = self._schema.get(data["type"], set())
        asked = [relation for relation in reading.asked if relation in schema or self._out(node, relation)]
        if not asked or len(reading.residue) >= _RESIDUE:
            if reading.equals and (found := self._boolean(node, reading)):
                return found
            unsure = not reading.asked and not reading.residue
            return GraphAnswer(
                status=GraphStatus.NONE if unsure else GraphStatus.UNSUPPORTED, subjects=(data["name"],), score=0.6
            )
        return self._attribute(node, asked[0])

    def _attribute(self, node: str, relation: str) -> GraphAnswer:
        name = self._graph.nodes[node]["name"]
        facts = self._facts(node, relation)
        return GraphAnswer(
            status=GraphStatus.ANSWERED if facts else GraphStatus.MISSING,
            form="attribute",
            subjects=(name,),
            relation=relation,
            results=tuple(fact.tail for fact in facts[:_MAX_RESULTS]),
            facts=facts[:_MAX_RESULTS],
            score=0.95,
        )

    def _boolean(self, node: str, reading: Reading) -> GraphAnswer | None:
        """Whether one of the entity's listed things is what was asked; None when nobody lists such a thing."""
        data = self._graph.nodes[node]
        things = [value for relation, value in reading.equals if relation in self._sets]
        asked = things[0] if things else reading.boolean
        for relation in self._sets & self._schema.get(data["type"], set()):
            listed = [str(value) for value in data["values"].get(relation, [])]
            if hit := next((value for value in listed if _same_thing(asked, value)), ""):
                fact = self._fact(node, relation, hit)
                return self._verdict(node, relation, asked, "yes", (fact,))
            if things or self._anyone_lists(relation, asked):
                return self._verdict(node, relation, asked, "no", ())
        return None

    def _verdict(self, node: str, relation: str, asked: str, verdict: str, facts: tuple[Fact, ...]) -> GraphAnswer:
        name = self._graph.nodes[node]["name"]
        return GraphAnswer(
            status=GraphStatus.ANSWERED,
            form="boolean",
            subjects=(name,),
            relation=relation,
            results=(verdict,),
            options=(asked,),
            facts=facts,
            score=0.9,
        )

    def _anyone_lists(self, relation: str, asked: str) -> bool:
        return any(
            _same_thing(asked, str(value))
            for _, data in self._graph.nodes(data=True)
            for value in data["values"].get(relation, ())
        )

    # What is around an entity, or of a type

    def _around(self, node: str, reading: Reading) -> GraphAnswer:
        relations = self._near(node, reading)
        name = self._graph.nodes[node]["name"]
        if not relations:
            return GraphAnswer(status=GraphStatus.UNSUPPORTED, subjects=(name,), score=0.6)
        relation = relations[0]
        path = {
            tail: Fact(head=name, relation=key, tail=self._name(tail), source_id=self._source(node))
            for _, tail, key in self._graph.out_edges(node, keys=True)
            if key == relation
        }
        return self._among(list(path), reading, lambda tail: (path[tail],), subject=name, relation=relation)

    def _near(self, node: str, reading: Reading) -> list[str]:
        out = {key for _, _, key in self._graph.out_edges(node, keys=True)}
        known = [r for r in self._lexicon.near_relations if r in out or r in self._relations_from(node)]
        if reading.type:
            known = [r for r in known if self._targets.get(r, "") in {reading.type, ""}] or self._related(
                node, reading.type
            )
        else:
            wanted = set(reading.asked)
            typed = [r for r in known if wanted & self._schema.get(self._targets.get(r, ""), set())]
            known = typed or known
        return sorted(known, key=lambda r: r not in out)

    def _related(self, node: str, type_: str) -> list[str]:
        return [r for r in self._relations_from(node) if self._targets.get(r) == type_]

    def _relations_from(self, node: str) -> set[str]:
        type_ = self._graph.nodes[node]["type"]
        return {r for (head, r) in self._links if head == type_}

    @property
    def _links(self) -> set[tuple[str, str]]:
        if not hasattr(self, "_links_found"):
            self._links_found = {(self._graph.nodes[h]["type"], key) for h, _, key in self._graph.edges(keys=True)}
        return self._links_found

    def _without_entity(self, question: str, reading: Reading) -> GraphAnswer:
        """A question about all things of a type ("门票最贵的景点"), or about a name that is not held."""
        conditions = reading.superlative or reading.bounds or reading.equals
        type_ = reading.type or self._type_of(reading)
        if type_ and conditions and not reading.near and len(reading.residue) < _RESIDUE + 2:
            nodes = [n for n, data in self._graph.nodes(data=True) if data["type"] == type_ and data["known"]]
            return self._among(nodes, reading, lambda _: (), subject=type_, relation="")
        if (reading.asked or (reading.near and reading.type)) and len(reading.residue) >= 2:
            return GraphAnswer(
                status=GraphStatus.UNKNOWN,
                options=self._linker.nearest(question),
                relation=next(iter(reading.asked), ""),
                score=0.6,
            )
        return _NONE

    def _type_of(self, reading: Reading) -> str:
        """The one type whose things have all that the conditions are about."""
        relations = [r for r, _ in reading.equals]
        if reading.superlative:
            relations += list(reading.superlative.relations[:1])
        fitting = [t for t, schema in self._schema.items() if relations and set(relations) <= schema]
        return fitting[0] if len(fitting) == 1 else ""

    def _among(
        self,
        nodes: Sequence[str],
        reading: Reading,
        path: Callable[[str], tuple[Fact, ...]],
        *,
        subject: str,
        relation: str,
    ) -> GraphAnswer:
        """Things that meet the conditions, ranked, counted, listed, or asked a further value."""
        proof: dict[str, tuple[Fact, ...]] = {}
        for node in nodes:
            facts = self._meets(node, reading)
            if facts is not None:
                proof[node] = (*path(node), *facts)
        scale = reading.superlative
        measure = ""
        if scale is not None and proof:
            measure = self._measure(scale, list(proof), reading)
            best = self._extreme(list(proof), measure, highest=scale.highest)
            proof = {node: (*proof[node], *self._facts(node, measure)) for node in best}
        if not proof:
            status = GraphStatus.ANSWERED if reading.count and nodes else GraphStatus.MISSING
            results: tuple[str, ...] = ("0",) if status is GraphStatus.ANSWERED else ()
            return GraphAnswer(
                status=status,
                form="count" if results else "list",
                subjects=(subject,),
                relation=relation,
                results=results,
                measure=measure,
                score=0.8,
            )
        asked = [
            r
            for r in reading.asked
            if r != measure
            and not any(r in b.relations for b in reading.bounds)
            and any(self._facts(n, r) for n in proof)
        ]
        wants_value = (
            asked
            and not reading.count
            and (not reading.listing or reading.equals)
            and self._asks_further(reading, asked[0])
        )
        names = tuple(self._name(node) for node in proof)
        facts = tuple(fact for node in list(proof)[:_MAX_RESULTS] for fact in proof[node])
        if wants_value:
            further = tuple(fact for node in list(proof)[:_MAX_RESULTS] for fact in self._facts(node, asked[0]))
            return GraphAnswer(
                status=GraphStatus.ANSWERED,
                form="attribute",
                subjects=names,
                relation=asked[0],
                results=tuple(f.tail for f in further),
                facts=(*facts, *further),
                measure=measure,
                score=0.9,
            )
        form: GraphForm = "superlative" if scale else "count" if reading.count else "list"
        results = (str(len(names)),) if form == "count" else names[:_MAX_RESULTS]
        return GraphAnswer(
            status=GraphStatus.ANSWERED,
            form=form,
            subjects=(subject,),
            relation=relation,
            results=results,
            options=names if form == "count" else (str(len(names)),),
            measure=measure,
            facts=facts,
            score=0.9,
        )

    def _asks_further(self, reading: Reading, relation: str) -> bool:
        return relation not in {r for r, _ in reading.equals}

    def _meets(self, node: str, reading: Reading) -> tuple[Fact, ...] | None:
        """The facts by which a thing meets all conditions; None when it does not."""
        data = self._graph.nodes[node]
        facts: list[Fact] = []
        wanted: dict[str, list[str]] = {}
        for relation, value in reading.equals:
            wanted.setdefault(relation, []).append(value)
        for relation, values in wanted.items():
            stated = {str(value).lower() for value in data["values"].get(relation, [])}
            fitting = [value for value in values if value.lower() in stated]
            if not fitting or (relation in self._sets and len(fitting) < len(values)):
                return None
            facts.extend(self._fact(node, relation, value) for value in fitting)
        for bound in reading.bounds:
            fact = self._within(node, bound)
            if fact is None:
                return None
            facts.append(fact)
        return tuple(facts)

    def _within(self, node: str, bound: Bound) -> Fact | None:
        values = self._graph.nodes[node]["values"]
        for relation in bound.relations or tuple(values):
            for value in values.get(relation, ()):
                if isinstance(value, float) and bound.holds(value):
                    return self._fact(node, relation, value)
        return None

    def _measure(self, scale: Scale, nodes: Sequence[str], reading: Reading) -> str:
        """The relation to rank by: of the superlative's own concept, or one the question names, that most things have."""
        options = scale.relations or tuple(r for r in reading.asked)
        counts = {r: sum(self._number(node, r) is not None for node in nodes) for r in options}
        return max(counts, key=lambda r: counts[r]) if counts else ""

    def _extreme(self, nodes: Sequence[str], measure: str, *, highest: bool) -> list[str]:
        """The best, all of them where several share the first place."""
        numbers = {node: n for node in nodes if (n := self._number(node, measure)) is not None}
        if not numbers:
            return []
        best = max(numbers.values()) if highest else min(numbers.values())
        return [node for node, number in numbers.items() if number == best]

    def _number(self, node: str, relation: str) -> float | None:
        return next((v for v in self._graph.nodes[node]["values"].get(relation, ()) if isinstance(v, float)), None)

    # Two entities

    def _of_two(self, groups: Sequence[Sequence[EntityMention]], reading: Reading) -> GraphAnswer | None:
        first, second = groups[0][0].id, groups[1][0].id
        if reading.near and (reading.both or len(groups) == 2):
            return self._common(first, second, reading)
        if reading.compare or reading.comparative:
            return self._comparison([first, second], reading)
        return None

    def _common(self, first: str, second: str, reading: Reading) -> GraphAnswer | None:
        relations = self._near(first, reading)
        if not relations:
            return None
        relation = relations[0]
        tails = [
            {tail for _, tail, key in self._graph.out_edges(node, keys=True) if key == relation}
            for node in (first, second)
        ]
        ordered = [
            tail for _, tail, key in self._graph.out_edges(first, keys=True) if key == relation and tail in tails[1]
        ]
        names = (self._name(first), self._name(second))

        def path(tail: str) -> tuple[Fact, ...]:
            return tuple(self._fact(node, relation, self._name(tail)) for node in (first, second))

        found = self._among(ordered, reading, path, subject="、".join(names), relation=relation)
        form: GraphForm = "intersection" if found.form == "list" else found.form
        return GraphAnswer(
            status=found.status,
            form=form,
            subjects=names,
            relation=relation,
            results=found.results,
            options=found.options,
            measure=found.measure,
            facts=found.facts,
            score=found.score,
        )

    def _comparison(self, nodes: Sequence[str], reading: Reading) -> GraphAnswer | None:
        scale = reading.comparative
        options = (scale.relations if scale else ()) or reading.asked
        measure = next(
            (r for r in (*options, *reading.asked) if all(self._number(n, r) is not None for n in nodes)), ""
        )
        prices = self._lexicon.concept_relations("price")
        if not measure and options and set(options) <= set(prices):  # a ticket and a meal are both prices
            pairs = [next(((n, r) for r in prices if self._number(n, r) is not None), None) for n in nodes]
            if all(pairs):
                measure = pairs[0][1] if pairs[0] else ""
        values = [self._number(n, measure) for n in nodes] if measure else []
        names = tuple(self._name(n) for n in nodes)
        if not measure or any(value is None for value in values):
            if not options:
                return None
            return GraphAnswer(
                status=GraphStatus.MISSING, form="compare", subjects=names, relation=options[0], score=0.8
            )
        highest = scale.highest if scale else True
        order = sorted(nodes, key=lambda n: self._number(n, measure) or 0.0, reverse=highest)
        facts = tuple(fact for node in order for fact in self._facts(node, measure))
        tie = values[0] == values[1]
        return GraphAnswer(
            status=GraphStatus.ANSWERED,
            form="compare",
            subjects=tuple(self._name(n) for n in order),
            relation=measure,
            results=() if tie else (self._name(order[0]),),
            measure=measure,
            options=("high" if highest else "low",),
            facts=facts,
            score=0.9,
        )

    # Facts

    def _facts(self, node: str, relation: str) -> tuple[Fact, ...]:
        values = self._graph.nodes[node]["values"].get(relation, ())
        if values:
            return tuple(self._fact(node, relation, value) for value in values)
        return tuple(self._fact(node, relation, self._name(tail)) for tail in self._out(node, relation))

    def _out(self, node: str, relation: str) -> list[str]:
        return [tail for _, tail, key in self._graph.out_edges(node, keys=True) if key == relation]

    def _fact(self, node: str, relation: str, value: Value) -> Fact:
        return Fact(head=self._name(node), relation=relation, tail=_said(value), source_id=self._source(node))

    def _name(self, node: str) -> str:
        return str(self._graph.nodes[node]["name"])

    def _source(self, node: str) -> str:
        return str(self._graph.nodes[node]["source"])


def _said(value: Value) -> str:
    return f"{value:g}" if isinstance(value, float) and abs(value) < 1e6 else str(value)


def _by_span(mentions: Sequence[EntityMention]) -> list[list[EntityMention]]:
    """Mentions that stand for the same words together, in order of their place."""
    groups: dict[tuple[int, int], list[EntityMention]] = {}
    for mention in sorted(mentions, key=lambda m: m.span):
        groups.setdefault(mention.span, []).append(mention)
    return list(groups.values())


def _targets(graph: "nx.MultiDiGraph[str]") -> dict[str, str]:
    """Relation → type of nearly everything that it leads to, "" where that differs."""
    counts: dict[str, Counter[str]] = {}
    for _, tail, key in graph.edges(keys=True):
        counts.setdefault(key, Counter())[graph.nodes[tail]["type"]] += 1
    return {
        key: best if n > 0.8 * count.total() else ""
        for key, count in counts.items()
        for best, n in count.most_common(1)
    }


def _categories(stated: Sequence[dict[str, list[Value]]]) -> dict[str, list[str]]:
    """Relation → texts that it has over and over, which a question may use as conditions."""
    counts: dict[str, Counter[str]] = {}
    for values in stated:
        for relation, items in values.items():
            counts.setdefault(relation, Counter()).update(
                item for item in items if isinstance(item, str) and len(item) < 30
            )
    return {
        relation: [value for value, n in count.items() if n > 1 and value.lower() not in {"yes", "no"}]
        for relation, count in counts.items()
        if 0 < len(count) <= _CATEGORY_VALUES
    }


def _same_thing(asked: str, listed: str) -> bool:
    """Whether a listed thing is what was asked ("会议室" in "多功能会议室")."""
    asked, listed = asked.lower(), listed.lower()
    return len(asked) > 1 and (asked in listed or (len(listed) > 1 and listed in asked))
