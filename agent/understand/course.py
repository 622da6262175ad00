"""Mood as a course over a conversation: where it stands, and whether it gets better or worse."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import zip_longest

from agent.ports import SentimentScorer
from agent.types import Emotion, Sentiment, Understanding, Utterance
from agent.understand.pressing import presses

_FELT = 0.1  # polarity below which a message shows nothing: an order number is no relief
_UNHAPPY = -0.3
_WORSE = 0.15
_BETTER = 0.3
_WEIGHT_OF_LATEST = 0.5


class Trend(StrEnum):
    """Where the mood is heading."""

    WORSENING = "worsening"
    STEADY = "steady"
    IMPROVING = "improving"


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """Of one conversation, its latest message included.

    level: −1…1, the later a message the more it counts. unhappy_turns: how many of the customer's messages are unhappy.
    still_angry: whether the latest message presses, in however calm words, and an earlier one was angry, none since content.
    """

    level: float
    trend: Trend
    unhappy_turns: int
    still_angry: bool = False


def course_of(polarities: Sequence[float], *, still_angry: bool = False) -> Course:
    """The course of the customer's messages, in order; each −1…1."""
    level = polarities[0] if polarities else 0.0
    for polarity in polarities[1:]:
        level += _WEIGHT_OF_LATEST * (polarity - level)
    unhappy = sum(polarity < _UNHAPPY for polarity in polarities)
    return Course(level=round(level, 3), trend=_trend(polarities), unhappy_turns=unhappy, still_angry=still_angry)


def course_with(understanding: Understanding, history: Sequence[Utterance], sentiment: SentimentScorer) -> Course:
    """The course up to a message that was just understood; a scorer that remembers scores nothing twice."""
    earlier = sentiment.score(
        [one.content for one, after in zip_longest(history, history[1:]) if _may_feel(one, after)]
    )
    return course_of(
        [*(one.polarity for one in earlier), understanding.sentiment.polarity],
        still_angry=_left_angry(earlier) and presses(understanding.text),
    )


def _left_angry(moods: Sequence[Sentiment]) -> bool:
    """Whether the last feeling shown that was more than a worry or a regret was anger."""
    strong = {Emotion.ANGER, Emotion.GRATITUDE, Emotion.JOY}
    return next((one.emotion for one in reversed(moods) if one.emotion in strong), None) is Emotion.ANGER


def _may_feel(said: Utterance, after: Utterance | None) -> bool:
    """Whether it is a customer's message, and not a name or an address that a flow took down as it stands."""
    values = (after.flow or {}).get("values") if after else None
    return said.role == "user" and not (isinstance(values, dict) and said.content.strip() in values.values())


def _trend(polarities: Sequence[float]) -> Trend:
    """Against the mean of the earlier messages that show a feeling; one unhappy message makes no trend."""
    earlier = [polarity for polarity in polarities[:-1] if abs(polarity) >= _FELT]
    if not earlier or abs(polarities[-1]) < _FELT:
        return Trend.STEADY
    before, now = sum(earlier) / len(earlier), polarities[-1]
    if now < _UNHAPPY and now <= before - _WORSE:
        return Trend.WORSENING
    if now >= before + _BETTER:
        return Trend.IMPROVING
    return Trend.STEADY
