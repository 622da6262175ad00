"""The understand stage: language, standalone question, intents, sentiment, entities."""

from collections.abc import Sequence

from agent.ports import EntityLinker, IntentClassifier, IntentPrediction, Languages, QuestionRewriter, SentimentScorer
from agent.types import Understanding, Utterance
from agent.understand.small_talk import small_talk, wants_person

_UNKNOWN = IntentPrediction(intents=(), out_of_scope=0.0)


class StagedUnderstander:
    """Implements `agent.ports.Understander`; every part is a few milliseconds, so nothing goes to a thread.

    intents: None where no classifier was trained; small talk and the call for a person are recognised all the same.
    """

    def __init__(
        self,
        *,
        languages: Languages,
        rewriter: QuestionRewriter,
        intents: IntentClassifier | None,
        sentiment: SentimentScorer,
        linker: EntityLinker,
    ) -> None:
        self._languages = languages
        self._rewriter = rewriter
        self._intents = intents
        self._sentiment = sentiment
        self._linker = linker

    async def understand(self, text: str, history: Sequence[Utterance]) -> Understanding:
        """What the message means, given what was said before it."""
        certain = small_talk(text) or wants_person(text)
        question = text if certain else self._rewriter.standalone(text, history)
        prediction = self._intents.predict([question])[0] if self._intents else _UNKNOWN
        if certain:
            others = (intent for intent in prediction.intents if intent.name != certain.name)
            prediction = IntentPrediction(intents=(certain, *others), out_of_scope=0.0)
        return Understanding(
            text=text,
            question=question,
            language=self._languages.detect(text, history),
            intents=prediction.intents[:3],
            out_of_scope=prediction.out_of_scope,
            sentiment=self._sentiment.score([text])[0],
            entities=self._linker.link(question),
        )
