"""How customers feel, in both languages; plain questions are neutral."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.types import Emotion
from agent.understand.sentiment import LexiconSentiment, default_sentiment

FELT = [
    ("This is outrageous, I want my money back NOW!", Emotion.ANGER),
    ("I am so fed up with your shop", Emotion.ANGER),
    ("what a scam", Emotion.ANGER),
    ("你们就是骗子！", Emotion.ANGER),
    ("气死我了，等了一个星期", Emotion.ANGER),
    ("这什么破玩意，我要投诉", Emotion.ANGER),
    ("I'm really disappointed with this laptop", Emotion.DISAPPOINTMENT),
    ("not happy with the delivery", Emotion.DISAPPOINTMENT),
    ("the screen is broken", Emotion.DISAPPOINTMENT),
    ("太失望了，质量差", Emotion.DISAPPOINTMENT),
    ("手机用了一周就坏了", Emotion.DISAPPOINTMENT),
    ("I'm worried that my parcel is lost", Emotion.ANXIETY),
    ("please hurry, it's urgent", Emotion.ANXIETY),
    ("我很担心包裹丢了", Emotion.ANXIETY),
    ("卡被盗刷了怎么办", Emotion.ANXIETY),
    ("thank you so much for your help", Emotion.GRATITUDE),
    ("谢谢你，帮大忙了", Emotion.GRATITUDE),
    ("I love my new headphones!", Emotion.JOY),
    ("太棒了，非常满意", Emotion.JOY),
    ("😡😡😡", Emotion.ANGER),
    ("👍🎉", Emotion.JOY),
]
NEUTRAL = [
    "How long is the warranty?",
    "what's the monthly fee of the blue account",
    "Which card is best for travel?",
    "退货要几天？",
    "附近评分最好的餐馆是哪家",
    "这款手机多少钱",
    "在庆丰包子铺吃饭点什么好",
    "I do not hate it",
]


@pytest.fixture(scope="module")
def scorer() -> LexiconSentiment:
    return default_sentiment()


@pytest.mark.parametrize(("text", "emotion"), FELT)
def test_emotion_and_the_sign_of_polarity(scorer: LexiconSentiment, text: str, emotion: Emotion) -> None:
    (sentiment,) = scorer.score([text])
    assert sentiment.emotion is emotion
    assert (sentiment.polarity > 0) == (emotion in {Emotion.GRATITUDE, Emotion.JOY})


@pytest.mark.parametrize("text", NEUTRAL)
def test_a_plain_question_is_neutral(scorer: LexiconSentiment, text: str) -> None:
    (sentiment,) = scorer.score([text])
    assert (sentiment.emotion, sentiment.polarity) == (Emotion.NEUTRAL, 0.0)


def test_intensity_shows(scorer: LexiconSentiment) -> None:
    mild, strong = scorer.score(["I am a bit disappointed", "I am extremely disappointed!!!"])
    assert strong.polarity < mild.polarity < 0


@given(st.text(max_size=300))
def test_any_text_gets_a_value_in_range(text: str) -> None:
    (sentiment,) = _SCORER.score([text])
    assert -1 <= sentiment.polarity <= 1
    assert 0 <= sentiment.confidence <= 1


_SCORER = default_sentiment()
