"""Slack that can't be reached: said once, tried again after ever longer pauses, and no trace of the library."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

import aiohttp
import pytest
from slack_bolt.async_app import AsyncApp

from agent.errors import SettingsError
from connectors.slack.sockets import listening, patient
from tests.support.slack_server import FakeSlack


def failing(times: int, error: Exception) -> Callable[[], Coroutine[Any, Any, str]]:
    left = iter([error] * times)

    async def ask() -> str:
        if (one := next(left, None)) is not None:
            raise one
        return "wss://slack"

    return ask


@pytest.mark.parametrize("error", [aiohttp.ClientConnectionError("no route"), OSError("no network"), TimeoutError()])
async def test_it_is_told_once_and_asked_until_it_answers(caplog: pytest.LogCaptureFixture, error: Exception) -> None:
    assert await patient(failing(4, error), first_s=0.001)() == "wss://slack"
    assert [line.getMessage().split(" (")[0] for line in caplog.records] == [
        "Slack can't be reached",
        "Slack is reached again",
    ]
    assert not any(line.exc_info for line in caplog.records)


async def test_nothing_is_told_where_it_answers(caplog: pytest.LogCaptureFixture) -> None:
    assert await patient(failing(0, OSError()))() == "wss://slack"
    assert not caplog.records


async def test_a_start_without_network_leaves_nothing_open_and_no_trace(caplog: pytest.LogCaptureFixture) -> None:
    app = AsyncApp(token="xoxb-1", request_verification_enabled=False)
    app.client.base_url = "http://127.0.0.1:9/api/"
    caplog.set_level(logging.INFO)

    async def start() -> None:
        async with listening(app, "xapp-1"):
            raise AssertionError("it is not connected")

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(start(), 2)
    assert sum("can't be reached" in line.getMessage() for line in caplog.records) == 1
    assert not any(line.exc_info for line in caplog.records)


async def test_a_token_that_slack_refuses_is_named(slack: FakeSlack) -> None:
    app = AsyncApp(token="xoxb-1", request_verification_enabled=False)
    app.client.base_url = slack.url
    with pytest.raises(SettingsError, match="PARLEY_SLACK__APP_TOKEN"):
        async with listening(app, "xapp-wrong"):
            pass
