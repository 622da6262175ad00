"""Two companies in one Slack app: each workspace reaches its own knowledge, conversations and buttons, and no others."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import aiohttp
import httpx
import pytest
from fastapi import FastAPI
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.oauth.installation_store.models.installation import Installation
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from agent.build import open_conversations
from agent.conversations import Conversations
from agent.errors import SettingsError
from agent.home import Home
from agent.homes import new_home, open_documents
from agent.settings import Settings, load_settings
from agent.store.database import close_engine, open_engine
from agent.store.event_log import SqlEventLog
from agent.store.tables import ConversationRow
from agent.types import EventType
from connectors.slack.install.encryption import Vault
from connectors.slack.install.installations import SqlInstallationStore
from connectors.slack.install.oauth import INSTALL_PATH
from connectors.slack.install.tables import InstallationRow
from connectors.slack.serving import serves_slack
from connectors.slack.tenants import ByTeam, OnlyTeams, allowed_in, homes_of
from connectors.slack.workspaces import OneWorkspace
from tests.support.slack_connector import connected
from tests.support.slack_delivery import SIGNING_SECRET
from tests.support.slack_home import HTTP, open_home
from tests.support.slack_server import CLIENT_ID, CLIENT_SECRET, FakeSlack
from tests.support.slack_world import User

KETTLES = "# Kettle warranty\n\nThe Zephyr kettle has a warranty of seven years. Descale the kettle every month.\n"
LAMPS = "# Lamp delivery\n\nThe Nova lamp is delivered within four days. A lamp needs a bulb of nine watts.\n"
ABOUT_KETTLES = "How long is the warranty of the Zephyr kettle?"
SETTINGS = '[knowledge]\nembedder = "corpus"\n[guard]\nwrong_answer_cost = 0.1\n'

LAMPS_IN_SLACK = """
[slack]
public_url = "https://lamps.example"
[slack.teams]
T1 = "."
T2 = "../kettles"
E7 = "../kettles"
"""
KETTLES_IN_SLACK = """
[slack]
support_channel = "CHELP"
support_team = "T2"
support_language = "zh"
prompts = [{roles = ["member"], questions = ["Which kettles are there?"]}]
"""
KETTLES_POLICY = """rules:
  - {name: discounts are for people, when: {mentions: 'discount|person'}, do: handoff, say: handoff}
  - {name: asks, do: answer}
"""


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Path]]:
    """The homes of two companies: the first runs the app."""
    root = tmp_path_factory.mktemp("companies")
    for name, article, more in (("lamps", LAMPS, LAMPS_IN_SLACK), ("kettles", KETTLES, KETTLES_IN_SLACK)):
        (root / f"{name}.md").write_text(article, "utf-8")
        new_home(root / name).settings_file.write_text(SETTINGS + more, "utf-8")
        with open_documents(new_home(root / name), load_settings(root / name)) as library:
            library.ingest([root / f"{name}.md"])
    (root / "kettles" / "policy.yaml").write_text(KETTLES_POLICY, "utf-8")
    (root / "lamps" / "suggestions.yaml").write_text("en:\n- How many days does the Nova lamp take?\n", "utf-8")
    yield {"T1": root / "lamps", "T2": root / "kettles"}


@dataclass
class Companies:
    """stores: of each workspace's home, to look into; main: the home that runs the app."""

    slack: FakeSlack
    main: Path
    app: FastAPI
    stores: dict[str, AsyncEngine]
    lamps: User
    kettles: User


@pytest.fixture
async def companies(
    homes: dict[str, Path], slack: FakeSlack, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Companies]:
    """Both companies behind one address, as `parley serve` opens them."""
    for name, value in (
        ("CLIENT_ID", CLIENT_ID),
        ("CLIENT_SECRET", CLIENT_SECRET),
        ("SIGNING_SECRET", SIGNING_SECRET),
        ("API_URL", slack.url),
    ):
        monkeypatch.setenv(f"PARLEY_SLACK__{name}", value)
    for store in (store for home in homes.values() for store in home.glob("parley.db*")):
        store.unlink()  # of the test before
    main = load_settings(homes["T1"])
    assert serves_slack(main)
    async with AsyncExitStack() as stack:
        conversations = await stack.enter_async_context(open_conversations(main))
        await install(conversations, main, slack, ["T1", "T2", "T9"])
        app = await stack.enter_async_context(open_home(slack, conversations, main))
        stores = {"T1": conversations.engine, "T2": await open_engine(load_settings(homes["T2"]).database_url)}
        stack.push_async_callback(close_engine, stores["T2"])
        lamps, kettles = (slack.world.user(f"U{n}", f"T{n}", name=name) for n, name in ((1, "Ada"), (2, "Bo")))
        yield Companies(slack, homes["T1"], app, stores, lamps, kettles)
        conversations.events.end()


async def install(conversations: Conversations, settings: Settings, slack: FakeSlack, teams: list[str]) -> None:
    store = SqlInstallationStore(conversations.engine, Vault.of(Home(settings.home)), CLIENT_ID)
    for team in teams:
        token = slack.world.team(team).token
        await store.async_save(
            Installation(
                team_id=team, user_id="UADMIN", bot_token=token, bot_id="B", bot_user_id="UB", installed_at=time.time()
            )
        )


async def answer_to(companies: Companies, user: User, question: str) -> dict[str, Any]:
    """What is shown once the whole answer is."""
    slack = companies.slack
    thread = await slack.says(user, question)
    await slack.until(lambda: any(done(one) for one in slack.world.answers(user.dm, thread)))
    return next(one for one in slack.world.answers(user.dm, thread) if done(one))


def done(message: dict[str, Any]) -> bool:
    return any(block["type"] == "context_actions" for block in message.get("blocks", []))


def thumb(message: dict[str, Any]) -> dict[str, Any]:
    (buttons,) = next(block for block in message["blocks"] if block["type"] == "context_actions")["elements"]
    return {"action_id": buttons["action_id"], "type": "feedback_buttons", "value": buttons["positive_button"]["value"]}


async def feedback(companies: Companies, team: str) -> list[Any]:
    log = SqlEventLog(companies.stores[team])
    events = [event for one in await ids(companies.stores[team]) for event in await log.read(one)]
    return [event for event in events if event.type is EventType.FEEDBACK_GIVEN]


async def ids(store: AsyncEngine) -> list[str]:
    async with AsyncSession(store) as session:
        return list(await session.exec(select(ConversationRow.id)))


async def test_nothing_of_the_other_company_is_reached(companies: Companies, caplog: pytest.LogCaptureFixture) -> None:
    slack = companies.slack
    theirs = await answer_to(companies, companies.kettles, ABOUT_KETTLES)
    ours = await answer_to(companies, companies.lamps, ABOUT_KETTLES)
    assert "seven years" in str(theirs)
    assert "seven years" not in str(ours)
    assert "Zephyr" not in str(ours).replace(ABOUT_KETTLES, "")

    # Their button pressed in our workspace, and one made up about their conversation.
    caplog.clear()
    (conversation,) = await ids(companies.stores["T2"])
    await slack.presses(companies.lamps, companies.lamps.dm, ours, thumb(theirs))
    await slack.presses(companies.lamps, companies.lamps.dm, ours, {**thumb(ours), "value": f"{conversation} 5 1"})
    await slack.until(lambda: sum("refused" in one.message for one in caplog.records) == 2)
    assert await feedback(companies, "T1") == await feedback(companies, "T2") == []
    await slack.presses(companies.kettles, companies.kettles.dm, theirs, thumb(theirs))
    await slack.until(lambda: len(slack.world.responses) > 2)
    await wait_for_feedback(companies)

    # Their conversation is not in our store, and ours not in theirs.
    assert conversation not in await ids(companies.stores["T1"])
    assert not set(await ids(companies.stores["T1"])) & set(await ids(companies.stores["T2"]))


async def wait_for_feedback(companies: Companies) -> None:
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


async def test_each_home_shows_what_it_knows_and_opens_its_own_support_channel(companies: Companies) -> None:
    slack, bo = companies.slack, companies.kettles
    slack.world.channel("CHELP", "T2")
    for user in (companies.lamps, bo):
        await slack.opens_app(user, tab="home")
        await slack.until(lambda user=user: user.id in slack.world.homes)  # type: ignore[misc]
    assert "Kettle warranty" in str(slack.world.homes[bo.id])
    assert "Lamp delivery" in str(slack.world.homes[companies.lamps.id])
    assert "Kettle" not in str(slack.world.homes[companies.lamps.id])
    view = slack.world.homes[companies.lamps.id]
    question = next(one for block in view["blocks"] if block["type"] == "actions" for one in block["elements"])
    for _ in range(2):  # the same press told twice
        await slack.presses(companies.lamps, "", {}, {**question, "action_ts": "1.5"})
    await slack.until(lambda: any(done(one) for one in slack.world.messages[companies.lamps.dm]))
    assert "four days" in str(slack.world.messages[companies.lamps.dm])
    assert sum("You asked" in str(one) for one in slack.world.messages[companies.lamps.dm]) == 1
    await slack.opens_app(bo)
    await slack.until(lambda: slack.world.prompts)
    assert [one["message"] for one in slack.world.prompts[bo.dm]] == ["Which kettles are there?"]
    await slack.says(bo, "I want to talk to a person")
    await slack.until(lambda: slack.world.messages["CHELP"])
    assert "等待人工" in str(slack.world.messages["CHELP"][0])  # in the language of the people there


async def test_what_one_company_does_with_a_question_the_other_does_not(companies: Companies) -> None:
    slack = companies.slack
    slack.world.channel("CHELP", "T2")
    ours = await answer_to(companies, companies.lamps, "Is there a discount on the Nova lamp?")
    assert "asked a colleague" not in str(ours)
    theirs = await answer_to(companies, companies.kettles, "Is there a discount on the Zephyr kettle?")
    assert "asked a colleague" in str(theirs)
    await slack.until(lambda: slack.world.messages["CHELP"])
    assert "Nova" not in str(slack.world.messages["CHELP"])


async def test_an_organisation_has_the_app_in_all_its_workspaces_and_its_token_is_renewed(companies: Companies) -> None:
    slack = companies.slack
    whole = slack.world.team("T7", "E7")
    whole.refresh = "xoxe-1"
    first, until = whole.token, int(time.time()) + 600  # soon enough to be renewed before it is used
    store = SqlInstallationStore(companies.stores["T1"], Vault.of(Home(companies.main)), CLIENT_ID)
    await store.async_save(
        Installation(
            enterprise_id="E7", team_id=None, is_enterprise_install=True, user_id="UADMIN", installed_at=time.time(),
            bot_token=first, bot_id="B", bot_user_id="UB", bot_refresh_token="xoxe-1", bot_token_expires_at=until,
        )
    )  # fmt: skip
    cleo = slack.world.user("U7", "T7", name="Cleo")
    for _ in range(2):
        assert "seven years" in str(await answer_to(companies, cleo, ABOUT_KETTLES))
    assert len(slack.called("oauth.v2.access")) == 1
    assert whole.token != first
    whole.tokens[:] = [whole.token]  # the old one has run out
    assert "seven years" in str(await answer_to(companies, cleo, ABOUT_KETTLES))
    assert first not in str(await every_row(companies)) and whole.token not in str(await every_row(companies))


async def every_row(companies: Companies) -> list[Any]:
    async with companies.stores["T1"].connect() as connection:
        return list(await connection.execute(text("SELECT * FROM slack_installation")))


async def test_a_workspace_that_removes_the_app_leaves_no_token(companies: Companies) -> None:
    slack = companies.slack
    await answer_to(companies, companies.kettles, ABOUT_KETTLES)
    await slack.happens({"type": "app_uninstalled"}, "T2")
    async with asyncio.timeout(10):
        while "T2" in await installed_teams(companies):
            await asyncio.sleep(0.02)
    assert await installed_teams(companies) == {"T1", "T9"}
    assert len(await ids(companies.stores["T2"])) >= 1  # what was said stays a record
    ours = await answer_to(companies, companies.lamps, "How many days does the Nova lamp take?")
    assert "four days" in str(ours)


async def installed_teams(companies: Companies) -> set[str]:
    async with AsyncSession(companies.stores["T1"]) as session:
        return set(await session.exec(select(InstallationRow.team)))


@HTTP
async def test_the_pages_for_installing_are_served(companies: Companies) -> None:
    transport = httpx.ASGITransport(companies.app)
    async with httpx.AsyncClient(transport=transport, base_url="https://lamps.example") as browser:
        page = await browser.get(INSTALL_PATH)
    assert page.status_code == 200
    assert "redirect_uri=https://lamps.example/slack/oauth_redirect" in unquote(page.text)


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


async def test_buttons_are_taken_where_the_whole_organisation_has_the_app(slack: FakeSlack, store: str) -> None:
    slack.world.team("T1").enterprise, ada, token = "E1", slack.world.user(), slack.world.team("T1").token

    def of_organisation(session: aiohttp.ClientSession) -> OnlyTeams:
        return OnlyTeams(OneWorkspace(token, slack.url, session), ["E1"])

    async with connected(slack, store, tokens=of_organisation):
        ts = await slack.says(ada, "hello")
        await slack.until(lambda: any(done(one) for one in slack.world.answers(ada.dm, ts)))
        (answer,) = slack.world.answers(ada.dm, ts)
        assert (await slack.presses(ada, ada.dm, answer, thumb(answer))).acknowledged
        await slack.until(lambda: any(slack.world.responses.values()))  # it is thanked for


async def test_a_request_without_a_workspace_goes_nowhere() -> None:
    app = ByTeam(AsyncApp(token="xoxb-0", request_verification_enabled=False), {})
    response = await app.async_dispatch(AsyncBoltRequest(body='{"type": "event_callback"}', mode="http"))
    assert response.status == 403


def test_two_homes_with_one_store_are_refused(homes: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARLEY_STORE__URL", "postgresql+asyncpg://db.example/parley")
    with pytest.raises(SettingsError, match="the same store"):
        homes_of(load_settings(homes["T1"]), {"T1": Path(), "T2": Path("../kettles")})
    assert len(homes_of(load_settings(homes["T1"]), {"T1": Path(), "T3": Path()})) == 1
