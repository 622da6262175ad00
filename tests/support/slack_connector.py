"""The Slack connector over a scripted turn, in either mode, against the fake Slack."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from slack_bolt.async_app import AsyncApp

from agent.conversations import Conversations
from agent.ports import Picker, TurnRunner
from agent.store.database import close_engine, open_engine
from connectors.slack.answers import Pace
from connectors.slack.blocks.home import HomeShown, shown_home
from connectors.slack.connector import Options, SlackConnector, TokensOver
from connectors.slack.http import PATH, slack_router
from connectors.slack.sockets import listening
from connectors.slack.workspaces import OneWorkspace
from tests.support.scripted_runner import DIGESTS, EchoPhrases, ScriptedRunner
from tests.support.slack_delivery import SIGNING_SECRET
from tests.support.slack_server import APP_TOKEN, FakeSlack

QUICK = Options(
    home=shown_home(HomeShown(articles=0, topics=(), settings=lambda language: ())),
    settle_s=0.03,
    sweep_s=0.3,
    left_s=1.0,
    pause_s=0.02,
    patience_s=0.05,
    pace=Pace(first_s=0.01, stream_s=0.02, edit_s=0.03),
)


@dataclass
class Running:
    """A connector that runs. url: where Slack tells it, in HTTP mode."""

    conversations: Conversations
    connector: SlackConnector
    url: str = ""


@asynccontextmanager
async def conversations_in(
    url: str, runner: TurnRunner | None = None, files: Path | None = None, picker: Picker | None = None
) -> AsyncIterator[Conversations]:
    """Conversations over a scripted turn."""
    engine = await open_engine(url)
    try:
        async with Conversations(
            engine, runner or ScriptedRunner(), EchoPhrases(), digests=DIGESTS, files=files, picker=picker
        ).running() as conversations:
            yield conversations
            conversations.events.end()
    finally:
        await close_engine(engine)


@asynccontextmanager
async def connected(
    slack: FakeSlack,
    store: str,
    *,
    options: Options = QUICK,
    runner: TurnRunner | None = None,
    files: Path | None = None,
    tokens: TokensOver | None = None,
    picker: Picker | None = None,
) -> AsyncIterator[Running]:
    """A connector of the workspace T1, or of those that have tokens."""
    token = slack.world.team("T1").token
    options = replace(options, api_url=slack.url)
    async with (
        conversations_in(store, runner, files, picker) as conversations,
        SlackConnector.open(
            conversations, tokens or (lambda session: OneWorkspace(token, slack.url, session)), options
        ) as connector,
        tells(slack, connector.app) as url,
    ):
        yield Running(conversations, connector, url)


@asynccontextmanager
async def tells(slack: FakeSlack, app: AsyncApp) -> AsyncIterator[str]:
    """Slack tells an app what happens, in its mode; the address to which it does, "" over a socket."""
    if slack.mode == "http":
        api = FastAPI()
        api.include_router(slack_router(app, SIGNING_SECRET))
        async with served(api) as url:
            slack.delivery.request_url = url
            yield url
        return
    others = len(slack.delivery.sockets)
    async with listening(app, APP_TOKEN):
        await slack.until(lambda: len(slack.delivery.sockets) > others)
        yield ""


@asynccontextmanager
async def served(app: FastAPI) -> AsyncIterator[str]:
    """The address to which Slack tells what happens."""
    config = uvicorn.Config(app, "127.0.0.1", 0, log_level="critical", timeout_graceful_shutdown=1, lifespan="off")
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.005)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}{PATH}"
    finally:
        server.should_exit = True
        await running
