"""Reading in Slack as who asks: with their own token, which they give on a page, in answers that nobody else sees."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import yaml
from fastapi import FastAPI
from sqlalchemy import text

from agent.build import open_conversations
from agent.conversations import Conversations
from agent.errors import SettingsError
from agent.settings import load_settings
from agent.tools.declared import on_behalf_in
from connectors.slack.blocks.home import CONNECT
from connectors.slack.install.connecting import CONNECT_PATH
from connectors.slack.install.oauth import INSTALL_PATH, REDIRECT_PATH
from connectors.slack.manifest import CONNECTED_PATH, bot_scopes, user_scopes
from connectors.slack.mounting import open_slack
from connectors.slack.phrases import say
from tests.support.homes import small_home
from tests.support.mcp_reader import Reader, mcp_reader
from tests.support.openai_server import Connection, ModelServer, answered, babbles, calls, model_server
from tests.support.slack_connector import conversations_in
from tests.support.slack_delivery import SIGNING_SECRET
from tests.support.slack_home import HTTP, open_home
from tests.support.slack_server import CLIENT_ID, CLIENT_SECRET, FakeSlack
from tests.support.slack_world import User

ADDRESS = "https://parley.example"
SETTINGS = """
[slack]
public_url = "https://parley.example"
support_channel = "CDESK"
support_team = "T1"
reactions = {neutral = []}
"""
RULES = """rules:
  - {name: person, when: {mentions: 'person'}, do: handoff, say: handoff}
  - {name: in slack, when: {mentions: 'Slack|launch|发布'}, do: act}
  - {name: asks, do: answer}
"""
MESSAGES = {"U1": "The launch moved to the 12th", "U2": "发布改到了19日"}


@dataclass
class Office:
    """A home whose people may connect their accounts, Slack, and the servers that they and the model talk with."""

    slack: FakeSlack
    conversations: Conversations
    pages: FastAPI
    model: ModelServer
    reader: Reader

    async def follows(self, path: str, redirect: str, code: str) -> dict[str, list[str]]:
        """Somebody opens a page, agrees at Slack, and is sent back; what they were asked for."""
        transport = httpx.ASGITransport(self.pages)
        async with httpx.AsyncClient(transport=transport, base_url=ADDRESS) as browser:
            page = await browser.get(path)
            address = next(one for one in page.text.split('"') if "authorize?" in one).replace("&amp;", "&")
            asked = parse_qs(urlsplit(address).query)
            back = await browser.get(redirect, params={"code": code, "state": asked["state"][0]})
        assert back.status_code == 200
        return asked

    async def connects(self, user: User) -> dict[str, list[str]]:
        self.slack.world.grants[f"code-{user.id}"] = user
        return await self.follows(CONNECT_PATH, CONNECTED_PATH, f"code-{user.id}")

    async def answer(self, user: User, question: str, channel: str = "", thread: str = "") -> tuple[str, str]:
        """The thread, and what is said in it last."""
        slack, where = self.slack, channel or user.dm
        before = len(slack.world.answers(where, thread)) if thread else 0
        ts = await slack.says(user, question, channel=channel, thread=thread)
        await slack.until(lambda: len(whole(slack, where, thread or ts)) > before)
        return thread or ts, str(whole(slack, where, thread or ts)[-1])

    def offered(self) -> set[str]:
        """The tools that the model was given last."""
        return {one["function"]["name"] for one in self.model.requests[-1].get("tools", [])}


def whole(slack: FakeSlack, channel: str, thread: str) -> list[dict[str, Any]]:
    return [one for one in slack.world.answers(channel, thread) if one.get("metadata") and "…" not in one["text"]]


async def acts(connection: Connection) -> None:
    """Searches, and repeats what it found; where it cannot, tells how to connect, or that it can't."""
    last, tools = connection.body["messages"][-1], str(connection.body.get("tools"))
    if last["role"] == "tool":
        return await babbles(answered(f"{json.loads(last['content'])['result']}."))(connection)
    if "'search'" in tools:
        return await calls("search", query=last["content"])(connection)
    if "connect_account" in tools:
        return await calls("connect_account")(connection)
    return await babbles(answered("Where should I look?"))(connection)


@pytest.fixture
async def office(slack: FakeSlack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Office]:
    slack.world.codes["install"] = "T1"
    slack.world.channel("CDESK")
    root = small_home(tmp_path)
    async with mcp_reader(lambda token: owner(slack, token)) as reader, model_server(acts) as model:
        reader.messages = MESSAGES
        (root / "parley.toml").write_text((root / "parley.toml").read_text("utf-8") + SETTINGS, "utf-8")
        (root / "policy.yaml").write_text(RULES, "utf-8")
        tools = {"slack": {"mcp": reader.url, "tools": {"search": False}, "on_behalf": True}}
        (root / "tools.yaml").write_text(yaml.safe_dump(tools), "utf-8")
        for name, value in (
            ("SLACK__CLIENT_ID", CLIENT_ID),
            ("SLACK__CLIENT_SECRET", CLIENT_SECRET),
            ("SLACK__SIGNING_SECRET", SIGNING_SECRET),
            ("SLACK__API_URL", slack.url),
            ("MODEL__BASE_URL", model.url),
        ):
            monkeypatch.setenv(f"PARLEY_{name}", value)
        settings = load_settings(root)
        async with (
            open_conversations(settings) as conversations,
            open_home(slack, conversations, settings) as pages,
        ):
            one = Office(slack, conversations, pages, model, reader)
            asked = await one.follows(INSTALL_PATH, REDIRECT_PATH, "install")
            assert asked["scope"] == [",".join(bot_scopes())]
            assert "user_scope" not in asked  # the workspace's installation asks for nobody's own
            yield one
            conversations.events.end()


def owner(slack: FakeSlack, token: str) -> str | None:
    found = slack.world.readers.get(token) if token.startswith("xoxp-") else None
    return found.id if found else None


async def test_each_is_answered_from_what_they_may_read_and_nobody_else_is(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    slack = office.slack
    ada, wei = slack.world.user("U1"), slack.world.user("U2", name="王伟", locale="zh-CN")
    channel = slack.world.channel("C1")
    with caplog.at_level(logging.INFO):
        # Ada has connected nothing: she reads where she may, in her Home and in the answer.
        assert (await home(office, ada))["url"] == f"{ADDRESS}{CONNECT_PATH}"
        _, said = await office.answer(ada, "What was said in Slack about the launch?")
        assert f"{ADDRESS}{CONNECT_PATH}" in said
        assert office.offered() == {"connect_account"}
        asked = await office.connects(ada)
        assert asked["user_scope"] == [",".join(user_scopes())]
        assert "scope" not in asked  # nobody need be an administrator for it
        await office.connects(wei)
        assert not await home(office, ada)

        # Both ask at once, and each is answered from what is theirs.
        (thread, english), (_, chinese) = await asyncio.gather(
            office.answer(ada, "What was said in Slack about the launch?"), office.answer(wei, "Slack里怎么说发布的？")
        )
        assert MESSAGES["U1"] in english
        assert MESSAGES["U2"] in chinese
        assert sorted(office.reader.asked) == [
            ("U1", "What was said in Slack about the launch?"), ("U2", "Slack里怎么说发布的？")
        ]  # fmt: skip

        # In a channel others read along: nothing of hers is looked at there. By /parley only she sees it, and can't share it.
        _, said = await office.answer(ada, f"{slack.mention()} what of the launch?", channel)
        assert MESSAGES["U1"] not in said
        assert office.offered() == set()
        _, posts = await slack.commands(ada, "/parley", "what of the launch?", channel)
        await slack.until(lambda: posts)
        assert MESSAGES["U1"] in str(posts[0])
        assert "parley_share" not in str(posts[0])
        assert [who for who, _ in office.reader.asked].count("U1") == 2

        # A colleague takes over: they read that something was told, but not what.
        await office.answer(ada, "a person please", thread=thread)
        await slack.until(lambda: slack.world.messages["CDESK"])
        desk = json.dumps(slack.world.messages["CDESK"], ensure_ascii=False)
        assert say("people_private", "en") in desk
        assert MESSAGES["U1"] not in desk

        # She takes it back in Slack: her token is gone, and she is told where to connect again.
        await slack.happens({"type": "tokens_revoked", "tokens": {"oauth": ["U1"], "bot": []}})
        async with asyncio.timeout(10):
            while await rows(office) != ["", "U2", "UADMIN"]:
                await asyncio.sleep(0.02)
        _, said = await office.answer(ada, "What was said in Slack about the launch?")
        assert f"{ADDRESS}{CONNECT_PATH}" in said
        _, said = await office.answer(wei, "Slack里怎么说发布的？")
        assert MESSAGES["U2"] in said
    assert office.reader.refused == 0
    assert not [token for token in slack.world.readers if token in caplog.text + await stored(office)]
    assert not slack.refused


async def home(office: Office, user: User) -> dict[str, Any]:
    """The button in somebody's Home by which they connect their account; {} where there is none."""
    office.slack.world.homes.pop(user.id, None)
    await office.slack.opens_app(user, tab="home")
    await office.slack.until(lambda: user.id in office.slack.world.homes)
    blocks = office.slack.world.homes[user.id]["blocks"]
    buttons = [one for block in blocks if block["type"] == "actions" for one in block["elements"]]
    return next((one for one in buttons if one["action_id"] == CONNECT), {})


async def rows(office: Office) -> list[str]:
    async with office.conversations.engine.connect() as connection:
        users = (await connection.execute(text("SELECT user FROM slack_installation"))).scalars()
        return sorted(str(user) for user in users)


async def stored(office: Office) -> str:
    """All that the store keeps in the tables in which a token might lie."""
    async with office.conversations.engine.connect() as connection:
        found = [
            str((await connection.execute(text(f"SELECT * FROM {table}"))).all())
            for table in ("event", "slack_inbox", "slack_installation", "slack_thread")
        ]
    return "".join(found)


@HTTP
async def test_without_a_page_to_connect_on_it_is_refused_at_the_start(
    slack: FakeSlack, store: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, reads = small_home(tmp_path), {"mcp": "https://mcp.slack.com/mcp", "tools": {"search": False}}
    monkeypatch.setenv("PARLEY_SLACK__BOT_TOKEN", slack.world.team("T1").token)
    tools, settings = root / "tools.yaml", load_settings(root)
    for entry, told in (
        ({**reads, "mcp": "http://mcp.example/mcp"}, "https URL"),
        ({**reads, "mcp": ["server"]}, "https URL"),
        ({**reads, "tools": {"send": True}}, "set send to false"),
    ):
        tools.write_text(yaml.safe_dump({"slack": {**entry, "on_behalf": True}}), "utf-8")
        with pytest.raises(SettingsError, match=told):
            on_behalf_in(tools)
    tools.write_text(yaml.safe_dump({"slack": {**reads, "on_behalf": True}}), "utf-8")
    async with conversations_in(store) as conversations:
        with pytest.raises(SettingsError, match=r"slack\.public_url"):
            async with open_slack(conversations, settings):
                pass
