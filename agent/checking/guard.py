"""The guard: what the evidence does not support is not said; a refusal is polite and offers somewhere to go."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from agent.checking.acted import acted
from agent.checking.grounding import supported
from agent.checking.likeness import Doubt
from agent.checking.naming import says_name
from agent.checking.topics import MOST, first_topic, near_topics
from agent.generate.together import together
from agent.phrases import Phrases
from agent.ports import GenerationRequest
from agent.types import DecisionKind, Draft, Language
from knowledge.types import GraphStatus

_QUOTING = frozenset({"extractive", "template"})
"""Generators that only quote: what they say needs no proof."""


def least_support(wrong_answer_cost: float) -> float:
    """The support below which an answer is not given, where a wrong one costs as much as so many declined ones."""
    return wrong_answer_cost / (1 + wrong_answer_cost)


class GroundingGuard:
    """Implements `agent.ports.Guard`.

    wrong_answer_cost: a wrong answer costs as much as so many declined ones; an answer of probability p is worth giving
    when p·1 > (1-p)·cost, that is above cost / (1 + cost).
    alike: what was found of sentences that may only echo the question.
    compares: whether in a language the likeness of question and passage means what the bounds were chosen on.
    """

    def __init__(
        self,
        phrases: Phrases,
        *,
        wrong_answer_cost: float,
        compares: Callable[[str], bool] = lambda _: True,
        alike: Callable[[Doubt], bool] = lambda _: False,
    ) -> None:
        self._alike = alike
        self._phrases = phrases
        self._compares = compares
        self._threshold = least_support(wrong_answer_cost)
        self._nearly = wrong_answer_cost / (2 + wrong_answer_cost)  # half the odds

    def check(self, draft: Draft, request: GenerationRequest) -> Draft:
        """The draft, without what is not supported, with what its sources want said; or a refusal."""
        return self._with_language(_with_notes(self._checked(draft, request), request), request)

    def _checked(self, draft: Draft, request: GenerationRequest) -> Draft:
        if draft.given is not None:
            return self._acted(draft, request)
        if held := [part for part in draft.parts if part.text.strip() and part.support >= self._threshold]:
            return self._with_rest(draft, held, request)
        if draft.decision is DecisionKind.DECLINE and draft.text:
            return self._refused(draft, request) if _misses_no_name(request) else self._with_person(draft, request)
        if draft.decision not in {DecisionKind.ANSWER, DecisionKind.DECLINE}:
            return draft
        if draft.generator not in _QUOTING:
            draft = supported(draft, request, self._alike)
        if not draft.text.strip() or draft.support < self._threshold:
            return self._refused(replace(draft, withheld=draft.text or draft.withheld), request)
        return draft

    def _with_rest(self, draft: Draft, held: Sequence[Draft], request: GenerationRequest) -> Draft:
        """The answers to those of several questions that have one, and that the others have none."""
        if len(held) == len(draft.parts):
            return draft
        answer, language = together(held), request.understanding.language
        said = [self._phrases.say(name, language) for name in ("rest_unknown", "offer_person")]
        text = f"{answer.text}\n\n{('' if language == 'zh' else ' ').join(said)}"
        return replace(answer, text=text, withheld=draft.text)

    def _with_language(self, draft: Draft, request: GenerationRequest) -> Draft:
        """An answer that quotes nothing but articles in another language says so first."""
        if draft.generator not in _QUOTING or draft.decision is not DecisionKind.ANSWER or not draft.citations:
            return draft
        quoted = {citation.source_id for citation in draft.citations}
        passages = [item.passage for item in request.retrieval.passages if item.passage.source_id in quoted]
        language = request.understanding.language
        if not passages or any(passage.language in {language, ""} for passage in passages):
            return draft
        said = self._phrases.say("quoted_foreign", language)
        return replace(draft, text=f"{said}\n\n{draft.text}")

    def _acted(self, draft: Draft, request: GenerationRequest) -> Draft:
        """What a model says of what its tools gave; where nothing of it stands, a person takes over."""
        held = acted(draft, request)
        if held.text:
            return held
        text = self._phrases.say("flow_hand_over", request.understanding.language)
        return replace(held, text=text, decision=DecisionKind.HANDOFF)

    def _refused(self, draft: Draft, request: GenerationRequest) -> Draft:
        """A refusal, with the articles that may be meant to choose from; one that nearly answered comes first."""
        language, evidence = request.understanding.language, request.retrieval.passages
        by_words = not self._compares(language)
        near = near_topics(evidence, language, by_words=by_words)
        perhaps = ""
        if draft.citations and self._nearly <= draft.support < self._threshold:
            perhaps = first_topic(evidence, language, draft.citations[0].source_id, by_words=by_words)
        topics = tuple(dict.fromkeys(title for title in (perhaps, *near) if title))[:MOST]
        refusal = Draft(
            text=self._led_on(perhaps, [title for title in topics if title != perhaps], language),
            support=draft.support,
            decision=DecisionKind.DECLINE,
            generator=draft.generator,
            withheld=draft.withheld,
            choices=topics,
            usage=draft.usage,
        )
        return self._with_person(refusal, request)

    def _led_on(self, perhaps: str, topics: Sequence[str], language: Language) -> str:
        """The words of a refusal: which article may be meant, if any, then which others."""
        listed = ("；" if language == "zh" else "; ").join(topics)
        if not perhaps:
            return self._phrases.say("decline_topics" if topics else "decline", language, topics=listed)
        others = self._phrases.say("decline_or", language, topics=listed) if topics else ""
        parts = (self._phrases.say("decline_perhaps", language, topic=perhaps), others)
        return ("" if language == "zh" else " ").join(filter(None, parts))

    def _with_person(self, draft: Draft, request: GenerationRequest) -> Draft:
        """A refusal with the offer of a person, in a paragraph of its own."""
        offer = self._phrases.say("offer_person", request.understanding.language)
        return replace(draft, text=f"{draft.text}\n\n{offer}", citations=(), facts=())


def _misses_no_name(request: GenerationRequest) -> bool:
    """Whether the graph misses a name in a question that says none."""
    graph = request.retrieval.graph
    missed = graph is not None and graph.status is GraphStatus.UNKNOWN and not graph.options
    return missed and not says_name(request.understanding.question)


def _with_notes(draft: Draft, request: GenerationRequest) -> Draft:
    """An answer from the graph with the disclaimers of its sources, each once."""
    if not draft.facts or draft.decision is not DecisionKind.ANSWER:
        return draft
    told = dict.fromkeys(note for answer in request.retrieval.graph_answers for note in answer.notes)
    notes = [note for note in told if note not in draft.text]
    return replace(draft, text="\n\n".join((draft.text, *notes))) if notes else draft
