"""Two companies in one Slack app: each workspace reaches its own knowledge, conversations and buttons, and no others."""

import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.oauth.installation_store.models.installation import Installation
from slack_sdk.web.async_client import AsyncWebClient

from agent.build import open_conversations
from agent.conversations import Conversations
from agent.errors import SettingsError
from agent.homes import new_home, open_documents
from agent.settings import load_settings
from agent.types import EventType
from connectors.slack.blocks.buttons import feedback_block
from connectors.slack.blocks.sealing import Seal
from connectors.slack.connector import SlackConnector
from connectors.slack.install.encryption import Vault
from connectors.slack.install.installations import SqlInstallationStore
from connectors.slack.install.tokens import InstalledTokens
from connectors.slack.sockets import listening
from connectors.slack.tenants import ByTeam, OnlyTeams, allowed_in, homes_of
from tests.support.slack_connector import QUICK
from tests.support.slack_server import APP_TOKEN, CLIENT_ID, CLIENT_SECRET, FakeSlack
from tests.support.slack_world import User

KETTLES = "# Kettle warranty\n\nThe Zephyr kettle has a warranty of seven years. Descale the kettle every month.\n"
LAMPS = "# Lamp delivery\n\nThe Nova lamp is delivered within four days. A lamp needs a bulb of nine watts.\n"
ABOUT_KETTLES = "How long is the warranty of the Zephyr kettle?"
SETTINGS = '[knowledge]\nembedder = "corpus"\n[guard]\nwrong_answer_cost = 0.1\n'


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Path]]:
    """The homes of two companies: the first runs the app."""
    root = tmp_path_factory.mktemp("companies")
    for name, article in (("lamps", LAMPS), ("kettles", KETTLES)):
        (root / f"{name}.md").write_text(article, "utf-8")
        new_home(root / name).settings_file.write_text(SETTINGS, "utf-8")
        with open_documents(new_home(root / name), load_settings(root / name)) as library:
            library.ingest([root / f"{name}.md"])
    yield {"T1": root / "lamps", "T2": root / "kettles"}


@dataclass
class Companies:
    slack: FakeSlack
    conversations: dict[str, Conversations]
    lamps: User
    kettles: User


@pytest.fixture
async def companies(homes: dict[str, Path], slack: FakeSlack) -> AsyncIterator[Companies]:
    """Both companies behind one connection."""
    main = load_settings(homes["T1"])
    async with AsyncExitStack() as stack:
        conversations: dict[str, Conversations] = {}
        apps: dict[str, Any] = {}
        found = homes_of(main, {"T1": Path(), "T2": Path("../kettles"), "E7": Path("../kettles")})
        for settings, teams in found.values():
            opened = await stack.enter_async_context(open_conversations(settings))
            if "T1" in teams:  # the main home keeps the installations
                tokens = await installed(opened, slack, ["T1", "T2", "T9"])
            options = replace(QUICK, api_url=slack.url)
            connector = await stack.enter_async_context(
                SlackConnector.open(opened, partial(only, tokens, teams), options)
            )
            conversations |= dict.fromkeys(teams, opened)
            apps |= dict.fromkeys(teams, connector.app)
        await stack.enter_async_context(listening(ByTeam(apps["T1"], apps), APP_TOKEN))
        await slack.until(lambda: slack.delivery.sockets)
        yield Companies(
            slack, conversations, slack.world.user("U1", "T1", name="Ada"), slack.world.user("U2", "T2", name="Bo")
        )
        for one in conversations.values():
            one.events.end()


def only(tokens: InstalledTokens, teams: frozenset[str], _: object) -> OnlyTeams:
    return OnlyTeams(tokens, teams)


async def installed(conversations: Conversations, slack: FakeSlack, teams: list[str]) -> InstalledTokens:
    store = SqlInstallationStore(conversations.engine, Vault("a" * 43), CLIENT_ID)
    for team in teams:
        token = slack.world.team(team).token
        await store.async_save(
            Installation(
                team_id=team, user_id="UADMIN", bot_token=token, bot_id="B", bot_user_id="UB", installed_at=time.time()
            )
        )
    client = AsyncWebClient(base_url=slack.url)
    return InstalledTokens(store, client_id=CLIENT_ID, client_secret=CLIENT_SECRET, client=client)


async def answer_to(companies: Companies, user: User, text: str) -> dict[str, Any]:
    """What is shown once the whole answer is."""
    slack = companies.slack
    thread = await slack.says(user, text)
    await slack.until(lambda: any(done(one) for one in slack.world.answers(user.dm, thread)))
    return next(one for one in slack.world.answers(user.dm, thread) if done(one))


def done(message: dict[str, Any]) -> bool:
    return any(block["type"] == "context_actions" for block in message.get("blocks", []))


def thumb(message: dict[str, Any]) -> dict[str, Any]:
    (buttons,) = next(block for block in message["blocks"] if block["type"] == "context_actions")["elements"]
    return {"action_id": buttons["action_id"], "type": "feedback_buttons", "value": buttons["positive_button"]["value"]}


async def feedback(companies: Companies, team: str) -> list[Any]:
    conversations = companies.conversations[team]
    found = []
    for conversation in await ids(conversations):
        found += [e for e in await conversations.events.read(conversation) if e.type is EventType.FEEDBACK_GIVEN]
    return found


async def ids(conversations: Conversations) -> list[str]:
    from sqlmodel import select
    from sqlmodel.ext.asyncio.session import AsyncSession

    from agent.store.tables import ConversationRow

    async with AsyncSession(conversations.engine) as session:
        return list(await session.exec(select(ConversationRow.id)))


async def test_nothing_of_the_other_company_is_reached(companies: Companies, caplog: pytest.LogCaptureFixture) -> None:
    slack = companies.slack
    theirs = await answer_to(companies, companies.kettles, ABOUT_KETTLES)
    ours = await answer_to(companies, companies.lamps, ABOUT_KETTLES)
    assert "seven years" in str(theirs)
    assert "seven years" not in str(ours)
    assert "Zephyr" not in str(ours).replace(ABOUT_KETTLES, "")

    # Their button, pressed in our workspace, and with the seal of the other connector.
    caplog.clear()
    (conversation,) = await ids(companies.conversations["T2"])
    await slack.presses(companies.lamps, companies.lamps.dm, ours, thumb(theirs))
    sealed = feedback_block(Seal("k" * 40), team="T1", conversation=conversation, event=1, language="en").to_dict()
    await slack.presses(companies.lamps, companies.lamps.dm, ours, thumb({"blocks": [sealed]}))
    await slack.until(lambda: sum("refused" in one.message for one in caplog.records) == 2)
    assert await feedback(companies, "T1") == await feedback(companies, "T2") == []
    await slack.presses(companies.kettles, companies.kettles.dm, theirs, thumb(theirs))
    await slack.until(lambda: len(slack.world.responses) > 2)
    await wait_for_feedback(companies)

    # Their conversation is not in our store, and ours not in theirs.
    assert not await companies.conversations["T1"].exists(conversation)
    assert not set(await ids(companies.conversations["T1"])) & set(await ids(companies.conversations["T2"]))


async def wait_for_feedback(companies: Companies) -> None:
    import asyncio

    async with asyncio.timeout(10):
        while len(await feedback(companies, "T2")) != 1:
            await asyncio.sleep(0.02)
    assert not await feedback(companies, "T1")


async def test_a_workspace_that_is_not_listed_is_refused_though_it_has_a_token(
    companies: Companies, caplog: pytest.LogCaptureFixture
) -> None:
    stranger = companies.slack.world.user("U9", "T9")
    _, (event,) = companies.slack.writes(stranger, "What do you know?")
    companies.slack.tell(event)
    await companies.slack.until(lambda: "workspace T9 is not among [slack.teams]" in caplog.text)
    assert not companies.slack.world.answers(stranger.dm, companies.slack.world.messages[stranger.dm][0]["ts"])


async def test_a_connector_has_the_tokens_of_its_own_workspaces_alone() -> None:
    class Anybodys:
        async def token(self, enterprise: str | None, team: str) -> str | None:
            return f"token of {team}"

        async def forget(self, enterprise: str | None, team: str) -> None:
            raise AssertionError("another's workspace was forgotten")

    mine = OnlyTeams(Anybodys(), ["T1", "E7"])
    assert await mine.token(None, "T1") == "token of T1"
    assert await mine.token("E7", "T5") == "token of T5"  # of an organisation that is listed as a whole
    assert await mine.token(None, "T2") is None
    assert await mine.token("E8", "T5") is None
    await mine.forget(None, "T2")
    assert [allowed_in(["T1"])(None, team) for team in ("T1", "T2")] == [True, False]
    assert allowed_in([])(None, "T2")


async def test_a_request_without_a_workspace_goes_nowhere() -> None:
    from slack_bolt.async_app import AsyncApp

    app = ByTeam(AsyncApp(token="xoxb-0", request_verification_enabled=False), {})
    response = await app.async_dispatch(AsyncBoltRequest(body='{"type": "event_callback"}', mode="http"))
    assert response.status == 403


def test_two_homes_with_one_store_are_refused(homes: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARLEY_STORE__URL", "postgresql+asyncpg://db.example/parley")
    with pytest.raises(SettingsError, match="the same store"):
        homes_of(load_settings(homes["T1"]), {"T1": Path(), "T2": Path("../kettles")})
    assert len(homes_of(load_settings(homes["T1"]), {"T1": Path(), "T3": Path()})) == 1
