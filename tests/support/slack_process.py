"""The Slack connector over a scripted turn in a process of its own: `python -m tests.support.slack_process STORE API TOKEN`."""

import asyncio
import logging
import sys
from dataclasses import replace

from connectors.slack.connector import SlackConnector
from connectors.slack.sockets import listening
from connectors.slack.workspaces import OneWorkspace
from tests.support.slack_connector import QUICK, conversations_in
from tests.support.slack_server import APP_TOKEN


async def main(store: str, api_url: str, token: str) -> None:
    """Answers until it is killed."""
    options = replace(QUICK, api_url=api_url)
    async with (
        conversations_in(store) as conversations,
        SlackConnector.open(conversations, lambda session: OneWorkspace(token, api_url, session), options) as connector,
        listening(connector.app, APP_TOKEN),
    ):
        await asyncio.Event().wait()


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING)
    asyncio.run(main(*sys.argv[1:4]))
