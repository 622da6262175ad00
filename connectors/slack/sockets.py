"""Socket Mode: Slack tells over a connection that the app opens, so that no address of ours need be reachable."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeAlias

import aiohttp
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError

from agent.errors import SettingsError

_Ask: TypeAlias = Callable[[], Coroutine[Any, Any, str]]
_PING_S = 5.0
_FIRST_S, _LAST_S = 1.0, 60.0
_LOG = logging.getLogger(__name__)
_AWAY = (aiohttp.ClientError, OSError, TimeoutError, AttributeError)
"""The last is what Slack's library makes of a page in place of an answer: a proxy's, or one to sign in at."""


@asynccontextmanager
async def listening(app: AsyncApp, app_token: str) -> AsyncIterator[None]:
    """Connected, and connected again whenever the connection breaks, for as long as this is open.

    Raises SettingsError at the start where Slack refuses the token.
    """
    handler = AsyncSocketModeHandler(app, app_token, logger=_of_client(), ping_interval=_PING_S)
    client = handler.client
    ask = patient(client.issue_new_wss_url)
    client.issue_new_wss_url = ask  # type: ignore[method-assign]
    try:
        client.wss_uri = await _first(ask)
        await handler.connect_async()  # type: ignore[no-untyped-call]
        yield
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call]


async def _first(ask: _Ask) -> str:
    try:
        return await ask()
    except SlackApiError as error:
        raise SettingsError(
            f"Slack refuses PARLEY_SLACK__APP_TOKEN ({error.response['error']}): copy the app-level token anew (docs/slack.md)"
        ) from error


def patient(ask: _Ask, first_s: float = _FIRST_S) -> _Ask:
    """`ask`, asked again while Slack can't be reached, after ever longer pauses; said once, and once that it is back."""

    async def asked() -> str:
        pause = 0.0
        while True:
            try:
                address = await ask()
            except _AWAY as error:
                if not pause:
                    _LOG.warning(
                        "Slack can't be reached (%s); trying again until it can", error or type(error).__name__
                    )
                pause = min(2 * pause or first_s, _LAST_S)
                await asyncio.sleep(pause)
                continue
            if pause:
                _LOG.warning("Slack is reached again")
            return address

    return asked


def _of_client() -> logging.Logger:
    """What Slack's library tells of the connection: in lines, as where in it a loss was noticed helps nobody."""
    log = logging.getLogger(f"{__name__}.client")
    log.addFilter(_without_trace)
    log.setLevel(logging.WARNING)
    return log


def _without_trace(record: logging.LogRecord) -> bool:
    record.exc_info = record.exc_text = None
    return True
