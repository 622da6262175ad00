"""The guard: what the evidence does not support is not said; a refusal is polite and offers somewhere to go."""

import re
from collections.abc import Sequence
from dataclasses import replace

from agent.phrases import Phrases
from agent.ports import GenerationRequest
from agent.types import Citation, DecisionKind, Draft, PassageEvidence

_MARK = re.compile(r"\[(\d+)\]")
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_SENTENCE = re.compile(r"[^.!?。！？\n]+(?:[.!?。！？](?=\d)[^.!?。！？\n]*)*(?:[.!?。！？]+|\n|$)(?:\s*\[\d+\])*")
_INTERNAL = re.compile(r"^\s*internal\s*[:：-]\s*|^内部\s*[:：-]\s*", re.IGNORECASE)
_TOPICS = 3


class GroundingGuard:
    """Implements `agent.ports.Guard`.

    wrong_answer_cost: a wrong answer costs as much as so many declined ones; an answer of probability p is worth giving
    when p·1 > (1-p)·cost, that is above cost / (1 + cost).
    """

    def __init__(self, phrases: Phrases, *, wrong_answer_cost: float) -> None:
        self._phrases = phrases
        self._threshold = wrong_answer_cost / (1 + wrong_answer_cost)

    def check(self, draft: Draft, request: GenerationRequest) -> Draft:
        """The draft, without what is not supported; or a refusal."""
        if draft.decision is DecisionKind.DECLINE and draft.text:
            return self._with_ways_on(draft, request, topics=False)
        if draft.decision not in {DecisionKind.ANSWER, DecisionKind.DECLINE}:
            return draft
        if draft.generator not in {"extractive", "template"}:
            draft = _supported(draft, request)
        if not draft.text.strip() or draft.support < self._threshold:
            refusal = self._phrases.say("decline", request.understanding.language)
            declined = Draft(
                text=refusal, support=draft.support, decision=DecisionKind.DECLINE, generator=draft.generator
            )
            return self._with_ways_on(declined, request, topics=True)
        return draft

    def _with_ways_on(self, draft: Draft, request: GenerationRequest, *, topics: bool) -> Draft:
        """A refusal with the nearest topics and the offer of a person."""
        language = request.understanding.language
        parts = [draft.text]
        titles = _titles(request.retrieval.passages) if topics else ()
        if titles:
            joined = ("、" if language == "zh" else "; ").join(titles)
            parts.append(self._phrases.say("decline_topics", language, topics=joined))
        parts.append(self._phrases.say("offer_person", language))
        return replace(draft, text=("" if language == "zh" else " ").join(parts), citations=(), facts=())


def _titles(passages: Sequence[PassageEvidence]) -> tuple[str, ...]:
    """Titles of the nearest articles meant for customers, each once."""
    titles = (evidence.passage.title for evidence in passages if not _INTERNAL.match(evidence.passage.title))
    return tuple(dict.fromkeys(titles))[:_TOPICS]


def _supported(draft: Draft, request: GenerationRequest) -> Draft:
    """A model's draft without sentences whose numbers stand in no evidence they may rest on, and without dead marks."""
    passages = request.retrieval.passages
    graph = request.retrieval.graph
    facts = " ".join(f"{f.head} {f.relation} {f.tail}" for f in graph.facts) if graph else ""
    known = {citation.n: citation for citation in draft.citations}
    everything = " ".join([facts, request.understanding.text, *(e.passage.text + e.passage.title for e in passages)])
    kept = [
        sentence
        for sentence in _SENTENCE.findall(draft.text)
        if _numbers(_MARK.sub("", sentence)) <= _numbers(everything)
        and all(int(n) in known for n in _MARK.findall(sentence))
    ]
    text = "".join(kept).strip()
    used = {int(n) for n in _MARK.findall(text)}
    citations: tuple[Citation, ...] = tuple(c for c in draft.citations if c.n in used)
    has_claims = bool(citations) or bool(draft.facts)
    return replace(draft, text=text if has_claims else "", citations=citations)


def _numbers(text: str) -> set[str]:
    return {number.replace(",", "") for number in _NUMBER.findall(text)}
