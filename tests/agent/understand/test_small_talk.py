"""Small talk is recognised in both languages, and never swallows a question."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.understand.small_talk import small_talk, wants_person


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("hi", "greeting"),
        ("Hello there!", "greeting"),
        ("good morning", "greeting"),
        ("你好", "greeting"),
        ("您好！", "greeting"),
        ("在吗？", "greeting"),
        ("thanks", "thanks"),
        ("Thank you so much!", "thanks"),
        ("ok, thanks", "thanks"),
        ("谢谢你", "thanks"),
        ("好的，谢谢", "thanks"),
        ("bye!", "goodbye"),
        ("thanks, bye", "goodbye"),
        ("再见", "goodbye"),
        ("谢谢，再见！", "goodbye"),
        ("are you a robot?", "bot_identity"),
        ("你是机器人吗？", "bot_identity"),
    ],
)
def test_small_talk(text: str, intent: str) -> None:
    found = small_talk(text)
    assert found is not None
    assert found.name == intent


@pytest.mark.parametrize(
    "text",
    [
        "hi, what does delivery cost?",
        "thanks, and what about the fee?",
        "你好，退货要几天？",
        "谢谢，那运费呢？",
        "good cheap headphones",
        "hello kitty case price",
        "How much is the Blue Account?",
        "",
    ],
)
def test_a_question_is_no_small_talk(text: str) -> None:
    assert small_talk(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "I want to talk to a person",
        "can I speak with a human please",
        "get me a real person",
        "transfer me to an agent",
        "let me speak to your manager",
        "human please",
        "转人工",
        "我要找人工客服",
        "给我换个真人",
        "我想跟真人说话",
    ],
)
def test_a_call_for_a_person(text: str) -> None:
    assert wants_person(text)


@pytest.mark.parametrize(
    "text", ["until what time can I speak to an agent?", "人工客服几点下班？", "who can be an authorised person?"]
)
def test_asking_about_people_is_no_call_for_one(text: str) -> None:
    assert wants_person(text) is None


@given(st.text(max_size=200))
def test_any_text_is_taken(text: str) -> None:
    small_talk(text)
    wants_person(text)
