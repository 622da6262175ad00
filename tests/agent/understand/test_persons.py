"""A call for a person is told from the refusal of one, and from the question where a person stays."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.types import Utterance
from agent.understand.certain import certain_intent
from agent.understand.persons import (
    NO_PERSON,
    PERSON_AWAITED,
    TALK_TO_PERSON,
    of_the_called,
    refuses_person,
    wants_person,
    without_refusal,
)

CALLED = [
    Utterance(role="user", content="转人工"),
    Utterance(role="assistant", content="好的，已通知人工同事。", waiting=True),
]
LATER = [*CALLED, Utterance(role="user", content="运费多少"), Utterance(role="assistant", content="10 元。")]


@pytest.mark.parametrize(
    "text",
    [
        "I want to talk to a person",
        "can I speak with a human please",
        "get me a real person",
        "ok, a person please",
        "well then, just a human, thanks",
        "can I have an agent please",
        "好的，人工谢谢",
        "那就人工吧",
        "transfer me to an agent",
        "let me speak to your manager",
        "I'd like to speak with someone",
        "connect me with your support team",
        "could somebody phone me back",
        "human please",
        "转人工",
        "我要找人工客服",
        "给我换个真人",
        "我想跟真人说话",
        "派个人来处理",
        "请给我回个电话",
        "I don't want a bot, give me a human",
        "why can't I talk to a person?",
        "no, get me an agent",
        "要不转人工吧",
        "为什么不能转人工",
        "不要机器人，转人工",
    ],
)
def test_a_call_for_a_person(text: str) -> None:
    assert wants_person(text)
    assert refuses_person(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "until what time can I speak to an agent?",
        "人工客服几点下班？",
        "a colleague told me so",
        "人工费",
        "who can be an authorised person?",
        "do I have to talk to an agent to cancel?",
    ],
)
def test_asking_about_people_is_no_call_for_one(text: str) -> None:
    assert wants_person(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "I don't want to talk to an agent",
        "no human needed, thanks",
        "no person needed",
        "please don't transfer me",
        "I never asked for an operator, just answer me",
        "I'd rather not speak with a person",
        "why are you transferring me?",
        "there's no need to connect me with anyone",
        "不需要转人工，你来就好",
        "别给我转客服",
        "我不是要找真人",
        "人工就不用了",
        "不用人工了",
        "取消转人工",
        "干嘛给我转人工",
    ],
)
def test_a_refusal_of_a_person_calls_none(text: str) -> None:
    assert wants_person(text) is None
    found = certain_intent(text, ())
    assert found is not None
    assert found.name == NO_PERSON


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("I don't want an agent, how do I pay?", "how do I pay?"),
        ("别转客服，运费怎么算", "运费怎么算"),
        ("不用人工", "不用人工"),
        ("how do I pay?", "how do I pay?"),
    ],
)
def test_what_is_asked_beside_a_refusal_is_left(text: str, rest: str) -> None:
    assert without_refusal(text) == rest


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("how much longer?", PERSON_AWAITED),
        ("is anybody there", PERSON_AWAITED),
        ("when will they come?", PERSON_AWAITED),
        ("怎么还没人", PERSON_AWAITED),
        ("还要等多久", PERSON_AWAITED),
        ("在吗", "greeting"),
        ("取消吧", NO_PERSON),
        ("不用了，谢谢", NO_PERSON),
        ("never mind, sorted it myself", NO_PERSON),
        ("cancel that request", NO_PERSON),
        ("谢谢", "thanks"),
        ("好的", "acknowledgement"),
    ],
)
def test_right_after_a_call_a_message_is_about_the_person(text: str, intent: str) -> None:
    found = certain_intent(text, CALLED)
    assert found is not None
    assert found.name == intent


@pytest.mark.parametrize(
    ("text", "intent"),
    [("人工呢", PERSON_AWAITED), ("where is the agent?", PERSON_AWAITED), ("不用人工了", NO_PERSON), ("多久", "")],
)
def test_later_it_names_the_person(text: str, intent: str) -> None:
    found = certain_intent(text, LATER)
    assert (found.name if found else "") == intent


@pytest.mark.parametrize(
    "text", ["how long does delivery take?", "when do you open on Sunday", "退货要等多久", "运费多少"]
)
def test_another_question_is_not_about_the_person(text: str) -> None:
    assert certain_intent(text, CALLED) is None


def test_where_no_person_is_waited_for_the_name_of_one_is_a_call() -> None:
    found = certain_intent("人工呢", ())
    assert found is not None
    assert found.name == TALK_TO_PERSON


@given(st.text(max_size=200))
def test_any_text_is_taken(text: str) -> None:
    wants_person(text)
    without_refusal(text)
    of_the_called(text)


@pytest.mark.parametrize(
    "text",
    ["不用" * 500, "don't want to " * 300, "嗯好" * 29 + "x", "ok ok " * 9 + "x", "转给我" * 500, "talk to a " * 300],
)
def test_a_long_text_takes_no_time(text: str) -> None:
    started = time.perf_counter()
    certain_intent(text, CALLED)
    without_refusal(text)
    assert time.perf_counter() - started < 0.2
