"""Answers questions from the edges of the graph: reads them, and sends each to what answers its form."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from knowledge.graph.answering.chains import Chains
from knowledge.graph.answering.choosing import Choosing
from knowledge.graph.answering.comparing import Comparer
from knowledge.graph.answering.connections import Connections
from knowledge.graph.answering.offers import Offers, asks_for_all, asks_what_is_sold, asks_whether_held
from knowledge.graph.answering.selecting import Selector
from knowledge.graph.answering.single import Single
from knowledge.graph.answering.surroundings import Surroundings
from knowledge.graph.answering.verdicts import Verdicts
from knowledge.graph.answering.vocabulary import LANGUAGES, wording_for
from knowledge.graph.facts import GraphFacts
from knowledge.graph.linker import GraphLinker
from knowledge.graph.memory import GraphMemory
from knowledge.graph.reading import Reader, Reading
from knowledge.graph.reading.clauses import Clauses
from knowledge.graph.reading.lexicon import Lexicon, lexicon_for
from knowledge.graph.reading.qualifiers import Qualifiers
from knowledge.graph.reading.spelling import Spelling
from knowledge.graph.reading.units import Units
from knowledge.graph.values import kinds_in
from knowledge.graph.wording import MappedWording
from knowledge.text.contractions import spelled_out
from knowledge.text.folding import folded
from knowledge.types import EntityMention, GraphAnswer, GraphStatus, QuestionOutline, Wording

_ABOUT = re.compile(
    r"\W*(?:(?:(?:please |can you |could you )?(?:tell me (?:more |something )?about|describe|show me|(?:some |more )?info(?:rmation)? (?:on|about))"
    r"|(?:请|帮我|给我)?(?:介绍|说说|讲讲|了解|查)(?:一下|下)?)\W*)?(?:the )?\W*(?:的(?:信息|资料|详情|介绍))?\W*",
    re.IGNORECASE,
)
_NONE = GraphAnswer(status=GraphStatus.NONE)
_UNREADABLE = {GraphStatus.UNSUPPORTED, GraphStatus.NONE}
_LONGEST = 800
"""Characters of a question that are read; what is asked stands at the end of a long message."""
_WHY = re.compile(
    r"^\W*(?:why(?: is (?:that|it|this))?|how (?:do|did) you know(?: that)?|how come|为什么(?:呢|啊)?|为啥|凭什么|(?:你)?怎么知道的?|依据是什么|有什么(?:依据|根据))"
    r"\s*[:：]\s*(?P<asked>.+)$",
    re.IGNORECASE | re.DOTALL,
)


class GraphQuestions:
    """Reads questions with the graph's own schema and answers them along its edges."""

    def __init__(
        self,
        memory: GraphMemory,
        facts: GraphFacts,
        linker: GraphLinker,
        labels: Mapping[str, Sequence[str]] | None = None,
        mapped: MappedWording | None = None,
    ) -> None:
        self._facts = facts
        self._linker = linker
        mapped = mapped or MappedWording()
        lexicon = lexicon_for(facts.relations, list(facts.by_type), labels or {}, mapped)
        self._wordings = {
            language: wording_for(language, mapped, lexicon, self._facts.names(language), self._facts.relations)
            for language in LANGUAGES
        }
        units = Units(self._facts.relations, mapped)
        prices = lexicon.concept_relations("price")
        self._qualifiers = Qualifiers(self._facts.relations, prices, mapped)
        chosen_by = self._chosen_by(mapped, lexicon)
        self._reader = Reader(lexicon, chosen_by, self._facts.flags, mapped.spoken(), units, self._qualifiers)
        self._spelling = Spelling(lexicon)
        words = (word for own in (*lexicon.labels.values(), *lexicon.cues.values()) for word in own)
        linker.lead_ins = tuple(dict.fromkeys(folded(word) for word in words if len(word) > 1 and not word.isascii()))
        self._selector = Selector(facts)
        surroundings = Surroundings(facts, lexicon)
        self._single = Single(facts, surroundings, self._selector, Verdicts(facts, prices))
        self._offers = Offers(facts)
        self._chains = Chains(facts, lexicon, self._reader, surroundings, self._selector)
        listing = {*lexicon.concept_relations("compatible"), *lexicon.concept_relations("available"), *mapped.listing()}
        self._comparer = Comparer(facts, lexicon, surroundings, self._selector, listing)
        self._connections = Connections(memory, facts)
        self._choosing = Choosing(facts)
        self._clauses = Clauses(lexicon)

    def answer(self, question: str, mentions: Sequence[EntityMention] | None = None, language: str = "") -> GraphAnswer:
        """What the graph says, with the wording of a language; status NONE when the question is not for it.

        "Why: …" and 为什么：… ask for the reasons of the answer to what follows.
        """
        why = _WHY.match(question)
        if why:
            question, mentions = why["asked"], None
        if len(question) > _LONGEST:
            question, mentions = question[-_LONGEST:], None
        question, mentions, reading = self._read(question, mentions)
        answer = self._surely(self._answer(question, mentions, reading), reading, mentions)
        wording = self._wordings.get(language)
        if answer.status is GraphStatus.NONE:
            return answer
        return replace(answer, why=bool(why), wording=wording or answer.wording)

    def _surely(self, answer: GraphAnswer, reading: Reading, mentions: Sequence[EntityMention]) -> GraphAnswer:
        """The answer where it is to what was asked: not to a price by another measure, or to what something else costs."""
        if answer.status not in {GraphStatus.ANSWERED, GraphStatus.MISSING} or answer.form in {"path", "table"}:
            return answer
        about = {answer.relation, answer.measure, *(r for bound in reading.conditions.bounds for r in bound.relations)}
        denied = any(self._qualifiers.deny(relation, reading.said) for relation in about)
        if not denied and not (reading.aside and mentions):
            return answer
        return GraphAnswer(status=GraphStatus.UNSUPPORTED, subjects=answer.subjects, score=0.6) if mentions else _NONE

    def outline(self, question: str) -> QuestionOutline:
        """What a question that names no entity holds of itself."""
        _, _, reading = self._read(question[-_LONGEST:], None)
        ranked = reading.conditions.superlative and (reading.type or reading.conditions.superlative.relations)
        listed = reading.phrasing.count or (reading.phrasing.listing and not reading.asked)
        chosen = (reading.type or reading.anything) and (reading.conditions or listed)
        return QuestionOutline(
            asks=bool(reading.asked or reading.conditions.flags or reading.conditions.equals),
            type=reading.type,
            chooses=bool((ranked or chosen) and not reading.near),
            rest=(*reading.rest.left, *reading.rest.unread),
        )

    def wording(self, language: str) -> Wording:
        """How all is said in a language."""
        return self._wordings[language]

    def resolved(self, question: str, reply: str) -> str:
        """A question with an ambiguous name put as the reply chooses it; "" where nothing is chosen."""
        question, mentions, reading = self._read(question, None)
        if self._answer(question, mentions, reading).status is not GraphStatus.AMBIGUOUS:
            return ""
        for group in _by_span(mentions):
            nodes = list(dict.fromkeys(mention.id for mention in group))
            if len(nodes) > 1 and (node := self._choosing.chosen(nodes, reply)):
                start, end = group[0].span
                return question[:start] + self._facts.telling(node) + question[end:]
        return ""

    def _read(
        self, question: str, mentions: Sequence[EntityMention] | None
    ) -> tuple[str, Sequence[EntityMention], Reading]:
        """The question as it was meant, with its contractions and words spelled right, its mentions, and how it is read."""
        full = spelled_out(question)
        found = self._linker.link(full) if mentions is None or full != question else mentions
        reading = self._reader.read(full, found)
        right = self._spelling.corrected(full, reading.rest.unread) if reading.rest.unread else full
        if right == full:
            return full, found, reading
        found = self._linker.link(right)
        return right, found, self._reader.read(right, found)

    def _chosen_by(self, mapped: MappedWording, lexicon: Lexicon) -> dict[str, list[str]]:
        """Relation → values by which things may be chosen: those that are found over and over, or that a mapping words, and of
        lists the kinds of things in them.
        """
        return {
            relation: list(
                dict.fromkeys(
                    (
                        *known,
                        *(v for v in self._facts.listed(relation) if v in mapped.terms),
                        *(filter(lexicon.is_free, kinds_in(known)) if relation in self._facts.sets else ()),
                    )
                )
            )
            for relation, known in self._facts.categories.items()
        }

    def _answer(self, question: str, mentions: Sequence[EntityMention], reading: Reading) -> GraphAnswer:
        if not self._facts.by_type:
            return _NONE
        groups = _by_span(mentions)
        if not groups:
            return self._without_entity(question, reading)
        if len(groups) >= 2 and (several := self._of_several(question, groups, reading)) is not None:
            return several
        if len(groups) == 1 and len(groups[0]) == 1 and (found := self._of_one(question, groups[0][0])) is not None:
            return found
        found = self._single.of_group(groups[0], reading)
        its_own = found.form == "attribute" and found.subjects == (self._facts.name(groups[0][0].id),)
        if len(groups) == 1 and (found.status in _UNREADABLE or its_own):
            return self._in_a_clause(question, groups[0]) or found
        return found

    def _of_one(self, question: str, mention: EntityMention) -> GraphAnswer | None:
        """All about an entity whose name is the whole question, or what is several steps from it; None for all else."""
        alone = self._comparer.table([mention.id]) if _names_alone(question, mention) else None
        return alone or self._chains.from_one(question, mention)

    def _in_a_clause(self, question: str, group: Sequence[EntityMention]) -> GraphAnswer | None:
        """What the last clause that asks for anything asks of an entity, where the message says more than that."""
        for clause in self._clauses.asking(question, group[:1]):
            reading = self._reader.read(clause, ())
            if (
                reading.asked
                or reading.near
                or reading.conditions.equals
                or reading.conditions.flags
                or reading.boolean
            ):
                found = self._single.of_group(group, reading)
                return found if found.status not in _UNREADABLE else None
        return None

    def _of_several(
        self, question: str, groups: Sequence[Sequence[EntityMention]], reading: Reading
    ) -> GraphAnswer | None:
        """About several entities at once; None where the question is about the first."""
        first, second = groups[0][0].id, groups[1][0].id
        table = self._comparer.side_by_side([group[0].id for group in groups], reading)
        if found := table or self._comparer.apart(first, second, reading):
            return found
        if self._connections.asked(question) and first != second:
            return self._connections.between(first, second)
        if reading.conditions.flags and not (reading.comparative or reading.near):
            nodes = list(dict.fromkeys(group[0].id for group in groups))
            if reading.phrasing.polar and (verdicts := self._selector.verdicts(nodes, reading)) is not None:
                return verdicts
            return self._selector.among(nodes, reading, lambda _: (), subject=groups[0][0].name, relation="")
        if (joined := self._comparer.joined(first, second, reading)) is not None:
            return joined
        compared = self._comparer.of_two(first, second, reading, alone=len(groups) == 2)
        return compared or self._comparer.each([[mention.id for mention in group] for group in groups], reading)

    def _without_entity(self, question: str, reading: Reading) -> GraphAnswer:
        """A question about all things of a type ("门票最贵的景点"), or about a name that is not held."""
        type_ = reading.type or self._type_of(reading)
        nodes = self._facts.by_type.get(type_, ()) if type_ else self._everything(question, reading)
        if (offered := self._offers.about(question, nodes, reading)) is not None:
            return offered
        held = bool(type_) and asks_whether_held(question)
        all_of = type_ and (reading.phrasing.count or held or asks_for_all(question)) and not reading.asked
        if nodes and (reading.conditions or all_of) and not reading.near and reading.rest.explained:
            # "Are phones waterproof" and 手机都防水吗 are about all of them, "can I get a waterproof phone" is not.
            of_all = reading.phrasing.is_a or (
                reading.phrasing.polar and not reading.phrasing.has and not question.isascii()
            )
            if of_all and not held and (verdicts := self._selector.verdicts(nodes, reading)) is not None:
                return verdicts
            put = reading.put(polar=reading.phrasing.polar or held)
            return self._selector.among(nodes, put, lambda _: (), subject=type_, relation="")
        if (reading.asked or (reading.near and reading.type)) and len(reading.rest.residue) >= 2:
            return GraphAnswer(
                status=GraphStatus.UNKNOWN,
                options=self._linker.nearest(question),
                relation=next(iter(reading.asked), ""),
                score=0.6,
            )
        return _NONE

    def _everything(self, question: str, reading: Reading) -> Sequence[str]:
        """All things, where the question says so ("which products", 哪些商品), whatever their type."""
        # "Which brands do you have" is about all of them, too.
        every = reading.anything or asks_what_is_sold(question) or (reading.asked and not reading.conditions)
        return [node for nodes in self._facts.by_type.values() for node in nodes] if every else ()

    def _type_of(self, reading: Reading) -> str:
        """The one type whose things have all that the conditions are about."""
        relations = [r for r, _ in (*reading.conditions.equals, *reading.conditions.excluded)] + [
            flag.relation for flag in reading.conditions.flags
        ]
        relations += [bound.relations[0] for bound in reading.conditions.bounds if bound.relations]
        if reading.conditions.superlative:
            relations += list(reading.conditions.superlative.relations[:1])
        fitting = [t for t, schema in self._facts.schema.items() if relations and set(relations) <= schema]
        return fitting[0] if len(fitting) == 1 else ""


def _names_alone(question: str, mention: EntityMention) -> bool:
    """Whether a question is nothing but a name, or asks to be told about it."""
    start, end = mention.span
    return bool(_ABOUT.fullmatch(f"{question[:start]} {question[end:]}"))


def _by_span(mentions: Sequence[EntityMention]) -> list[list[EntityMention]]:
    """Mentions that stand for the same words together, in order of their place; what is named twice, once."""
    groups: dict[tuple[int, int], list[EntityMention]] = {}
    for mention in sorted(mentions, key=lambda m: m.span):
        groups.setdefault(mention.span, []).append(mention)
    once = {tuple(mention.id for mention in group): group for group in reversed(groups.values())}
    return list(reversed(once.values()))
