"""A question back with short replies: who asked presses one, and nobody else can."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest

from agent.ports import TurnStep
from agent.types import DecisionKind, InboundMessage, Reply, Understanding, Utterance
from connectors.slack.blocks.slots import OPEN
from connectors.slack.choices import CHOICE
from connectors.slack.phrases import say
from connectors.slack.showing import FEEDBACK, SHARE
from tests.support.slack_connector import connected
from tests.support.slack_server import FakeSlack

SHOPS = ("Café <!channel> North", "南京路店")


class Asker:
    """Asks back which shop is meant, until one is named."""

    async def run(self, message: InboundMessage, history: Sequence[Utterance]) -> AsyncIterator[TurnStep]:
        understanding = Understanding(text=message.text, question=message.text, language="en")
        named = message.text in SHOPS
        text = f"{message.text} opens at nine." if named else "Which shop?"
        kind = DecisionKind.ANSWER if named else DecisionKind.CLARIFY
        choices = () if named else SHOPS
        yield Reply(text=text, language="en", decision=kind, understanding=understanding, choices=choices)


def buttons(message: dict[str, Any]) -> list[dict[str, Any]]:
    rows = [block["elements"] for block in message.get("blocks", []) if block["type"] == "actions"]
    return rows[0] if rows else []


async def test_the_asker_presses_and_is_answered(
    slack: FakeSlack, store: str, caplog: pytest.LogCaptureFixture
) -> None:
    ada, bo = slack.world.user("U1"), slack.world.user("U2", name="Bo", locale="zh-CN")
    channel = slack.world.channel("C1")
    async with connected(slack, store, runner=Asker()):
        thread = await slack.says(ada, f"{slack.mention()} when do you open?", channel=channel)
        await slack.until(lambda: any(buttons(one) for one in slack.world.answers(channel, thread)))
        asked = next(one for one in slack.world.answers(channel, thread) if buttons(one))
        first, second = buttons(asked)
        assert [first["text"]["text"], second["text"]["text"]] == list(SHOPS)
        await slack.presses(bo, channel, asked, second)
        await slack.until(lambda: slack.world.ephemerals)
        assert slack.world.ephemerals[-1]["text"] == say("not_yours", "zh")
        for value in ("none 5 0", f"{first['value'].split(' ')[0]} 5 9", f"{first['value'].split(' ')[0]} 1 0", "x"):
            await slack.presses(ada, channel, asked, {**second, "value": value})
        await slack.until(lambda: sum("refused" in one.message for one in caplog.records) == 5)
        await slack.presses(ada, channel, asked, second)
        await slack.presses(ada, channel, asked, second)  # twice is once
        await slack.until(lambda: "opens at nine" in str(slack.world.answers(channel, thread)))
        await slack.presses(ada, channel, asked, first)  # thought better of it: nobody is called
        await slack.until(lambda: "North" in str(slack.world.answers(channel, thread)[-1].get("text")))
    said = [str(one["blocks"]) for one in slack.world.answers(channel, thread)]
    assert len(said) == 2  # the question back, and the answer to what was chosen last
    assert not any("<!channel>" in str(one["blocks"][0]) for one in slack.world.answers(channel, thread))
    assert not slack.refused


async def test_buttons_whose_values_are_not_ours_are_refused_once_and_logged(
    slack: FakeSlack, store: str, caplog: pytest.LogCaptureFixture
) -> None:
    ada, one = slack.world.user("U1"), "0" * 32
    values = [
        "",
        "x",
        one,
        f"{one} 99999999999999999999 1",
        f"{one} ² 1",
        f"{one} --5 1",
        "\ud800 1",
        "a\0b 1",
        f"{one} 1 2 3",
    ]
    async with connected(slack, store, runner=Asker()):
        for action in (FEEDBACK, SHARE, f"{CHOICE}_0", OPEN):
            caplog.clear()
            for value in values:
                pressed = await slack.presses(ada, ada.dm, {}, {"action_id": action, "value": value})
                assert pressed.acknowledged
            await slack.until(lambda: sum("refused" in one.message for one in caplog.records) == len(values))
            assert not [one for one in caplog.records if one.exc_info]
    assert not slack.refused
