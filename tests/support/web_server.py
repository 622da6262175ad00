"""The HTTP API over a scripted turn, served on loopback within the test."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import uvicorn

from agent.conversations import Conversations
from agent.store.database import close_engine, open_engine
from connectors.web.app import create_app
from tests.support.scripted_runner import EchoPhrases, ScriptedRunner

KEY = "server-key"


@asynccontextmanager
async def serving(folder: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a server over a database in the folder."""
    engine = await open_engine(f"sqlite+aiosqlite:///{folder / 'parley.db'}")
    try:
        async with Conversations.open(engine, ScriptedRunner(), EchoPhrases()) as conversations:
            app = create_app(conversations, api_key=KEY, suggestions=lambda language: (f"ask {language}",))
            config = uvicorn.Config(app, "127.0.0.1", 0, log_level="critical", timeout_graceful_shutdown=1)
            server = uvicorn.Server(config)
            task = asyncio.create_task(server.serve())
            while not server.started:
                await asyncio.sleep(0.01)
            port = server.servers[0].sockets[0].getsockname()[1]
            try:
                async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=20) as client:
                    yield client
            finally:
                server.should_exit = True
                await task
    finally:
        await close_engine(engine)
