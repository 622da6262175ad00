"""What answered a flow's question is no subject of the next one."""

from agent.flows.aside import outside_flows
from agent.types import Utterance


def test_questions_and_answers_of_a_flow_are_left_out() -> None:
    talk = [
        Utterance(role="user", content="我要退款"),
        Utterance(role="assistant", content="请问是哪个订单？", flow={"flow": "refund"}),
        Utterance(role="user", content="LO-10234"),
        Utterance(role="assistant", content="Done."),
        Utterance(role="user", content="How long does it take?"),
        Utterance(role="agent", content="Two days."),
    ]
    assert [said.content for said in outside_flows(talk)] == [
        "我要退款",
        "Done.",
        "How long does it take?",
        "Two days.",
    ]
