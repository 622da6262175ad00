"""Mood over a conversation."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.types import Emotion, JsonValue, Sentiment, Understanding, Utterance
from agent.understand.course import Trend, course_of, course_with
from agent.understand.sentiment import default_sentiment


@pytest.mark.parametrize(
    ("polarities", "trend"),
    [
        ([], Trend.STEADY),
        ([-0.9], Trend.STEADY),  # one message is no course
        ([0.0, 0.0, -0.9], Trend.STEADY),  # nor is it after plain questions
        ([-0.4, -0.6, -0.9], Trend.WORSENING),
        ([-0.4, 0.0, -0.8], Trend.WORSENING),  # an order number in between is no relief
        ([0.7, -0.6], Trend.WORSENING),
        ([-0.8, -0.8, -0.8], Trend.STEADY),
        ([-0.9, -0.5], Trend.IMPROVING),
        ([-0.8, 0.7], Trend.IMPROVING),
        ([-0.8, 0.0], Trend.STEADY),
    ],
)
def test_where_a_mood_is_heading(polarities: list[float], trend: Trend) -> None:
    assert course_of(polarities).trend is trend


def test_later_messages_count_more() -> None:
    assert course_of([0.8, -0.8]).level < 0.1
    assert course_of([-0.8, 0.8]).level > -0.1
    assert course_of([0.8, 0.8, -0.8, -0.8]).level < course_of([-0.8, -0.8, 0.8, 0.8]).level


def test_only_what_the_customer_says_counts() -> None:
    history = [
        Utterance(role="user", content="手机坏了，有点失望"),
        Utterance(role="assistant", content="This is terrible, I hate it!!!"),
        Utterance(role="user", content="太失望了！"),
    ]
    angry = Sentiment(polarity=-0.95, emotion=Emotion.ANGER, confidence=1.0)
    understanding = Understanding(text="骗子", question="骗子", language="zh", sentiment=angry)
    course = course_with(understanding, history, default_sentiment())
    assert (course.unhappy_turns, course.trend) == (3, Trend.WORSENING)


def test_a_name_that_a_flow_took_down_shows_no_mood() -> None:
    taken: dict[str, JsonValue] = {"flow": "visit", "values": {"name": "Wut Hassler"}}
    for flow, unhappy in ((taken, 1), (None, 2)):
        history = [Utterance(role="user", content="Wut Hassler"), Utterance(role="assistant", content="?", flow=flow)]
        understanding = Understanding(text="x", question="x", language="en", sentiment=_Gloomy.felt)
        assert course_with(understanding, history, _Gloomy()).unhappy_turns == unhappy


class _Gloomy:
    felt = Sentiment(polarity=-0.9, emotion=Emotion.ANGER, confidence=1.0)

    def score(self, texts: Sequence[str]) -> list[Sentiment]:
        return [self.felt for _ in texts]


@given(st.lists(st.floats(-1, 1), max_size=40))
def test_the_level_stays_in_range(polarities: list[float]) -> None:
    course = course_of(polarities)
    assert -1 <= course.level <= 1
    assert 0 <= course.unhappy_turns <= len(polarities)
