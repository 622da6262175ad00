"""The connector over a home's settings, for `parley slack` and `parley serve` alike."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from agent.conversations import Conversations
from agent.home import Home
from agent.homes import load_suggestions
from agent.settings import Settings
from connectors.slack.connector import Options, SlackConnector
from connectors.slack.workspaces import OneWorkspace


@asynccontextmanager
async def open_slack(conversations: Conversations, settings: Settings) -> AsyncIterator[SlackConnector]:
    """A running connector."""
    home, slack = Home(settings.home), settings.slack
    api_url = slack.api_url.rstrip("/") + "/"
    options = Options(
        api_url=api_url,
        uploads=settings.widget.uploads,
        suggestions=lambda language: load_suggestions(home, language),
        editors=tuple(slack.editors),
    )
    token = slack.bot_token.get_secret_value()
    async with SlackConnector.open(
        conversations, lambda session: OneWorkspace(token, api_url, session), options
    ) as connector:
        yield connector
