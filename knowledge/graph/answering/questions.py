"""Answers questions from the edges of the graph: reads them, and sends each to what answers its form."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from knowledge.graph.answering.chains import Chains
from knowledge.graph.answering.choosing import Choosing
from knowledge.graph.answering.comparing import Comparer
from knowledge.graph.answering.connections import Connections
from knowledge.graph.answering.fitting import Fitting
from knowledge.graph.answering.offers import HOLD, WHO
from knowledge.graph.answering.selecting import Selector
from knowledge.graph.answering.several import Several
from knowledge.graph.answering.single import Single
from knowledge.graph.answering.surroundings import Surroundings
from knowledge.graph.answering.unnamed import Unnamed
from knowledge.graph.answering.verdicts import Verdicts
from knowledge.graph.answering.vocabulary import LANGUAGES, wording_for
from knowledge.graph.facts import GraphFacts
from knowledge.graph.linker import GraphLinker
from knowledge.graph.memory import GraphMemory
from knowledge.graph.reading import Reader
from knowledge.graph.reading.clauses import Clauses
from knowledge.graph.reading.lexicon import lexicon_for
from knowledge.graph.reading.named_values import chosen_by
from knowledge.graph.reading.qualifiers import Qualifiers
from knowledge.graph.reading.question import Question, QuestionReader
from knowledge.graph.reading.spelling import Spelling
from knowledge.graph.reading.units import Units
from knowledge.graph.type_words import words_for_types
from knowledge.graph.wording import MappedWording
from knowledge.types import EntityMention, GraphAnswer, GraphStatus, QuestionOutline, Wording

_ABOUT = re.compile(
    r"\W*(?:(?:(?:please |can you |could you )?(?:tell me (?:more |something )?about|who(?: is|'s)|describe|show me|(?:some |more )?info(?:rmation)? (?:on|about))"
    r"|(?:请|帮我|给我)?(?:介绍|说说|讲讲|了解|查)(?:一下|下)?)\W*)?(?:the )?\W*(?:(?:的(?:信息|资料|详情|介绍)|是谁))?\W*",
    re.IGNORECASE,
)
_SOLD = re.compile(
    rf"(?:(?:(?:do|does|did|don't) )?{WHO} )?(?:(?:still|also|actually|currently|even) )?{HOLD}(?: (?:the|an?|any|your))?"
    rf"(?: too| as well| now| at the moment| currently| any ?more)?|have {WHO} (?:still )?got(?: the| an?| any)?"
    r"|(?:请问)?(?:[你您咱]们?)?(?:家|店里?|这里|这儿)?(?:现在|还|也)?(?:有没有|有卖|在卖|卖不卖|有|卖) ?(?:卖|出售)?的?(?:吗|么|嘛|没有?)?",
    re.IGNORECASE,
)
"""Asks whether a thing is there, around its name: what is known of it is the answer."""
_NONE = GraphAnswer(status=GraphStatus.NONE)
_UNREADABLE = {GraphStatus.UNSUPPORTED, GraphStatus.NONE}
_LONGEST = 800
"""Characters of a question that are read; what is asked stands at the end of a long message."""
_FEW = 6
"""Things of one name, one of which a customer can be asked to choose."""
_SHORT = 60
"""Characters around a name, in which it is asked whether the thing is sold."""
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
        labels: Mapping[str, Sequence[str]],
        mapped: MappedWording,
    ) -> None:
        self._facts = facts
        relations = facts.relations
        lexicon = lexicon_for(relations, words_for_types(facts), labels, mapped)
        self._wordings = {
            language: wording_for(language, mapped, lexicon, facts.names(language), relations) for language in LANGUAGES
        }
        prices = lexicon.concept_relations("price")
        self._qualifiers = Qualifiers(relations, prices, mapped)
        values, units = chosen_by(facts, lexicon, mapped), Units(relations, mapped)
        self._reader = Reader(lexicon, values, facts.flags, mapped.spoken(), units, self._qualifiers)
        linker.lead_ins, linker.is_unheard = lexicon.lead_ins, lexicon.is_unheard
        self._questions = QuestionReader(linker, self._reader, Spelling(lexicon))
        selector, surroundings = Selector(facts), Surroundings(facts, lexicon)
        self._chains = Chains(facts, lexicon, self._reader, surroundings, selector)
        listing = {*lexicon.concept_relations("compatible"), *lexicon.concept_relations("available"), *mapped.listing()}
        self._comparer = Comparer(facts, lexicon, surroundings, selector, listing)
        self._fitting, verdicts = Fitting(facts, lexicon), Verdicts(facts, prices)
        self._single = Single(facts, self._fitting, surroundings, selector, verdicts, self._comparer.table)
        self._several = Several(self._comparer, Connections(memory, facts), selector)
        self._unnamed = Unnamed(facts, linker, selector)
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
        asked = self._questions.read(question, mentions)
        answer = self._surely(self._answer(asked), asked)
        wording = self._wordings.get(language)
        if answer.status is GraphStatus.NONE:
            return answer
        return replace(answer, why=bool(why), wording=wording or answer.wording)

    def outline(self, question: str) -> QuestionOutline:
        """What a question that names no entity holds of itself."""
        reading = self._questions.read(question[-_LONGEST:]).reading
        conditions, phrasing, rest = reading.conditions, reading.phrasing, reading.rest
        ranked = conditions.superlative and (reading.type or conditions.superlative.relations)
        listed = phrasing.count or (phrasing.listing and not reading.asked)
        chosen = (reading.type or reading.anything) and (conditions or listed)
        return QuestionOutline(
            asks=bool(reading.asked or conditions.flags or conditions.equals),
            type=reading.type,
            chooses=bool((ranked or chosen) and not reading.near),
            rest=(*rest.left, *rest.unread),
            ranks=bool(ranked and not conditions.limited),
        )

    def wording(self, language: str) -> Wording:
        """How all is said in a language."""
        return self._wordings[language]

    def resolved(self, question: str, reply: str) -> str:
        """A question with an ambiguous name put as the reply chooses it; "" where nothing is chosen."""
        asked = self._questions.read(question)
        if self._answer(asked).status is not GraphStatus.AMBIGUOUS:
            return ""
        for group in asked.groups:
            nodes = list(dict.fromkeys(mention.id for mention in group))
            if len(nodes) > 1 and (node := self._choosing.chosen(nodes, reply)):
                start, end = group[0].span
                return asked.text[:start] + self._facts.telling(node) + asked.text[end:]
        return ""

    def _surely(self, answer: GraphAnswer, question: Question) -> GraphAnswer:
        """The answer where it is to what was asked: not to a price by another measure or of another day, or to what something else costs."""
        if answer.status not in {GraphStatus.ANSWERED, GraphStatus.MISSING} or answer.form in {"path", "table"}:
            return answer
        reading = question.reading
        about = {answer.relation, answer.measure, *(r for bound in reading.conditions.bounds for r in bound.relations)}
        denied = any(self._qualifiers.deny(relation, reading.said) for relation in about)
        told = [fact.tail for fact in answer.facts if fact.relation == answer.relation]
        timely = answer.form != "attribute" or self._fitting.speaks_of_days(answer.relation, told, reading)
        if timely and not denied and not (reading.aside and question.mentions):
            return answer
        if not question.mentions:
            return _NONE
        return GraphAnswer(status=GraphStatus.UNSUPPORTED, subjects=answer.subjects, score=0.6)

    def _answer(self, question: Question) -> GraphAnswer:
        if not self._facts.by_type:
            return _NONE
        groups = question.groups
        if not groups:
            return self._unnamed.answer(question) or _NONE
        if len(groups) >= 2 and (several := self._several.answer(question, groups)) is not None:
            return several
        if len(groups) == 1 and (about := self._all_about(question.text, groups[0])) is not None:
            return about
        found = self._single.of_group(groups[0], question.reading)
        its_own = found.form == "attribute" and found.subjects == (self._facts.name(groups[0][0].id),)
        if len(groups) == 1 and (found.status in _UNREADABLE or its_own):
            return self._in_a_clause(question.text, groups[0]) or found
        return found

    def _all_about(self, question: str, group: Sequence[EntityMention]) -> GraphAnswer | None:
        """All about what is named where the question says no more, or what is several steps from it; None for all else."""
        if len(group) > 1:
            return self._which_of(question, group)
        alone = self._comparer.table([group[0].id]) if _names_alone(question, group[0]) else None
        return alone or self._chains.from_one(question, group[0])

    def _which_of(self, question: str, group: Sequence[EntityMention]) -> GraphAnswer | None:
        """The question back which of a few is meant, where all about one of them is wanted; None for all else."""
        names = tuple(dict.fromkeys(self._facts.telling(mention.id) for mention in group))
        if not 1 < len(names) <= _FEW or not _names_alone(question, group[0]):
            return None
        return GraphAnswer(status=GraphStatus.AMBIGUOUS, options=names, subjects=names, score=0.9)

    def _in_a_clause(self, question: str, group: Sequence[EntityMention]) -> GraphAnswer | None:
        """What the last clause that asks for anything asks of an entity, where the message says more than that."""
        for clause in self._clauses.asking(question, group[:1]):
            reading = self._reader.read(clause, ())
            named = reading.conditions.equals or reading.conditions.flags
            if reading.asked or reading.near or named or reading.boolean:
                found = self._single.of_group(group, reading)
                return found if found.status not in _UNREADABLE else None
        return None


def _names_alone(question: str, mention: EntityMention) -> bool:
    """Whether a question is nothing but a name, or asks to be told about it, or whether it is sold."""
    start, end = mention.span
    around = f"{question[:start]} {question[end:]}"
    sold = len(around) <= _SHORT and _SOLD.fullmatch(" ".join(around.split()).strip(" ,.?!，。？！"))
    return bool(sold or _ABOUT.fullmatch(around))
