"""What answered a flow's question is no subject of the next one."""

import pytest

from agent.flows.aside import asked_of, outside_flows
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


def test_what_the_flow_under_way_is_about_is_said_and_one_that_is_over_leaves_nothing() -> None:
    asked = Utterance(role="assistant", content="In which store?", flow={"flow": "appointment", "topic": "Trade-in"})
    assert [said.content for said in outside_flows([asked])] == ["Trade-in"]
    over = Utterance(role="assistant", content="$43.70 a month.", flow={"flow": "loan", "over": True})
    said = Utterance(role="user", content="And for a laptop?")
    assert outside_flows([over, said]) == [over, said]


@pytest.mark.parametrize("said", ["what do I need to bring?", "how long does it take", "hmm and what does that cost?"])
def test_a_question_that_names_nothing_is_about_the_flow(said: str) -> None:
    assert asked_of("Trade-in", said) == f"Trade-in: {said}"
    assert asked_of("", said) == ""


@pytest.mark.parametrize(
    "said", ["what is your return policy?", "how much is shipping", "morning", "要带什么", "where are you?"]
)
def test_a_question_of_its_own_is_not(said: str) -> None:
    assert asked_of("Trade-in", said) == ""
