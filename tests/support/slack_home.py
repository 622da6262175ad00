"""A whole home behind the fake Slack, and the modes in which it can be told."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest
from fastapi import FastAPI

from agent.conversations import Conversations
from agent.settings import Settings
from connectors.slack.mounting import open_slack
from connectors.slack.serving import slack_mounted
from tests.support.slack_connector import served, tells
from tests.support.slack_server import FakeSlack

HTTP = pytest.mark.parametrize("slack", ["http"], indirect=True)
"""For tests of what there is over HTTP alone, such as signatures."""
SOCKET = pytest.mark.parametrize("slack", ["socket"], indirect=True)
"""For tests of what there is over a socket alone, such as its reconnecting."""


@asynccontextmanager
async def open_home(slack: FakeSlack, conversations: Conversations, settings: Settings) -> AsyncIterator[FastAPI]:
    """A home behind the fake, as `parley serve` or `parley slack` opens it; with the pages that the former serves."""
    app = FastAPI()
    async with AsyncExitStack() as stack:
        if slack.mode == "http":
            await stack.enter_async_context(slack_mounted(app, conversations, settings))
            slack.delivery.request_url = await stack.enter_async_context(served(app))
        else:
            mounted = await stack.enter_async_context(open_slack(conversations, settings))
            app.router.routes.extend(mounted.routes)
            await stack.enter_async_context(tells(slack, mounted.app))
        yield app
