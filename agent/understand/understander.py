"""The understand stage: language, standalone question, intents, sentiment, entities."""

import asyncio
from collections.abc import Sequence

from agent.ports import (
    EntityLinker,
    IntentClassifier,
    IntentPrediction,
    Languages,
    QuestionRewriter,
    SentimentScorer,
    Speaking,
    Voice,
)
from agent.types import Emotion, Sentiment, Understanding, Utterance
from agent.understand.small_talk import small_talk, wants_person

_UNKNOWN = IntentPrediction(intents=(), out_of_scope=0.0)
_UNFELT = Sentiment(polarity=0.0, emotion=Emotion.NEUTRAL, confidence=1.0)


class StagedUnderstander:
    """Implements `agent.ports.Understander`; a part takes a few milliseconds, so only what waits for a server goes to a thread.

    intents: which may have no classifier; small talk and the call for a person are recognised all the same.
    """

    def __init__(
        self,
        *,
        languages: Languages,
        rewriter: QuestionRewriter,
        intents: Voice[IntentClassifier],
        sentiment: Voice[SentimentScorer],
        linker: EntityLinker,
    ) -> None:
        self._languages = languages
        self._rewriter = rewriter
        self._intents = intents
        self._sentiment = sentiment
        self._linker = linker

    async def understand(self, text: str, history: Sequence[Utterance], conversation_id: str = "") -> Understanding:
        """What the message means, given what was said before it."""
        intents, sentiment = self._intents.of(conversation_id), self._sentiment.of(conversation_id)
        certain = small_talk(text) or wants_person(text)
        question = text if certain else self._rewriter.standalone(text, history)
        prediction = await _predicted(intents, question) if intents else _UNKNOWN
        if certain:
            others = (intent for intent in prediction.intents if intent.name != certain.name)
            prediction = IntentPrediction(intents=(certain, *others), out_of_scope=0.0)
        return Understanding(
            text=text,
            question=question,
            language=self._languages.detect(text, history),
            intents=prediction.intents[:3],
            out_of_scope=prediction.out_of_scope,
            sentiment=sentiment.model.score([text])[0] if sentiment else _UNFELT,
            entities=self._linker.link(question),
            versions={
                task: speaking.version
                for task, speaking in (("intent", intents), ("sentiment", sentiment))
                if speaking and speaking.version
            },
        )


async def _predicted(intents: Speaking[IntentClassifier], question: str) -> IntentPrediction:
    if intents.waits:
        return (await asyncio.to_thread(intents.model.predict, [question]))[0]
    return intents.model.predict([question])[0]
