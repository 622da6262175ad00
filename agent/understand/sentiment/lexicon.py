"""Sentiment of one message from a lexicon: polarity −1…1 and an emotion, in English and Chinese, mixed text too.

The shape follows VADER (Hutto & Gilbert 2014): word strengths, negation that turns, intensity that scales, capitals and
exclamation marks that add; the words, and the emotions they stand for, are in `emotions.yaml`.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict

from agent.types import Emotion, Sentiment
from agent.understand.sentiment.words import pattern

_NEGATION_REACH = {"en": 18, "zh": 3}  # characters before a word
_TURNED = -0.6  # "not happy" is weaker than "unhappy"
_EXCLAMATION = 1.15
_SHOUTING = re.compile(r"\b[A-Z]{3,}\b(?:\W+\b[A-Z]{2,}\b){2,}")
_CLAUSE = re.compile(r"[,.;!?，。；！？\n]|\bbut\b|但是?|不过", re.IGNORECASE)


class EmotionWords(BaseModel):
    """Words of one emotion and the polarity of one of them."""

    model_config = ConfigDict(extra="forbid")

    strength: float
    en: list[str]
    zh: list[str]


class Lexicon(BaseModel):
    """The form of `emotions.yaml`."""

    model_config = ConfigDict(extra="forbid")

    emotions: dict[Emotion, EmotionWords]
    negations: dict[str, list[str]]
    intensifiers: dict[str, dict[str, float]]
    emoji: dict[Emotion, str]
    neutral_phrases: dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class _Hit:
    emotion: Emotion
    strength: float


class LexiconSentiment:
    """Implements `agent.ports.SentimentScorer`; under a millisecond a message."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._strengths = {emotion: words.strength for emotion, words in lexicon.emotions.items()}
        self._words = [
            (language, emotion, pattern(language, getattr(words, language)))
            for emotion, words in lexicon.emotions.items()
            for language in ("en", "zh")
        ]
        self._neutral = [pattern(language, phrases) for language, phrases in lexicon.neutral_phrases.items()]
        self._negation = {language: pattern(language, words) for language, words in lexicon.negations.items()}
        self._intensity: dict[str, tuple[re.Pattern[str], Mapping[str, float]]] = {
            language: (pattern(language, list(words)), words) for language, words in lexicon.intensifiers.items()
        }
        self._emoji = {character: emotion for emotion, characters in lexicon.emoji.items() for character in characters}

    def score(self, texts: Sequence[str]) -> list[Sentiment]:
        """A Sentiment for each text."""
        return [self._score(text) for text in texts]

    def _score(self, text: str) -> Sentiment:
        masked = text
        for phrases in self._neutral:
            masked = phrases.sub(lambda match: "＿" * len(match.group()), masked)
        hits = [*self._word_hits(masked), *self._emoji_hits(text)]
        if not hits:
            return Sentiment(polarity=0.0, emotion=Emotion.NEUTRAL, confidence=0.9)
        emphasis = _EXCLAMATION ** min(len(re.findall(r"[!！]", text)), 3)
        if _SHOUTING.search(text):
            emphasis *= 1.3
        total = sum(hit.strength for hit in hits) * emphasis
        polarity = total / math.sqrt(total * total + 0.8)
        weights: dict[Emotion, float] = {}
        for hit in hits:
            weights[hit.emotion] = weights.get(hit.emotion, 0.0) + abs(hit.strength)
        agreeing = {e: w for e, w in weights.items() if self._strengths[e] * total > 0} or weights
        emotion = max(agreeing, key=lambda e: agreeing[e])
        confidence = weights[emotion] / sum(weights.values())
        return Sentiment(polarity=round(polarity, 3), emotion=emotion, confidence=round(confidence, 3))

    def _word_hits(self, text: str) -> list[_Hit]:
        hits: list[_Hit] = []
        for language, emotion, words in self._words:
            for match in words.finditer(text):
                before = _CLAUSE.split(text[max(0, match.start() - _NEGATION_REACH[language]) : match.start()])[-1]
                strength = self._strengths[emotion] * self._scale(language, before)
                if self._negation[language].search(before) and match.group().lower() not in before.lower():
                    turned = Emotion.DISAPPOINTMENT if strength > 0 else Emotion.NEUTRAL
                    if turned is Emotion.DISAPPOINTMENT:
                        hits.append(_Hit(turned, strength * _TURNED))
                    continue
                hits.append(_Hit(emotion, strength))
        return hits

    def _scale(self, language: str, before: str) -> float:
        intensifiers, words = self._intensity[language]
        found = intensifiers.findall(before)
        return words[found[-1].lower()] if found else 1.0

    def _emoji_hits(self, text: str) -> list[_Hit]:
        emotions = [self._emoji[character] for character in text if character in self._emoji]
        return [_Hit(emotion, self._strengths[emotion]) for emotion in emotions[:3]]


def packaged_lexicon() -> Lexicon:
    """What `emotions.yaml` holds."""
    raw = (files("agent.understand.sentiment") / "emotions.yaml").read_text("utf-8")
    return Lexicon.model_validate(yaml.safe_load(raw))


def default_sentiment() -> LexiconSentiment:
    """The scorer over the packaged lexicon."""
    return LexiconSentiment(packaged_lexicon())
