"""A message that presses, in however calm words."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.understand.pressing import presses


@pytest.mark.parametrize(
    "text",
    [
        "it happened last year too",
        "that is the second time",
        "I want a refund today",
        "nobody picks up when I call",
        "I already told you",
        "I've been waiting for weeks",
        "我要求马上赔偿",
        "上次也是这样",
        "打了三次电话都没人接",
        "到底什么时候解决",
        "还是没收到",
    ],
)
def test_what_presses(text: str) -> None:
    assert presses(text)


@pytest.mark.parametrize(
    "text",
    [
        "what are the opening hours on Sunday?",
        "how do I return it?",
        "ok, thanks",
        "运费多少",
        "能开发票吗",
        "退货要几天",
    ],
)
def test_what_only_asks_does_not(text: str) -> None:
    assert not presses(text)


@given(st.text(max_size=200))
def test_any_text_is_taken(text: str) -> None:
    presses(text)


@pytest.mark.parametrize("text", ["happened " * 500, "want " * 800, "还没到" * 600, "等了" * 900])
def test_a_long_text_takes_no_time(text: str) -> None:
    started = time.perf_counter()
    presses(text)
    assert time.perf_counter() - started < 0.2
