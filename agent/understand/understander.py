"""The understand stage: language, standalone question, intents, sentiment, entities."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace

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
from agent.types import Emotion, IntentScore, Language, SaidIntent, Sentiment, Understanding, Utterance
from agent.understand.certain import certain_intent, only_gives
from agent.understand.language import without_addresses
from agent.understand.parts import questions_in
from agent.understand.persons import wants_person
from agent.understand.small_talk import without_courtesies
from knowledge.text.compounds import of_one
from knowledge.text.folding import folded

_UNKNOWN = IntentPrediction(intents=(), out_of_scope=0.0)
_UNFELT = Sentiment(polarity=0.0, emotion=Emotion.NEUTRAL, confidence=1.0)


class StagedUnderstander:
    """Implements `agent.ports.Understander`; the models read in a thread, the rest takes less than a millisecond or two.

    intents: which may have no classifier; small talk and the call for a person are recognised all the same.
    ahead: told the question and its language, in a thread, while the models read it: what is to be searched for can be read
    for the search meanwhile.
    """

    def __init__(
        self,
        *,
        languages: Languages,
        rewriter: QuestionRewriter,
        intents: Voice[IntentClassifier],
        sentiment: Voice[SentimentScorer],
        linker: EntityLinker,
        ahead: Callable[[str, Language], None] | None = None,
    ) -> None:
        self._languages = languages
        self._rewriter = rewriter
        self._intents = intents
        self._sentiment = sentiment
        self._linker = linker
        self._ahead = ahead

    async def understand(
        self, text: str, history: Sequence[Utterance], conversation_id: str = "", page: Language | None = None
    ) -> Understanding:
        """What the message means, given what was said before it."""
        sent, text = text, folded(text)
        history = as_read(history)
        intents, sentiment = self._intents.of(conversation_id), self._sentiment.of(conversation_id)
        certain = certain_intent(text, history)
        said = without_courtesies(text)
        question = text if certain else of_one(self._rewriter.standalone(said, history))
        entities = self._linker.link(question)
        if only_gives(text) and not entities:
            intents = None  # an address or a number says nothing by itself: it answers what was asked
        language = self._languages.detect(text, history, page)
        reading = asyncio.to_thread(_read, intents, question, sentiment, text)
        if certain or self._ahead is None:
            prediction, felt = await reading
        else:
            (prediction, felt), _ = await asyncio.gather(reading, asyncio.to_thread(self._ahead, question, language))
        prediction = _as_sent(_without_given(prediction), text)
        if certain:
            prediction = _with_certain(certain, prediction, question)
        return Understanding(
            text=text,
            question=question,
            language=language,
            intents=prediction.intents[:3],
            said=prediction.said,
            out_of_scope=prediction.out_of_scope,
            sentiment=felt,
            entities=entities,
            parts=() if certain else questions_in(said, history, self._rewriter),
            sent=sent if sent != text else "",
            versions={
                task: speaking.version
                for task, speaking in (("intent", intents), ("sentiment", sentiment))
                if speaking and speaking.version
            },
        )


def as_read(history: Sequence[Utterance]) -> Sequence[Utterance]:
    """The history with the customer's messages as they are read; replies are in the company's own writing."""
    return [replace(one, content=folded(one.content)) if one.role == "user" else one for one in history]


def _without_given(prediction: IntentPrediction) -> IntentPrediction:
    """The prediction without what was made of clauses that only give something ("…, my e-mail is a@b.example")."""
    said = tuple(one for one in prediction.said if not only_gives(one.text))
    if not said or len(said) == len(prediction.said):
        return prediction
    dropped = {one.name for one in prediction.said} - {one.name for one in said}
    return replace(prediction, said=said, intents=tuple(one for one in prediction.intents if one.name not in dropped))


def _as_sent(prediction: IntentPrediction, text: str) -> IntentPrediction:
    """The prediction with the intents that were said first; what a rewriter took from earlier messages is not said now."""
    said = prediction.said
    if len(said) < 2:
        return prediction
    if not all(one.text in text for one in said):
        best = prediction.intents[0]
        now = SaidIntent(name=best.name, confidence=best.confidence, text=text)
        return replace(prediction, said=(now,))
    first = sorted(said, key=lambda one: -one.confidence)
    names = {one.name for one in first}
    return replace(
        prediction,
        intents=(
            *(IntentScore(name=one.name, confidence=one.confidence) for one in first),
            *(intent for intent in prediction.intents if intent.name not in names),
        ),
    )


def _with_certain(certain: IntentScore, prediction: IntentPrediction, question: str) -> IntentPrediction:
    """The prediction with an intent that is known for certain; another stays said where the message was cut in two."""
    others = (intent for intent in prediction.intents if intent.name != certain.name)
    known = SaidIntent(name=certain.name, confidence=certain.confidence, text=question)
    said = prediction.said if len(prediction.said) > 1 else ()
    mentioned = next((n for n, intent in enumerate(said) if wants_person(intent.text)), None)
    if mentioned is None:
        said = (known,)
    else:
        said = tuple(replace(known, text=intent.text) if n == mentioned else intent for n, intent in enumerate(said))
    return IntentPrediction(intents=(certain, *others), said=said, out_of_scope=0.0)


def _read(
    intents: Speaking[IntentClassifier] | None, question: str, sentiment: Speaking[SentimentScorer] | None, text: str
) -> tuple[IntentPrediction, Sentiment]:
    """What the models make of a message."""
    prediction = intents.model.predict([question])[0] if intents else _UNKNOWN
    spoken = without_addresses(text).strip()  # an address has no mood, whatever words it holds
    return prediction, sentiment.model.score([spoken])[0] if sentiment and spoken else _UNFELT
