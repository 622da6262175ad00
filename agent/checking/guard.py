"""The guard: what the evidence does not support is not said; a refusal is polite and offers somewhere to go."""

import re
from collections.abc import Sequence
from dataclasses import replace

from agent.checking.acted import acted
from agent.checking.grounding import supported
from agent.phrases import Phrases
from agent.ports import GenerationRequest
from agent.types import DecisionKind, Draft, Language, PassageEvidence

_INTERNAL = re.compile(r"^\s*internal\s*[:：-]\s*|^内部\s*[:：-]\s*", re.IGNORECASE)
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
        return _with_notes(self._checked(draft, request), request)

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
        titles = _titles(request.retrieval.passages, language) if topics else ()
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


def _titles(passages: Sequence[PassageEvidence], language: Language) -> tuple[str, ...]:
    """Titles of the nearest articles meant for customers of this language, each once."""
    own = (evidence.passage for evidence in passages if evidence.passage.language in {language, ""})
    titles = (passage.title for passage in own if not _INTERNAL.match(passage.title))
    return tuple(dict.fromkeys(titles))[:_TOPICS]
