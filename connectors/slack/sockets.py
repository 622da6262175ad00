"""Socket Mode: Slack tells over a connection that the app opens, so that no address of ours need be reachable."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp

_PING_S = 5.0


@asynccontextmanager
async def listening(app: AsyncApp, app_token: str) -> AsyncIterator[None]:
    """Connected, and connected again whenever the connection breaks, for as long as this is open."""
    handler = AsyncSocketModeHandler(app, app_token, ping_interval=_PING_S)
    await handler.connect_async()  # type: ignore[no-untyped-call]
    try:
        yield
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call]
