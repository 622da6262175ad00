"""The HTTP API over a scripted turn, served on loopback within the test."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import uvicorn

from agent.conversations import Conversations
from agent.settings.web import ServerSettings, WidgetSettings
from agent.store.database import close_engine, open_engine
from connectors.web.app import create_app
from connectors.web.widget import Speaker
from tests.support.scripted_runner import DIGESTS, EchoPhrases, ScriptedRunner

KEY = "server-key"
MAX_FILES = 100_000


@asynccontextmanager
async def serving(
    folder: Path, widget: WidgetSettings | None = None, server: ServerSettings | None = None
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a server over a database in the folder, where its files lie, too."""
    engine = await open_engine(f"sqlite+aiosqlite:///{folder / 'parley.db'}")
    try:
        async with (
            Conversations(
                engine,
                ScriptedRunner(),
                EchoPhrases(),
                digests=DIGESTS,
                files=folder / "files",
                max_files_bytes=MAX_FILES,
            ).running() as conversations,
            serving_desk(conversations, widget, server) as client,
        ):
            yield client
    finally:
        await close_engine(engine)


@asynccontextmanager
async def serving_desk(
    conversations: Conversations, widget: WidgetSettings | None = None, server: ServerSettings | None = None
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a server over running conversations."""
    speaker = Speaker(suggestions=lambda language: (f"ask {language}",))
    app = create_app(conversations, api_key=KEY, speaker=speaker, server=server, widget=widget)
    config = uvicorn.Config(
        app, "127.0.0.1", 0, log_level="critical", timeout_graceful_shutdown=1, proxy_headers=False
    )  # fmt: skip
    running = uvicorn.Server(config)
    task = asyncio.create_task(running.serve())
    while not running.started:
        await asyncio.sleep(0.01)
    port = running.servers[0].sockets[0].getsockname()[1]
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=20) as client:
            yield client
    finally:
        conversations.events.end()
        running.should_exit = True
        await task
