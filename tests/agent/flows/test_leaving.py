"""In whatever words a customer leaves a flow; a question about leaving, or a change, is none."""

import time
from datetime import date
from pathlib import Path

import pytest
import yaml

from agent.flows.definition import Flow, FlowFile
from agent.flows.hearing import heard
from agent.flows.leaving import leaves
from agent.flows.state import FlowState
from agent.samples import sample_path
from tests.agent.flows.test_machine import FLOW, START

TODAY = date(2026, 11, 26)


def shop_flow(name: str) -> Flow:
    text = (Path(str(sample_path())) / "flows" / f"{name}.yaml").read_text("utf-8")
    return Flow(name=name, version="1", file=FlowFile.model_validate(yaml.safe_load(text)))


@pytest.mark.parametrize(
    "said",
    "算了，不退了|算了|不用了，谢谢|那取消吧|我不申请了。|不预约了|算了不退了|我再想想|以后再说吧|先不办了，谢谢|我改主意了|没必要办了"
    "|never mind, forget it|cancel it please|nvm|no thanks, leave it|actually I just changed my mind|scrap that|I'm good, thanks"
    "|let me think about it|maybe later|on second thought, never mind|no don't do it|i dont want it anymore|can you cancel this?"
    "|I've decided against it|don't worry about it".split("|"),
)
def test_a_flow_is_left(said: str) -> None:
    assert heard(FLOW, START, said, TODAY).kind == "cancel"


@pytest.mark.parametrize(
    "said",
    "不退了钱怎么办|不要了也能退吗|取消订单可以吗|怎么取消|停产了吗|不想等了|不是这个订单|我不想要这个颜色|留个电话行吗"
    "|can I cancel later?|how do I cancel|don't cancel it|cancel my order LO-10488|stop sending me emails|leave it at the door"
    "|never mind the colour|I don't want to wait any longer|I don't want a replacement|it stopped working|I don't have it"
    "|keep it|I changed my mind about the day|quit asking, it's LO-10488".split("|"),
)
def test_a_question_or_a_change_leaves_none(said: str) -> None:
    assert heard(FLOW, START, said, TODAY).kind != "cancel"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("refund", "I want to keep it after all"),
        ("refund", "I don't want a refund anymore"),
        ("refund", "no, I'd rather keep it"),
        ("refund", "I changed my mind, I'll keep it"),
        ("refund", "I no longer want the refund"),
        ("refund", "还是留着吧"),
        ("refund", "我还是自己留着用吧"),
        ("refund", "取消退款申请"),
        ("appointment", "I don't need an appointment anymore"),
        ("appointment", "forget the appointment"),
        ("appointment", "我不想预约了"),
        ("loan", "I don't want a loan"),
    ],
)
def test_what_it_is_about_may_be_named(name: str, said: str) -> None:
    assert leaves(shop_flow(name), said, confirming=True)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("refund", "can I keep it?"),
        ("refund", "I want to keep the charger"),
        ("refund", "I want a refund"),
        ("appointment", "I want to keep it"),
        ("appointment", "I don't want the morning"),
        ("appointment", "取消上午，改下午"),
        ("appointment", "change the appointment"),
        ("loan", "不要12个月"),
    ],
)
def test_what_is_kept_or_changed_leaves_none(name: str, said: str) -> None:
    assert not leaves(shop_flow(name), said, confirming=False)


def test_words_that_leave_and_may_change_a_choice_are_asked_about() -> None:
    flow = shop_flow("refund")
    values = {"order": "LO-10488", "email": "a@example.com", "reason": "damaged"}
    state = FlowState(id="1", flow="refund", version="1", at="", step=5, values=values, confirming=True)
    for said in ("actually I just changed my mind", "我改主意了"):
        assert heard(flow, state, said, TODAY).kind == "unclear"
    assert heard(flow, state, "I changed my mind, cancel it", TODAY).kind == "cancel"
    asked = FlowState(id="1", flow="refund", version="1", at="", step=4, asked="reason")
    assert heard(flow, asked, "I changed my mind", TODAY).values == {"reason": "not_wanted"}
    assert heard(flow, asked, "I changed my mind, forget it", TODAY).kind == "cancel"


@pytest.mark.parametrize(
    "said", ["不用了", "我想我不要不先就", "no ok ", "never mind ", "算了先不想退款了", "i don't want "]
)
def test_a_long_message_takes_no_time(said: str) -> None:
    began = time.perf_counter()
    leaves(FLOW, (said * 60)[:119] + "x", confirming=False)
    assert time.perf_counter() - began < 0.5
