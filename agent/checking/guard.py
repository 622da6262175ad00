"""The guard: what the evidence does not support is not said; a refusal is polite and offers somewhere to go."""

from collections.abc import Sequence
from dataclasses import replace

from agent.checking.acted import acted
from agent.checking.grounding import supported
from agent.phrases import Phrases
from agent.ports import GenerationRequest
from agent.types import DecisionKind, Draft, Language, PassageEvidence
from knowledge.release import calls_itself_internal
from knowledge.text.words import words

_TOPICS = 3
_QUOTING = frozenset({"extractive", "template"})
"""Generators that only quote: what they say needs no proof."""


class GroundingGuard:
    """Implements `agent.ports.Guard`.

    wrong_answer_cost: a wrong answer costs as much as so many declined ones; an answer of probability p is worth giving
    when p·1 > (1-p)·cost, that is above cost / (1 + cost).
    """

    def __init__(self, phrases: Phrases, *, wrong_answer_cost: float) -> None:
        self._phrases = phrases
        self._threshold = wrong_answer_cost / (1 + wrong_answer_cost)

    def check(self, draft: Draft, request: GenerationRequest) -> Draft:
        """The draft, without what is not supported, with what its sources want said; or a refusal."""
        return self._with_language(_with_notes(self._checked(draft, request), request), request)

    def _checked(self, draft: Draft, request: GenerationRequest) -> Draft:
        if draft.given is not None:
            return self._acted(draft, request)
        if draft.decision is DecisionKind.DECLINE and draft.text:
            return self._with_ways_on(draft, request, topics=False)
        if draft.decision not in {DecisionKind.ANSWER, DecisionKind.DECLINE}:
            return draft
        if draft.generator not in _QUOTING:
            draft = supported(draft, request)
        if not draft.text.strip() or draft.support < self._threshold:
            refusal = self._phrases.say("decline", request.understanding.language)
            declined = Draft(
                text=refusal,
                support=draft.support,
                decision=DecisionKind.DECLINE,
                generator=draft.generator,
                withheld=draft.text or draft.withheld,
            )
            return self._with_ways_on(declined, request, topics=True)
        return draft

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

    def _with_ways_on(self, draft: Draft, request: GenerationRequest, *, topics: bool) -> Draft:
        """A refusal with the nearest topics and the offer of a person."""
        language = request.understanding.language
        parts = [draft.text]
        near = request.retrieval.passages if topics and _is_heard_of(request) else ()
        titles = _titles(near, language)
        if titles:
            joined = ("、" if language == "zh" else "; ").join(titles)
            parts.append(self._phrases.say("decline_topics", language, topics=joined))
        parts.append(self._phrases.say("offer_person", language))
        return replace(draft, text=("" if language == "zh" else " ").join(parts), citations=(), facts=())


def _with_notes(draft: Draft, request: GenerationRequest) -> Draft:
    """An answer from the graph with the disclaimers of its sources, each once."""
    graph = request.retrieval.graph
    if graph is None or not draft.facts or draft.decision is not DecisionKind.ANSWER:
        return draft
    notes = [note for note in graph.notes if note not in draft.text]
    return replace(draft, text="\n\n".join((draft.text, *notes))) if notes else draft


def _is_heard_of(request: GenerationRequest) -> bool:
    """Whether any word of the question stands in what was found: what is nearest to "asdf" is no topic of it."""
    asked = set(words(request.understanding.question))
    found = (item.passage for item in request.retrieval.passages)
    return any(asked & set(words(f"{passage.title} {passage.text}")) for passage in found)


def _titles(passages: Sequence[PassageEvidence], language: Language) -> tuple[str, ...]:
    """Titles of the nearest articles meant for customers of this language, each once."""
    own = (evidence.passage for evidence in passages if evidence.passage.language in {language, ""})
    titles = (passage.title for passage in own if not calls_itself_internal(passage.title))
    return tuple(dict.fromkeys(titles))[:_TOPICS]
