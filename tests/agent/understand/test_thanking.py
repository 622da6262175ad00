"""Thanks are known with what they are for; what asks, complains or mocks is none."""

import pytest

from agent.understand.small_talk import small_talk, without_courtesies


@pytest.mark.parametrize(
    "text",
    [
        "Thanks for looking into it so quickly!",
        "ok great, thank you very much for sorting out my booking",
        "cheers for the tip, bye",
        "Many thanks again for all the help with my parcel.",
        "thank you for showing me how to do it",
        "非常感谢您的耐心讲解",
        "好的，谢谢你们的帮忙和支持",
        "谢谢您说得这么详细",
        "谢谢你帮我处理好了",
        "谢谢亲",
    ],
)
def test_thanks_with_what_they_are_for(text: str) -> None:
    found = small_talk(text)
    assert found is not None
    assert found.name in {"thanks", "goodbye"}


@pytest.mark.parametrize(
    "text",
    [
        "thanks for nothing",
        "thanks for wasting my time",
        "thank you for charging me twice",
        "thanks for the parcel but the box is broken",
        "thanks for your mail how do I pay",
        "thank you for telling me if it is in stock",
        "谢谢你帮我查一下订单",
        "谢谢我想退货",
        "谢谢您能尽快回复吗",
        "感谢信怎么写",
        "谢谢你，可是还没收到",
    ],
)
def test_what_asks_or_complains_is_no_thanks(text: str) -> None:
    assert small_talk(text) is None


def test_thanks_before_a_question_leave_the_question() -> None:
    assert without_courtesies("Thanks for clearing that up, what is the fee?") == "what is the fee?"
    assert without_courtesies("谢谢您的耐心解答，手续费多少？") == "手续费多少？"
