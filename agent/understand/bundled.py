"""Trained bundles as the turn wants them: a classifier of intents, a scorer of sentiment."""

from collections.abc import Callable, Sequence
from pathlib import Path

from agent.errors import BundleError
from agent.ports import IntentPrediction, SentimentScorer
from agent.training.bundle import Task
from agent.training.classifier import Classifier, open_classifier, threshold_of
from agent.types import Emotion, IntentScore, SaidIntent, Sentiment
from agent.understand.several import SeveralIntents, said
from agent.understand.together import ReadTogether

_BEST = 5
_FIRST = ("hello", "你好，我的订单到哪了？")  # asked before a customer asks, so that nothing is left to be loaded then
_POLARITY = {"positive": 1.0, "pos": 1.0, "neutral": 0.0, "negative": -1.0, "neg": -1.0}
_FITTING_EMOTION = 0.25  # polarity from which a message without emotion words shows joy or disappointment


class ClassifiedIntents:
    """Implements `agent.ports.IntentClassifier` over a trained classifier."""

    def __init__(self, classifier: Classifier) -> None:
        self._classifier = classifier

    def predict(self, texts: Sequence[str]) -> list[IntentPrediction]:
        """Five intents, the most probable first, those that were said, and the out-of-scope score of each text."""
        threshold = threshold_of(self._classifier.card)
        return [
            IntentPrediction(
                intents=tuple(
                    IntentScore(name=name, confidence=round(score, 4)) for name, score in [*one.scores.items()][:_BEST]
                ),
                said=tuple(
                    SaidIntent(name=part.label, confidence=round(part.confidence, 4), text=part.text)
                    for part in said(text, one, threshold)
                ),
                out_of_scope=round(one.out_of_scope, 4),
            )
            for text, one in zip(texts, self._classifier.predict(texts), strict=True)
        ]


class ClassifiedSentiment:
    """Implements `agent.ports.SentimentScorer`: the polarity is the model's, the emotion that of the words it agrees with.

    words: scores by words, and tells the emotions, which a model of positive and negative does not know.
    """

    def __init__(self, classifier: Classifier, words: SentimentScorer) -> None:
        self._classifier = classifier
        self._words = words

    def score(self, texts: Sequence[str]) -> list[Sentiment]:
        """A Sentiment for each text."""
        predictions = self._classifier.predict(texts)
        return [
            self._blended(sum(_POLARITY[label] * p for label, p in prediction.scores.items()), worded)
            for prediction, worded in zip(predictions, self._words.score(texts), strict=True)
        ]

    @staticmethod
    def _blended(polarity: float, worded: Sentiment) -> Sentiment:
        polarity = round(polarity, 3)
        if worded.emotion is not Emotion.NEUTRAL and worded.polarity * polarity > 0:
            return Sentiment(polarity=polarity, emotion=worded.emotion, confidence=worded.confidence)
        if abs(polarity) < _FITTING_EMOTION:
            return Sentiment(polarity=polarity, emotion=Emotion.NEUTRAL, confidence=round(1 - abs(polarity), 3))
        emotion = Emotion.JOY if polarity > 0 else Emotion.DISAPPOINTMENT
        return Sentiment(polarity=polarity, emotion=emotion, confidence=round(abs(polarity), 3))


def open_intents(folder: Path, beside: Callable[[Classifier], Classifier] | None = None) -> ClassifiedIntents:
    """The intents of a bundle, ready to answer at once. Raises BundleError.

    beside: puts something at the classifier's side, such as a language model.
    """
    classifier: Classifier = ReadTogether(SeveralIntents(_opened(folder, Task.INTENT)))
    return ClassifiedIntents(beside(classifier) if beside else classifier)


def open_sentiment(folder: Path, words: SentimentScorer) -> ClassifiedSentiment:
    """The sentiment of a bundle with the labels positive, negative and perhaps neutral. Raises BundleError."""
    classifier = _opened(folder, Task.SENTIMENT)
    if unknown := set(classifier.card.labels) - _POLARITY.keys():
        raise BundleError(f"{folder} has the labels {', '.join(sorted(unknown))}; expected {', '.join(_POLARITY)}")
    return ClassifiedSentiment(classifier, words)


def _opened(folder: Path, task: Task) -> Classifier:
    classifier = open_classifier(folder)
    if classifier.card.task is not task:
        raise BundleError(f"{folder} is for {classifier.card.task.value}, not for {task.value}")
    classifier.predict(_FIRST)
    return classifier
