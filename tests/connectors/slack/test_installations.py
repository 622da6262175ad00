"""Many workspaces install the app: tokens kept encrypted, renewed once, forgotten when the app is removed."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from slack_sdk.oauth.installation_store.models.installation import Installation
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.applications import Starlette

from agent.errors import SettingsError
from agent.home import Home
from agent.store.database import close_engine, open_engine
from connectors.slack.install.encryption import Vault
from connectors.slack.install.installations import SqlInstallationStore
from connectors.slack.install.oauth import (
    INSTALL_PATH,
    REDIRECT_PATH,
    Allowed,
    InstallFlow,
    install_flow,
    install_routes,
)
from connectors.slack.install.states import SqlStateStore
from connectors.slack.install.tokens import InstalledTokens
from connectors.slack.install.user_tokens import InstalledUserTokens
from connectors.slack.manifest import bot_scopes
from tests.support.postgres_server import PostgresServer
from tests.support.slack_server import CLIENT_ID, CLIENT_SECRET, FakeSlack, fake_slack

KEY, OLD_KEY = "a" * 43, "b" * 43


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def engine(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    if request.param == "sqlite":
        url = f"sqlite+aiosqlite:///{tmp_path / 'parley.db'}"
    else:
        server: PostgresServer = request.getfixturevalue("postgres")
        url = server.new_database()
    opened = await open_engine(url)
    yield opened
    await close_engine(opened)


@pytest.fixture
def store(engine: AsyncEngine) -> SqlInstallationStore:
    return SqlInstallationStore(engine, Vault(KEY), CLIENT_ID)


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with fake_slack() as server:
        yield server


def installation(
    team: str | None = "T1", *, user: str = "U1", enterprise: str | None = None, **more: Any
) -> Installation:
    fields: dict[str, Any] = {
        "bot_token": f"xoxb-{team}-{user}",
        "bot_id": "B1",
        "bot_user_id": "UB",
        "installed_at": time.time(),
    }
    return Installation(team_id=team, user_id=user, enterprise_id=enterprise, **{**fields, **more})


async def rows(engine: AsyncEngine) -> list[Any]:
    async with engine.connect() as connection:
        return list(await connection.execute(text("SELECT * FROM slack_installation")))


async def test_each_workspace_has_its_own_and_the_store_shows_none(
    engine: AsyncEngine, store: SqlInstallationStore
) -> None:
    await store.async_save(installation("T1", user_token="xoxp-1", bot_scopes=["chat:write", "commands"]))
    await store.async_save(installation("T2", user="U2"))
    await store.async_save(installation(None, user="U3", enterprise="E1", is_enterprise_install=True))
    one = await store.async_find_installation(enterprise_id=None, team_id="T1")
    assert one
    assert (one.bot_token, one.user_token, one.bot_scopes) == ("xoxb-T1-U1", "xoxp-1", ["chat:write", "commands"])
    whole = await store.async_find_bot(enterprise_id="E1", team_id="T9", is_enterprise_install=True)
    assert whole
    assert whole.bot_token == "xoxb-None-U3"
    assert await store.async_find_bot(enterprise_id="E1", team_id="T9") is None
    assert await store.async_find_installation(enterprise_id=None, team_id="T1", user_id="U2") is None
    other_app = SqlInstallationStore(engine, Vault(KEY), "another")
    assert await other_app.async_find_bot(enterprise_id=None, team_id="T1") is None
    stored = str(await rows(engine))
    assert "xoxb" not in stored
    assert "xoxp" not in stored


async def test_a_second_person_brings_the_latest_token(store: SqlInstallationStore) -> None:
    await store.async_save(installation(user="U1", bot_token="old", installed_at=time.time() - 60))
    await store.async_save(installation(user="U2", bot_token="new"))
    for user in ("U1", None):
        found = await store.async_find_installation(enterprise_id=None, team_id="T1", user_id=user)
        assert found
        assert found.bot_token == "new"
    await store.async_delete_installation(enterprise_id=None, team_id="T1", user_id="U2")
    found = await store.async_find_installation(enterprise_id=None, team_id="T1")
    assert found
    assert found.user_id == "U1"


async def test_a_new_key_opens_what_the_old_one_closed_but_no_other_place(engine: AsyncEngine) -> None:
    await SqlInstallationStore(engine, Vault(OLD_KEY), "c").async_save(installation())
    both = SqlInstallationStore(engine, Vault(f"{KEY}, {OLD_KEY}"), "c")
    bot = await both.async_find_bot(enterprise_id=None, team_id="T1")
    assert bot
    with pytest.raises(SettingsError, match="another key"):
        await SqlInstallationStore(engine, Vault(KEY), "c").async_find_bot(enterprise_id=None, team_id="T1")
    async with engine.begin() as connection:  # somebody who can write to the store moves a token to another workspace
        await connection.execute(text("UPDATE slack_installation SET team = 'T2'"))
    with pytest.raises(SettingsError, match="another workspace"):
        await both.async_find_bot(enterprise_id=None, team_id="T2")


def test_a_home_makes_a_key_of_its_own(tmp_path: Path) -> None:
    closed = Vault.of(Home(tmp_path)).close("/T1", {"bot_token": "x"})
    assert Vault.of(Home(tmp_path)).open("/T1", closed) == {"bot_token": "x"}
    assert (tmp_path / "slack.key").stat().st_mode & 0o777 == 0o600
    with pytest.raises(SettingsError, match="not a key"):
        Vault("too short")


async def test_a_state_is_good_once_and_not_for_long(engine: AsyncEngine) -> None:
    states, brief = SqlStateStore(engine), SqlStateStore(engine, good_for_s=0)
    state = await states.async_issue()
    took = await asyncio.gather(*(states.async_consume(state) for _ in range(4)))
    assert sorted(took) == [False, False, False, True]
    assert not await states.async_consume("made up")
    assert not await states.async_consume(await brief.async_issue())


async def test_the_app_removed_leaves_nothing(
    store: SqlInstallationStore, engine: AsyncEngine, slack: FakeSlack
) -> None:
    await store.async_save(installation("T1"))
    await store.async_save(installation("T2"))
    tokens = token_source(store, slack)
    await tokens.forget_user(None, "T2", "U1")
    await tokens.forget(None, "T1")
    assert await tokens.token(None, "T1") is None
    assert [row.team for row in await rows(engine)] == ["T2"]


def token_source(store: SqlInstallationStore, slack: FakeSlack) -> InstalledTokens:
    client = AsyncWebClient(base_url=slack.url)
    return InstalledTokens(store, client_id=CLIENT_ID, client_secret=CLIENT_SECRET, client=client)


async def running_out(store: SqlInstallationStore, slack: FakeSlack, left_s: int) -> None:
    slack.world.team("T1").refresh = "xoxe-1"
    await store.async_save(installation(bot_refresh_token="xoxe-1", bot_token_expires_at=int(time.time()) + left_s))


@pytest.mark.parametrize("left_s", [600, -5])
async def test_a_token_is_renewed_once_by_whichever_process_is_first(
    engine: AsyncEngine, store: SqlInstallationStore, slack: FakeSlack, left_s: int
) -> None:
    await running_out(store, slack, left_s)
    processes = [token_source(SqlInstallationStore(engine, Vault(KEY), CLIENT_ID), slack) for _ in range(3)]
    got = await asyncio.gather(*(process.token(None, "T1") for process in processes))
    assert len(slack.called("oauth.v2.access")) == 1
    assert not slack.refused
    now = slack.world.team("T1").token
    assert set(got) <= ({now} if left_s < 0 else {now, "xoxb-T1-U1"})
    assert await token_source(store, slack).token(None, "T1") == now
    assert len(slack.called("oauth.v2.access")) == 1


async def test_a_token_that_slack_does_not_renew_is_used_while_it_holds(
    store: SqlInstallationStore, slack: FakeSlack
) -> None:
    await running_out(store, slack, 600)
    slack.world.team("T1").refresh = "another"
    assert await token_source(store, slack).token(None, "T1") == "xoxb-T1-U1"
    await store.async_delete_all(enterprise_id=None, team_id="T1")
    await running_out(store, slack, -5)
    slack.world.team("T1").refresh = "another"
    assert await token_source(store, slack).token(None, "T1") is None


async def test_a_workspace_of_an_organisation_has_its_token(store: SqlInstallationStore, slack: FakeSlack) -> None:
    await store.async_save(installation(None, enterprise="E1", is_enterprise_install=True))
    tokens = token_source(store, slack)
    assert await tokens.token("E1", "T7") == "xoxb-None-U1"
    assert await tokens.token("E2", "T7") is None
    assert await tokens.token(None, "T7") is None
    assert await tokens.token(None, "") is None
    await store.async_save(installation("T8", enterprise="E2"))
    assert await tokens.token(None, "T8") == await tokens.token("E2", "T8") == "xoxb-T8-U1"
    await tokens.forget(None, "T8")
    assert await tokens.token("E2", "T8") is None
    await tokens.forget("E1", "T7")
    assert await tokens.token("E1", "T8") is None


async def test_of_events_that_come_together_one_reads_the_token(
    store: SqlInstallationStore, engine: AsyncEngine, slack: FakeSlack
) -> None:
    await store.async_save(installation("T1"))
    tokens, read = token_source(store, slack), []
    event.listen(engine.sync_engine, "before_cursor_execute", lambda *about: read.append(about[2]))
    assert [await tokens.token(None, "T1") for _ in range(50)] == ["xoxb-T1-U1"] * 50
    assert sum("FROM slack_installation" in one for one in read) == 1
    assert await tokens.token(None, "T2") is None
    await tokens.forget(None, "T1")  # which holds at once
    assert await tokens.token(None, "T1") is None
    await store.async_save(installation("T2"))  # as does a new one
    assert await tokens.token(None, "T2") == "xoxb-T2-U1"


def reading(store: SqlInstallationStore, slack: FakeSlack) -> InstalledUserTokens:
    client = AsyncWebClient(base_url=slack.url)
    return InstalledUserTokens(store, client_id=CLIENT_ID, client_secret=CLIENT_SECRET, client=client)


async def test_a_persons_token_is_theirs_alone(
    store: SqlInstallationStore, engine: AsyncEngine, slack: FakeSlack
) -> None:
    tokens = reading(store, slack)
    await store.async_save(installation("T1", user="U1", user_token="xoxp-1"))
    await store.async_save(installation("T1", user="U2"))
    await store.async_save(
        installation(None, user="U3", enterprise="E1", is_enterprise_install=True, user_token="xoxp-3")
    )
    assert await tokens.token(None, "T1", "U1") == "xoxp-1"
    assert [await tokens.token(None, *whose) for whose in (("T1", "U2"), ("T2", "U1"), ("T1", ""))] == [None] * 3
    assert await tokens.token("E1", "T9", "U3") == "xoxp-3"  # in whichever workspace of the organisation
    assert await tokens.token("E2", "T9", "U3") is None
    await store.async_save(installation("T1", user="U1"))  # who installs the app anew has taken nothing back
    assert await tokens.token(None, "T1", "U1") == "xoxp-1"
    async with engine.begin() as connection:  # somebody who can write to the store gives one person's token to another
        await connection.execute(text("DELETE FROM slack_installation WHERE \"user\" = 'U2'"))
        await connection.execute(text("UPDATE slack_installation SET \"user\" = 'U2' WHERE \"user\" = 'U1'"))
    assert await tokens.token(None, "T1", "U2") is None
    await tokens.forget("E1", "T9", "U3")
    assert await tokens.token("E1", "T9", "U3") is None


@pytest.mark.parametrize("left_s", [600, -5])
async def test_a_persons_token_is_renewed_by_whichever_process_is_first(
    engine: AsyncEngine, store: SqlInstallationStore, slack: FakeSlack, left_s: int
) -> None:
    ada = slack.world.user("U1")
    old, until = slack.world.reader(ada), int(time.time()) + left_s
    await store.async_save(
        installation(user="U1", user_token=old, user_refresh_token="xoxe-1-U1", user_token_expires_at=until)
    )
    processes = [reading(SqlInstallationStore(engine, Vault(KEY), CLIENT_ID), slack) for _ in range(3)]
    got = await asyncio.gather(*(process.token(None, "T1", "U1") for process in processes))
    assert len(slack.called("oauth.v2.access")) == 1
    (now,) = (token for token in slack.world.readers if token.startswith("xoxp"))
    assert now in got
    assert set(got) <= {now, old if left_s > 0 else None}
    assert await processes[1].token(None, "T1", "U1") == now
    slack.world.readers.clear()  # Slack renews it no more
    await store.async_save(
        installation(user="U1", user_token=now, user_refresh_token="xoxe-1-U1", user_token_expires_at=until)
    )
    assert await processes[2].token(None, "T1", "U1") == (now if left_s > 0 else None)


def flow(store: SqlInstallationStore, engine: AsyncEngine, slack: FakeSlack, allowed: Allowed) -> InstallFlow:
    return install_flow(
        client_id=CLIENT_ID, client_secret=CLIENT_SECRET, redirect_url=f"https://parley.example{REDIRECT_PATH}",
        store=store, states=SqlStateStore(engine), client=AsyncWebClient(base_url=slack.url), allowed=allowed,
    )  # fmt: skip


def browser(flow: InstallFlow) -> httpx.AsyncClient:
    app = Starlette(routes=install_routes(flow))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="https://parley.example")


async def comes_back(one: httpx.AsyncClient, slack: FakeSlack, team: str, state: str = "") -> httpx.Response:
    """The administrator presses the button, agrees at Slack, and is sent back."""
    page = await one.get(INSTALL_PATH)
    address = next(part for part in page.text.split('"') if "authorize?" in part).replace("&amp;", "&")
    asked = parse_qs(urlsplit(address).query)
    assert asked["scope"] == [",".join(bot_scopes())]
    slack.world.codes["code-1"] = team
    return await one.get(REDIRECT_PATH, params={"code": "code-1", "state": state or asked["state"][0]})


async def test_an_administrator_installs_the_app(
    store: SqlInstallationStore, engine: AsyncEngine, slack: FakeSlack
) -> None:
    async with browser(flow(store, engine, slack, lambda _, team: True)) as one:
        assert (await comes_back(one, slack, "T5")).status_code == 200
        assert await token_source(store, slack).token(None, "T5") == slack.world.team("T5").token
        assert (await comes_back(one, slack, "T6", state="forged")).status_code >= 400
        assert await token_source(store, slack).token(None, "T6") is None
    async with browser(flow(store, engine, slack, lambda _, team: True)) as other:  # without the first one's cookie
        await one_state(other, slack)


async def one_state(other: httpx.AsyncClient, slack: FakeSlack) -> None:
    answer = await other.get(REDIRECT_PATH, params={"code": "code-1", "state": "of somebody else"})
    assert answer.status_code == 400


async def test_a_workspace_that_is_not_listed_is_refused(
    store: SqlInstallationStore, engine: AsyncEngine, slack: FakeSlack
) -> None:
    async with browser(flow(store, engine, slack, lambda _, team: team == "T1")) as one:
        answer = await comes_back(one, slack, "T9")
    assert answer.status_code == 500
    assert await token_source(store, slack).token(None, "T9") is None
    assert slack.called("auth.revoke")
    assert not slack.world.team("T9").tokens
    assert not await rows(engine)
