"""What only a customer's own account could tell is told from what an article tells."""

import pytest

from agent.generate.extractive.question_cues import asks_for_own_data


@pytest.mark.parametrize(
    "question",
    [
        "whats my balance", "What was my last transaction?", "how much do i still owe", "where's my money",
        "Has my application been approved?", "show me my recent payments", "when does my contract end",
        "我的余额是多少", "我的退款到账了没有", "帮我查一下订单", "我上个月花了多少钱",
    ],
)  # fmt: skip
def test_own_data_is_asked_for(question: str) -> None:
    assert asks_for_own_data(question)


@pytest.mark.parametrize(
    "question",
    [
        "How much do I have to spend to get the bonus?", "How many days do I get to return it?", "how do I check my balance",
        "What do I pay for another card?", "Can I change my address?", "退货需要几天", "积分多久过期", "怎么修改我的地址",
    ],
)  # fmt: skip
def test_what_an_article_tells_is_not(question: str) -> None:
    assert not asks_for_own_data(question)
