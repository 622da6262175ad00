"""HTTP mode within `parley serve`; what it needs is loaded only where Slack is set up."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from agent.conversations import Conversations
from agent.errors import SettingsError
from agent.settings import Settings


def serves_slack(settings: Settings) -> bool:
    """Whether `parley serve` takes Slack's requests. Raises SettingsError where only half of what it needs is set."""
    secret, token = settings.slack.signing_secret.get_secret_value(), settings.slack.bot_token.get_secret_value()
    if secret and not token and not settings.slack.client_id:
        raise SettingsError(
            "PARLEY_SLACK__BOT_TOKEN is not set, but PARLEY_SLACK__SIGNING_SECRET is: set both, or slack.client_id"
        )
    return bool(secret)


@asynccontextmanager
async def slack_mounted(app: FastAPI, conversations: Conversations, settings: Settings) -> AsyncIterator[None]:
    """The route at /slack/events, and what answers there."""
    from connectors.slack.http import slack_router
    from connectors.slack.mounting import open_slack

    async with open_slack(conversations, settings) as mounted:
        app.include_router(slack_router(mounted.app, settings.slack.signing_secret.get_secret_value()))
        app.router.routes.extend(mounted.routes)
        yield
