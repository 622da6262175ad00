"""Answers questions from the edges of the graph: one and two hops, conditions, comparison, superlative, count."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from knowledge.graph.comparing import Comparer
from knowledge.graph.facts import GraphFacts
from knowledge.graph.lexicon import load_lexicon
from knowledge.graph.linker import GraphLinker
from knowledge.graph.reading import Reader, Reading
from knowledge.graph.selecting import Selector
from knowledge.graph.surroundings import Surroundings
from knowledge.graph.verdicts import Verdicts
from knowledge.graph.wording import LANGUAGES, MappedWording, wording_for
from knowledge.types import EntityMention, GraphAnswer, GraphStatus, QuestionOutline

_NONE = GraphAnswer(status=GraphStatus.NONE)
_MAX_RESULTS = 20
_RESIDUE = 3  # unexplained characters from which on a question asks for something the graph does not have

_UNREAD = 2  # the same where things are chosen by conditions, one of which may be among these characters


class GraphQuestions:
    """Reads questions with the graph's own schema and answers them along its edges."""

    def __init__(
        self,
        facts: GraphFacts,
        linker: GraphLinker,
        labels: Mapping[str, Sequence[str]] | None = None,
        mapped: MappedWording | None = None,
    ) -> None:
        self._facts = facts
        self._linker = linker
        mapped = mapped or MappedWording()
        cues = {relation: [*said, *(labels or {}).get(relation, ())] for relation, said in mapped.cues().items()}
        types = {name: list(said.values()) for name, said in mapped.types.items()}
        lexicon = load_lexicon(self._facts.relations, list(self._facts.by_type), {**(labels or {}), **cues}, types)
        self._wordings = {
            language: wording_for(language, mapped, lexicon, self._facts.names(language), self._facts.relations)
            for language in LANGUAGES
        }
        self._reader = Reader(lexicon, self._facts.categories, self._facts.flags, mapped.spoken())
        self._selector = Selector(self._facts)
        self._surroundings = Surroundings(self._facts, lexicon)
        self._verdicts = Verdicts(self._facts)
        self._comparer = Comparer(self._facts, lexicon, self._surroundings, self._selector)

    def answer(self, question: str, mentions: Sequence[EntityMention] | None = None, language: str = "") -> GraphAnswer:
        """What the graph says, with the wording of a language; status NONE when the question is not for it."""
        answer = self._answer(question, mentions)
        wording = self._wordings.get(language)
        return replace(answer, wording=wording) if wording and answer.status is not GraphStatus.NONE else answer

    def _answer(self, question: str, mentions: Sequence[EntityMention] | None) -> GraphAnswer:
        if not self._facts.by_type:
            return _NONE
        mentions = self._linker.link(question) if mentions is None else mentions
        reading = self._reader.read(question, mentions)
        groups = _by_span(mentions)
        if not groups:
            return self._without_entity(question, reading)
        if len(groups) >= 2:
            first, second = groups[0][0].id, groups[1][0].id
            if reading.flags and not (reading.comparative or reading.near):
                nodes = list(dict.fromkeys(group[0].id for group in groups))
                return self._selector.among(nodes, reading, lambda _: (), subject=groups[0][0].name, relation="")
            several = self._comparer.of_two(first, second, reading, alone=len(groups) == 2)
            if several is not None:
                return several
        return self._of_one(groups[0], reading)

    def outline(self, question: str) -> QuestionOutline:
        """What a question that names no entity holds of itself."""
        reading = self._reader.read(question, self._linker.link(question))
        ranked = reading.superlative and (reading.type or reading.superlative.relations)
        listed = reading.count or (reading.listing and not reading.asked)
        chosen = (reading.type or reading.anything) and (reading.conditions or listed)
        return QuestionOutline(
            asks=bool(reading.asked or reading.flags or reading.equals),
            type=reading.type,
            chooses=bool((ranked or chosen) and not reading.near),
            rest=(*reading.left, *reading.unread),
        )

    def _of_one(self, group: Sequence[EntityMention], reading: Reading) -> GraphAnswer:
        """About words that name one entity, or several that bear the same name."""
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
        own = self._facts.own(node)
        # "The metro station near X" asks for X's own, where X has one and no other kind of thing is wanted.
        if reading.near and not reading.type and not reading.superlative and set(reading.asked) & own:
            return self._attribute(node, next(relation for relation in reading.asked if relation in own))
        if (found := self._elsewhere(node, reading)) is not None:
            return found
        listed = any(relation in self._facts.sets for relation, _ in reading.equals)
        if (reading.boolean or listed) and (found := self._verdicts.on(node, reading)):
            return found
        leads = self._facts.leads(node)
        flagged = {flag.relation: flag for flag in reading.flags}
        asked = [relation for relation in (*reading.asked, *flagged) if relation in own or relation in leads]
        # "What colours is it available in" asks for the colours.
        asked.sort(key=lambda relation: relation in flagged)
        if not asked or len(reading.residue) >= _RESIDUE:
            if reading.equals and (found := self._verdicts.on(node, reading)):
                return found
            unsure = not reading.asked and not reading.residue
            status = GraphStatus.NONE if unsure else GraphStatus.UNSUPPORTED
            return GraphAnswer(status=status, subjects=(self._facts.name(node),), score=0.6)
        denied = asked[0] in flagged and not flagged[asked[0]].holds
        return replace(self._attribute(node, asked[0]), options=("not",) if denied else ())

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
        relation, nodes = heads
        name = self._facts.name(node)
        path = {head: (self._facts.link(head, relation, node),) for head in nodes}
        plain = replace(reading, asked=tuple(r for r in reading.asked if r != relation))
        return self._selector.among(nodes, plain, lambda head: path[head], subject=name, relation=relation)

    def _leading_here(self, node: str, reading: Reading) -> tuple[str, list[str]] | None:
        """The relation asked for and the wanted things that it leads from ("which chargers work with the P5")."""
        for relation in reading.asked:
            if heads := [h for h in self._facts.heads(node, relation) if self._facts.type(h) == reading.type]:
                return relation, heads
        return None

    def _attribute(self, node: str, relation: str) -> GraphAnswer:
        facts = self._facts.facts(node, relation)[:_MAX_RESULTS]
        return GraphAnswer(
            status=GraphStatus.ANSWERED if facts else GraphStatus.MISSING,
            form="attribute",
            subjects=(self._facts.name(node),),
            relation=relation,
            results=tuple(fact.tail for fact in facts),
            facts=facts,
            score=0.95,
        )

    def _around(self, node: str, reading: Reading) -> GraphAnswer:
        """What lies around an entity, or is joined to it by another relation."""
        relations, name = self._surroundings.near(node, reading), self._facts.name(node)
        if not relations:
            return GraphAnswer(status=GraphStatus.UNSUPPORTED, subjects=(name,), score=0.6)
        relation = relations[0]
        path = {tail: self._facts.link(node, relation, tail) for tail in self._facts.tails(node, relation)}
        return self._selector.among(list(path), reading, lambda tail: (path[tail],), subject=name, relation=relation)

    def _without_entity(self, question: str, reading: Reading) -> GraphAnswer:
        """A question about all things of a type ("门票最贵的景点"), or about a name that is not held."""
        type_ = reading.type or self._type_of(reading)
        nodes = self._facts.by_type[type_] if type_ else self._everything(reading)
        explained = len(reading.residue) < _UNREAD and not reading.unread
        if nodes and reading.conditions and not reading.near and explained:
            return self._selector.among(nodes, reading, lambda _: (), subject=type_, relation="")
        if (reading.asked or (reading.near and reading.type)) and len(reading.residue) >= 2:
            return GraphAnswer(
                status=GraphStatus.UNKNOWN,
                options=self._linker.nearest(question),
                relation=next(iter(reading.asked), ""),
                score=0.6,
            )
        return _NONE

    def _everything(self, reading: Reading) -> Sequence[str]:
        """All things, where the question says so ("which products", 哪些商品), whatever their type."""
        return [node for nodes in self._facts.by_type.values() for node in nodes] if reading.anything else ()

    def _type_of(self, reading: Reading) -> str:
        """The one type whose things have all that the conditions are about."""
        relations = [r for r, _ in reading.equals] + [flag.relation for flag in reading.flags]
        if reading.superlative:
            relations += list(reading.superlative.relations[:1])
        fitting = [t for t, schema in self._facts.schema.items() if relations and set(relations) <= schema]
        return fitting[0] if len(fitting) == 1 else ""


def _by_span(mentions: Sequence[EntityMention]) -> list[list[EntityMention]]:
    """Mentions that stand for the same words together, in order of their place."""
    groups: dict[tuple[int, int], list[EntityMention]] = {}
    for mention in sorted(mentions, key=lambda m: m.span):
        groups.setdefault(mention.span, []).append(mention)
    return list(groups.values())
