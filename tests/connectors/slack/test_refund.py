"""The sample shop's refund flow, driven in Slack from the first word to the record in the store, in two languages."""

from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from agent.build import open_conversations
from agent.conversations import Conversations
from agent.settings import load_settings
from agent.store.tables import ActionRow
from connectors.slack.blocks.slots import OPEN
from connectors.slack.choices import CHOICE
from tests.support.homes import flow_home
from tests.support.slack_delivery import SIGNING_SECRET
from tests.support.slack_home import open_home
from tests.support.slack_server import FakeSlack


@pytest.fixture
async def shop(slack: FakeSlack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Conversations]:
    """The shop behind the fake, as `parley serve` opens it."""
    root = flow_home(tmp_path)
    for name, value in (
        ("BOT_TOKEN", slack.world.team("T1").token),
        ("SIGNING_SECRET", SIGNING_SECRET),
        ("API_URL", slack.url),
    ):
        monkeypatch.setenv(f"PARLEY_SLACK__{name}", value)
    settings = load_settings(root)
    async with open_conversations(settings) as conversations, open_home(slack, conversations, settings):
        yield conversations
        conversations.events.end()


async def test_a_refund_is_asked_for_filled_in_agreed_to_and_recorded(slack: FakeSlack, shop: Conversations) -> None:
    ada, wei = slack.world.user("U1"), slack.world.user("U2", name="王伟", locale="zh-CN")
    channel = slack.world.channel("C1")

    # Ada asks in a channel. The form for her address is hers; what she agrees to stands on the card.
    thread = await slack.says(ada, f"{slack.mention()} I want a refund for order LO-10482", channel=channel)
    await fills_in(slack, ada, channel, thread, "customer3@example.com")
    await chooses(slack, ada, channel, thread, "It is damaged or faulty")
    card, yes = await button(slack, channel, thread, agrees)
    assert "LO-10482" in str(card["blocks"])
    await slack.presses(wei, channel, card, yes)
    await slack.until(lambda: slack.world.ephemerals)  # not his to agree to
    assert await actions(shop) == []
    for _ in range(2):
        await slack.presses(ada, channel, card, yes)
    await slack.until(lambda: "Done: your refund request" in str(slack.world.answers(channel, thread)))
    assert [one.arguments["order_number"] for one in await actions(shop)] == ["LO-10482"]
    await slack.until(lambda: "white_check_mark" in slack.world.find(channel, thread)["reactions"])  # type: ignore[index]

    # 王伟 does the same in a direct message, changes his mind at the card, and nothing is done.
    thread = await slack.says(wei, "我要退款，订单LO-10492")
    await fills_in(slack, wei, wei.dm, thread, "customer13@example.com")
    await chooses(slack, wei, wei.dm, thread, "发错了商品")
    card, no = await button(slack, wei.dm, thread, declines, "退款申请")
    assert "LO-10492" in str(card["blocks"])
    shown = len(slack.world.answers(wei.dm, thread))
    await slack.presses(wei, wei.dm, card, no)
    await slack.until(lambda: len(slack.world.answers(wei.dm, thread)) > shown)
    assert len(await actions(shop)) == 1

    # He asks once more and agrees: it is recorded, in his language.
    thread = await slack.says(wei, "我要退款，订单LO-10492，发错了商品")
    await fills_in(slack, wei, wei.dm, thread, "customer13@example.com")
    card, yes = await button(slack, wei.dm, thread, agrees)
    await slack.presses(wei, wei.dm, card, yes)
    await slack.until(lambda: "已提交：您的退款申请编号" in str(slack.world.answers(wei.dm, thread)))
    assert [one.arguments["order_number"] for one in await actions(shop)] == ["LO-10482", "LO-10492"]
    assert not slack.refused


async def actions(shop: Conversations) -> list[ActionRow]:
    """What was done, in order."""
    async with AsyncSession(shop.engine) as session:
        found = await session.exec(select(ActionRow).where(ActionRow.tool == "request_refund"))
        return sorted(found, key=lambda one: one.at)


def agrees(one: Mapping[str, Any]) -> bool:
    return one.get("style") == "primary" and one["action_id"].startswith(CHOICE)


def declines(one: Mapping[str, Any]) -> bool:
    return "style" not in one and one["action_id"].startswith(CHOICE)


async def button(
    slack: FakeSlack, channel: str, thread: str, wanted: Callable[[Mapping[str, Any]], bool], on: str = ""
) -> tuple[dict[str, Any], dict[str, Any]]:
    """A button, once it is there, and the message in which it is. on: what the message says, too."""

    def found() -> list[tuple[dict[str, Any], dict[str, Any]]]:
        return [
            (message, one)
            for message in slack.world.answers(channel, thread)
            for block in message.get("blocks", [])
            if block["type"] == "actions" and on in str(message["blocks"])
            for one in block["elements"]
            if wanted(one)
        ]

    await slack.until(found)
    return found()[-1]


async def fills_in(slack: FakeSlack, user: Any, channel: str, thread: str, email: str) -> None:
    """Opens the form for the address and sends it."""
    asked, fill_in = await button(slack, channel, thread, lambda one: one["action_id"] == OPEN)
    await slack.presses(user, channel, asked, fill_in)
    await slack.until(lambda: slack.world.modals)
    await slack.submits(user, slack.world.modals.pop(), {"email": email})


async def chooses(slack: FakeSlack, user: Any, channel: str, thread: str, text: str) -> None:
    """Presses one of the short replies."""
    asked, choice = await button(slack, channel, thread, lambda one: one["text"]["text"] == text)
    await slack.presses(user, channel, asked, choice)
