"""What a message surely means by itself, and messages that hold no word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.types import Utterance
from agent.understand.certain import certain_intent, only_gives

OFFER = [
    Utterance(role="user", content="Do you sell bicycles?"),
    Utterance(role="assistant", content='I don\'t know. I can pass you on: just say "a person, please".'),
]
ASKED = [Utterance(role="assistant", content="Shall I pass you on to a person?")]
ASKED_ZH = [Utterance(role="assistant", content="需要为您转接人工吗？")]
OFFER_ZH = [Utterance(role="assistant", content="没有找到。需要的话，我可以为您转接人工：回复“转人工”即可。")]


@pytest.mark.parametrize(
    ("text", "history", "intent"),
    [
        ("ok", [], "acknowledgement"),
        ("Okay, got it!", [], "acknowledgement"),
        ("never mind", [], "acknowledgement"),
        ("No, thanks.", OFFER, "thanks"),
        ("no", OFFER, "acknowledgement"),
        ("好的", [], "acknowledgement"),
        ("不用了", OFFER_ZH, "acknowledgement"),
        ("算了，没事了。", [], "acknowledgement"),
        ("hi", [], "greeting"),
        ("yes", OFFER, "talk_to_person"),
        ("Yes, please!", OFFER, "talk_to_person"),
        ("sure, please do", OFFER, "talk_to_person"),
        ("好的，转吧", OFFER_ZH, "talk_to_person"),
        ("ok", OFFER, "acknowledgement"),
        ("好的", OFFER_ZH, "acknowledgement"),
        ("嗯，好", OFFER_ZH, "acknowledgement"),
        ("ok", ASKED, "talk_to_person"),
        ("好的", ASKED_ZH, "talk_to_person"),
        ("嗯", ASKED_ZH, "talk_to_person"),
        ("转人工", [], "talk_to_person"),
    ],
)
def test_what_needs_no_classifier(text: str, history: list[Utterance], intent: str) -> None:
    found = certain_intent(text, history)
    assert found is not None
    assert (found.name, found.confidence) == (intent, 1.0)


@pytest.mark.parametrize(
    "text",
    [
        "yes",
        "ok, and what about the fee?",
        "no refund?",
        "好的，那运费呢？",
        "不用了的手机怎么回收？",
        "right to return",
        "",
        "?",
    ],
)
def test_what_asks_or_tells_something_is_left_to_the_classifiers(text: str) -> None:
    assert certain_intent(text, []) is None


@pytest.mark.parametrize(
    "text",
    [
        "customer1@example.com",
        "LO-10480",
        "#4711, 12",
        "+44 20 7946 0018",
        "https://x.example/a",
        "…",
        "my e-mail is a@b.example",
        "It's LO-10480, and the address is a@b.example",
        "邮箱是a@b.example",
        "我的订单号是LO-10480",
    ],
)
def test_an_address_or_a_number_wants_nothing(text: str) -> None:
    assert only_gives(text)


@pytest.mark.parametrize(
    "text",
    [
        "where is LO-10480",
        "cancel order LO-10480",
        "55寸的",
        "订单LO-10480到哪了",
        "no refund for LO-10480",
        "my order",
        "请帮我查LO-10480",
    ],
)
def test_whatever_else_is_said_is_read(text: str) -> None:
    assert not only_gives(text)


@given(st.text(max_size=60))
def test_any_text_is_read(text: str) -> None:
    certain_intent(text, OFFER)
    only_gives(text)
