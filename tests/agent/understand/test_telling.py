"""Messages that only tell what happened with a thing."""

import pytest

from agent.understand.telling import only_tells


@pytest.mark.parametrize(
    "text",
    [
        "I bought the kettle and the lid leaks",
        "we received the lamp and its cable is torn",
        "my kettle's lid is broken",
        "the lid of my kettle keeps falling off",
        "hi, I've got a lamp and the bulb flickers",
        "我买的水壶盖子漏水",
        "我的台灯灯泡坏了",
    ],
)
def test_what_only_tells(text: str) -> None:
    assert only_tells(text)


@pytest.mark.parametrize(
    "text",
    [
        "I bought the kettle, what does it weigh",
        "I need the weight of the kettle",
        "I'm looking for the price of the lamp",
        "I am interested in the lamp",
        "i'd like to know the colour of the lamp",
        "the kettle's weight",
        "the price of the lamp is what",
        "my kettle weight",
        "kettle price",
        "我的水壶多重",
        "我想知道台灯的价格",
        "我的水壶重量",
    ],
)
def test_what_asks(text: str) -> None:
    assert not only_tells(text)
