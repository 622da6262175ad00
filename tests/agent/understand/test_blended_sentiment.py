"""Sentiment by words and trained models together; the models here are those that a home starts with, where built."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.training.bundle import Task, write_bundle
from agent.training.data import read_labelled
from agent.training.mood.defaults import (
    MESSAGES,
    build_sentiment,
    open_sentiment,
    reviews,
    service_messages,
    written_reviews,
)
from agent.training.mood.model import open_mood
from agent.training.mood.train import train_mood
from agent.types import Emotion, Sentiment
from agent.understand.sentiment import LexiconSentiment, default_sentiment
from agent.understand.sentiment.blended import BlendedSentiment
from agent.understand.sentiment.opinions import opinions_of
from agent.understand.sentiment.remembered import RememberedSentiment
from evals.benchmarks.moods import HELD_OUT

_MODEL = open_mood(train_mood(Task.EMOTION, service_messages(), sentences=False))
_SCORER = BlendedSentiment(default_sentiment(), _MODEL, None)


@pytest.mark.parametrize(
    ("text", "emotion"),
    [
        ("你们这帮骗子，气死我了！", Emotion.ANGER),
        ("this is outrageous, I am furious!!", Emotion.ANGER),
        ("非常感谢你的帮助", Emotion.GRATITUDE),
        ("thanks, that solved it", Emotion.GRATITUDE),
        ("好担心赶不上飞机，急死了", Emotion.ANXIETY),
        ("用了两天就坏了，很失望", Emotion.DISAPPOINTMENT),
        ("太好了，好喜欢！😍", Emotion.JOY),
    ],
)
def test_feelings_are_heard(text: str, emotion: Emotion) -> None:
    (felt,) = _SCORER.score([text])
    assert felt.emotion is emotion
    assert (felt.polarity > 0) == (emotion in {Emotion.GRATITUDE, Emotion.JOY})


@pytest.mark.parametrize(
    "text",
    [
        "怎么退货",
        "how do I close my account",
        "卡丢了怎么挂失",
        "what happens if my parcel is damaged?",
        "投诉电话是多少",
        "附近有什么好吃的",
        "48213",
        "7 Harbour Lane, Millford",
        "订位，三位，下周一中午",
        "定了普通房，入住前一天晚上8点取消",
        "",
    ],
)
def test_plain_questions_are_neutral(text: str) -> None:
    (felt,) = _SCORER.score([text])
    assert (felt.emotion, felt.polarity) == (Emotion.NEUTRAL, 0.0)


@given(st.lists(st.text(max_size=120), max_size=4))
def test_any_text_gets_a_value_in_range(texts: list[str]) -> None:
    for felt in _SCORER.score(texts):
        assert -1 <= felt.polarity <= 1
        assert 0 <= felt.confidence <= 1
        assert (felt.emotion is Emotion.NEUTRAL) == (felt.polarity == 0)


def test_a_home_without_models_has_the_lexicon(tmp_path: Path) -> None:
    assert isinstance(open_sentiment(tmp_path / "sentiment"), LexiconSentiment)


def test_models_are_trained_once_and_copied_after(tmp_path: Path) -> None:
    few = reviews().take(range(0, 17000, 40))
    told: list[str] = []

    def progress(what: str, done: int, total: int) -> None:
        told.append(what)

    build_sentiment(tmp_path / "one", tmp_path / "cache", progress, judged=few)
    assert told
    told.clear()
    build_sentiment(tmp_path / "two", tmp_path / "cache", progress, judged=few)
    assert not told
    scorer = open_sentiment(tmp_path / "two")
    assert isinstance(scorer, BlendedSentiment)
    (felt,) = scorer.score(["质量太差，气死我了！"])
    assert felt.polarity < -0.5
    assert "MIT" in (tmp_path / "two" / "reviews" / "card.md").read_text("utf-8")


def test_the_model_of_messages_alone_is_enough(tmp_path: Path) -> None:
    write_bundle(train_mood(Task.EMOTION, service_messages(), sentences=False), tmp_path / MESSAGES)
    assert isinstance(open_sentiment(tmp_path), BlendedSentiment)


def test_reviews_hold_each_text_once() -> None:
    texts = reviews().texts
    assert len(texts) > 17_000
    assert len(set(texts)) == len(texts)


def test_written_reviews_are_of_many_things_and_in_no_check_set() -> None:
    written = written_reviews()
    assert set(written.labels) == {"pos", "neg"}
    assert 0.4 < written.labels.count("pos") / len(written) < 0.6
    checked = {text for file in HELD_OUT.glob("sentiment_*.csv") for text in read_labelled(file).texts}
    assert not checked & set(written.texts)


@pytest.mark.parametrize(
    ("text", "praise", "complaint"),
    [
        ("很好吃，送得快", 2, 0),
        ("不好吃", 0, 1),
        ("不是很干净", 0, 1),
        ("not good at all", 0, 1),
        ("no complaints, well packed", 2, 0),
        ("what time do you open", 0, 0),
    ],
)
def test_opinions_heed_negation(text: str, praise: int, complaint: int) -> None:
    found = opinions_of(text)
    assert (found.praise, found.complaint) == (praise, complaint)


class _Counting:
    def __init__(self) -> None:
        self.asked: list[str] = []

    def score(self, texts: Sequence[str]) -> list[Sentiment]:
        self.asked += texts
        return default_sentiment().score(texts)


def test_no_message_is_scored_twice() -> None:
    counting = _Counting()
    scorer = RememberedSentiment(counting, kept=2)
    first = scorer.score(["谢谢", "bad", "谢谢"])
    assert scorer.score(["bad", "谢谢"]) == [first[1], first[0]]
    assert counting.asked == ["谢谢", "bad"]
    scorer.score(["third"])
    scorer.score(["bad"])  # let go for the third
    assert counting.asked == ["谢谢", "bad", "third", "bad"]
