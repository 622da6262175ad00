"""In whatever words a customer leaves a flow; a question about leaving is none."""

from datetime import date

import pytest

from agent.flows.hearing import heard
from tests.agent.flows.test_machine import FLOW, START


@pytest.mark.parametrize(
    "said",
    [
        "算了，不退了",
        "算了",
        "不用了，谢谢",
        "那取消吧",
        "我不申请了。",
        "不预约了",
        "never mind, forget it",
        "cancel it please",
    ],
)
def test_a_flow_is_left(said: str) -> None:
    assert heard(FLOW, START, said, date(2026, 11, 26)).kind == "cancel"


@pytest.mark.parametrize(
    "said", ["不退了钱怎么办", "不要了也能退吗", "取消订单可以吗", "怎么取消", "can I cancel later?"]
)
def test_a_question_leaves_none(said: str) -> None:
    assert heard(FLOW, START, said, date(2026, 11, 26)).kind != "cancel"
