"""A refund in Slack: what is asked for in a form, and agreed to by a button of the asker's alone."""

from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

import pytest

from agent.ports import TurnStep
from agent.types import (
    Confirmation,
    DecisionKind,
    EventType,
    FormField,
    InboundMessage,
    Reply,
    Understanding,
    Utterance,
)
from connectors.slack.blocks.slots import OPEN
from connectors.slack.phrases import say
from connectors.slack.threads import Threads
from tests.support.slack_connector import connected
from tests.support.slack_server import FakeSlack

YES, NO = "Yes, go ahead", "No, change something"
AGREE = Confirmation(title="refund request", rows=(("order number", "LO-10486"),), yes=YES, no=NO)


class Refunds:
    """Asks what the shop's refund flow asks: for an address, then whether to go ahead."""

    async def run(self, message: InboundMessage, history: Sequence[Utterance]) -> AsyncIterator[TurnStep]:
        understanding = Understanding(text=message.text, question=message.text, language="en")
        if message.text == YES:
            text, asks = "Your refund request RF-10486 is recorded.", {}
        elif "@" in message.text:
            text, asks = "Shall I request the refund?", {"choices": (YES, NO), "confirm": AGREE}
        else:
            text, asks = "Which address?", {"fields": (FormField(name="email", label="e-mail address", type="email"),)}
        yield Reply(
            text=text,
            language="en",
            decision=DecisionKind.FLOW,
            understanding=understanding,
            **asks,  # type: ignore[arg-type]
        )


async def test_a_refund_is_filled_in_agreed_to_and_requested_once(
    slack: FakeSlack, store: str, caplog: pytest.LogCaptureFixture
) -> None:
    ada, bo = slack.world.user("U1"), slack.world.user("U2", name="Bo", locale="zh-CN")
    channel = slack.world.channel("C1")
    async with connected(slack, store, runner=Refunds()) as running:
        # Ada asks, and is asked for her address: in a form, which is hers alone.
        thread = await slack.says(
            ada, f"{slack.mention()} I want a refund for LO-10486, it is damaged", channel=channel
        )
        asked, fill_in = await _button(slack, channel, thread, lambda one: one["action_id"] == OPEN)
        await slack.presses(bo, channel, asked, fill_in)
        await slack.until(lambda: slack.world.modals)
        assert say("not_yours", "en") in str(slack.world.modals.pop())
        await slack.presses(ada, channel, asked, {**fill_in, "value": "made 1"})
        await slack.presses(ada, channel, asked, fill_in)
        await slack.until(lambda: slack.world.modals)
        (form,) = slack.world.modals
        form = {**form, "id": "V1"}
        await slack.submits(bo, form, {"email": "bo@example.com"})
        await slack.until(lambda: "sent by U2" in caplog.text)
        await slack.submits(ada, form, {"email": "customer7@example.com"})
        await slack.submits(ada, form, {"email": "customer7@example.com"})

        # She is shown what is about to be done; Bo cannot agree to it, she can, and it is done once.
        card, yes = await _button(slack, channel, thread, lambda one: one["text"]["text"] == "Yes, go ahead")
        assert yes["style"] == "primary"
        assert "LO-10486" in str(card["blocks"][1:])
        await slack.presses(bo, channel, card, yes)
        await slack.until(lambda: slack.world.ephemerals)
        assert slack.world.ephemerals[-1]["user"] == bo.id
        await slack.presses(ada, channel, card, yes)
        await slack.presses(ada, channel, card, yes)
        await slack.until(lambda: "RF-10486" in str(slack.world.answers(channel, thread)))
        found = await Threads(running.conversations.engine).find("T1", channel, thread)
        assert found is not None
        events = await running.conversations.events.read(found.conversation_id)
    said = [event.data["text"] for event in events if event.type is EventType.MESSAGE_RECEIVED]
    assert said == ["I want a refund for LO-10486, it is damaged", "customer7@example.com", "Yes, go ahead"]
    assert "refused: a form of another place, opened by U1" in caplog.text
    assert not slack.refused


async def _button(
    slack: FakeSlack, channel: str, thread: str, wanted: Callable[[dict[str, Any]], bool]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The message that shows a button, once it does, and the button."""

    def found() -> list[tuple[dict[str, Any], dict[str, Any]]]:
        return [
            (message, one)
            for message in slack.world.answers(channel, thread)
            for block in message.get("blocks", [])
            if block["type"] == "actions"
            for one in block["elements"]
            if wanted(one)
        ]

    await slack.until(found)
    return found()[-1]
