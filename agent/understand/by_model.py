"""The understand stage with one request to a model beside the classifiers, whose word stands where it has none."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from agent.checking.agreement import in_language, stranger
from agent.ports import EntityLinker, Understander
from agent.types import Emotion, IntentScore, Language, SaidIntent, Sentiment, Understanding, Utterance
from agent.understand.certain import certain_intent
from agent.understand.sentiment.polarity import POLARITY
from knowledge.text.folding import folded

if TYPE_CHECKING:  # the client costs a second that a home without a model need not pay at start
    from agent.understand.one_call import OneCall, Reading

_RELIABILITY = 0.9
"""How often the model is taken to be right; only its word against the classifiers' is weighed by it."""


class ModelUnderstander:
    """Implements `agent.ports.Understander` over another one.

    What is certain (small talk, a call for a person) is not asked about. A question that the model made of the message
    counts only where all its numbers, dates and names were said before, and in the same language.
    """

    def __init__(self, staged: Understander, model: "OneCall", linker: EntityLinker) -> None:
        self._staged = staged
        self._model = model
        self._linker = linker

    async def understand(
        self, text: str, history: Sequence[Utterance], conversation_id: str = "", page: Language | None = None
    ) -> Understanding:
        """What the message means, given what was said before it."""
        staged = await self._staged.understand(text, history, conversation_id, page)
        if certain_intent(staged.text, history):
            return staged
        candidates: dict[str, Sequence[str]] = {intent.name: () for intent in staged.intents}
        reading = await asyncio.to_thread(self._model.read, text, history, candidates)
        return staged if reading is None else self._taken(staged, reading, history)

    def _taken(self, staged: Understanding, reading: "Reading", history: Sequence[Utterance]) -> Understanding:
        question = staged.question
        said_before = "\n".join((staged.as_sent, staged.text, *(one.content for one in history)))
        if in_language(reading.question, staged.language) and not stranger(reading.question, said_before):
            question = folded(reading.question)
        intents, out_of_scope = _weighed(staged, reading)
        said = staged.said
        if len(said) < 2:
            best = intents[0] if intents and reading.intents else None
            said = (SaidIntent(name=best.name, confidence=best.confidence, text=staged.text),) if best else ()
        return replace(
            staged,
            question=question,
            intents=intents,
            said=said,
            out_of_scope=out_of_scope,
            sentiment=_felt(staged.sentiment, reading.emotion),
            entities=staged.entities if question == staged.question else self._linker.link(question),
        )


def _weighed(staged: Understanding, reading: "Reading") -> tuple[tuple[IntentScore, ...], float]:
    """The classifier's intents after the model's word, by Bayes' rule, and what is out of scope."""
    if not staged.intents:
        return (), staged.out_of_scope
    wrong = (1 - _RELIABILITY) / len(staged.intents)
    named = set(reading.intents)
    inside = 1 - staged.out_of_scope
    likely = {
        one.name: inside * one.confidence * (_RELIABILITY if one.name in named else wrong) for one in staged.intents
    }
    outside = staged.out_of_scope * (wrong if named else _RELIABILITY)
    total = sum(likely.values()) + outside
    if not total:
        return staged.intents, staged.out_of_scope
    kept = sum(one.confidence for one in staged.intents)
    share = sum(likely.values()) or 1.0
    ranked = sorted(likely.items(), key=lambda item: -item[1])
    return tuple(IntentScore(name=name, confidence=kept * p / share) for name, p in ranked), outside / total


def _felt(staged: Sentiment, emotion: Emotion) -> Sentiment:
    if staged.emotion is emotion:
        return replace(staged, confidence=max(staged.confidence, _RELIABILITY))
    return Sentiment(polarity=POLARITY[emotion], emotion=emotion, confidence=_RELIABILITY)
