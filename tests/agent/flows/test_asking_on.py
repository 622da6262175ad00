"""What a customer asks about the very thing that a flow asks for."""

import pytest

from agent.flows.asking_on import asks_on
from agent.flows.definition import Choice, Slot, Texts

X = Texts(en="x", zh="x")
MAIL = Slot(type="email", label=Texts(en="e-mail address", zh="邮箱"), ask=X, words=["email", "mail"])
ROOM = Slot(
    type="choice",
    label=Texts(en="room", zh="房型"),
    ask=X,
    choices={"a": Choice(en="Single", zh="单人间"), "b": Choice(en="Double", zh="双人间")},
)


@pytest.mark.parametrize(
    ("slot", "text", "on"),
    [
        (MAIL, "why do you need my email?", "why"),
        (MAIL, "but what do you need it for", "why"),
        (MAIL, "为什么要邮箱", "why"),
        (MAIL, "要邮箱干什么", "why"),
        (MAIL, "why do you need three days to deliver?", None),
        (MAIL, "why is it late", None),
        (MAIL, "what are my options?", None),
        (ROOM, "what are my options?", "options"),
        (ROOM, "which rooms are there", "options"),
        (ROOM, "what do you offer?", "options"),
        (ROOM, "有哪些房型可以选", "options"),
        (ROOM, "都有什么", "options"),
        (ROOM, "which pools are there", None),
        (ROOM, "a double please", None),
        (ROOM, "有哪些早餐", None),
    ],
)
def test_it_is_told_from_all_else(slot: Slot, text: str, on: str | None) -> None:
    assert asks_on(slot, text) == on
