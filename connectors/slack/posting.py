"""Posts a message once, as far as Slack lets anyone: written down before, looked for where nobody knows whether it came.

A message carries in its metadata what it shows. Slack has no other way to ask whether a post arrived, and a stream has no
metadata before its end: one that was begun by a process which died at that moment is known by being nobody's.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from slack_sdk.webhook.async_client import AsyncWebhookClient

from connectors.slack.threads import Post, Posts, Thread, original
from connectors.slack.workspaces import GONE, TRANSPORT, Workspace, courtesy, error_name, is_unsure

_LOG = logging.getLogger(__name__)
_ATTEMPTS = 4
_PAUSE_S = 0.3
EVENT_TYPE = "parley_answer"

Send = Callable[[], Awaitable[AsyncSlackResponse]]


class Undeliverable(Exception):
    """Slack refuses this message for good: the channel is gone or archived, the app not in it, the message unfit."""


class Posting:
    """Posts into one thread."""

    def __init__(self, thread: Thread, workspace: Workspace, posts: Posts) -> None:
        self.thread = thread
        self.workspace = workspace
        self._posts = posts

    def metadata(self, key: str) -> dict[str, Any]:
        """What a message carries to be known by."""
        return {"event_type": EVENT_TYPE, "event_payload": {"shows": f"{self.thread.conversation_id} {key}"}}

    async def peek(self, key: str) -> Post | None:
        """How the message that shows `key` stands, as far as it was written down."""
        return await self._posts.get(self.thread.conversation_id, key)

    async def begun(self, key: str) -> Post | None:
        """How the message that shows `key` stands, looked for in Slack where nobody knows; None where there is none."""
        post = await self.peek(key)
        if post is None or post.ts or post.done:
            return post
        ts = await self._look_for(key, post.question)
        if ts is None:
            return None
        return await self.note(Post(key=key, question=post.question, ts=ts))

    async def note(self, post: Post) -> Post:
        """Writes down how it stands."""
        await self._posts.put(self.thread.conversation_id, post)
        return post

    async def once(self, key: str, question: str, send: Send) -> Post:
        """Sends it and writes down its time stamp; what may have arrived is looked for before it is sent again.

        Raises Undeliverable, or what Slack raised where it goes on refusing.
        """
        await self.note(Post(key=key, question=question))
        try:
            ts = await surely(send, lambda: self._look_for(key, question))
        except (SlackClientError, *TRANSPORT) as error:
            if is_unsure(error):
                raise
            raise refusal(error) from error
        return await self.note(Post(key=key, question=question, ts=ts))

    async def tell_asker(self, text: str) -> None:
        """Tells who asked, alone, where an address for that came with the question."""
        if self.thread.response_url:
            webhook = AsyncWebhookClient(self.thread.response_url, session=self.workspace.client.session)
            await courtesy(lambda: webhook.send(text=text, response_type="ephemeral"))

    async def _look_for(self, key: str, question: str) -> str | None:
        """The message that shows `key`, or a stream that nobody knows of; None where Slack has neither, or does not say."""
        known = {post.ts for post in await self._posts.all_of(self.thread.conversation_id)}
        try:
            found = await self.workspace.client.conversations_replies(
                channel=self.thread.channel,
                ts=self.thread.thread,
                include_all_metadata=True,
                oldest=original(question) or self.thread.thread,
                limit=200,
            )
        except (SlackClientError, *TRANSPORT) as error:
            _LOG.warning("Slack does not say what arrived: %s", error_name(error) or type(error).__name__)
            return None
        shows = self.metadata(key)["event_payload"]["shows"]
        streams = []
        for message in found["messages"]:
            if message.get("bot_id") != self.workspace.bot_id:
                continue
            payload = (message.get("metadata") or {}).get("event_payload") or {}
            if payload.get("shows") == shows:
                return str(message["ts"])
            if not payload and message["ts"] not in known:
                streams.append(str(message["ts"]))
        return streams[0] if streams else None


async def surely(send: Send, look: Callable[[], Awaitable[str | None]]) -> str:
    """Sends a message: its time stamp. look: finds one that may have arrived, before it is sent again.

    Raises what Slack goes on to raise.
    """
    for attempt in range(_ATTEMPTS):
        try:
            return str((await send())["ts"])
        except (SlackClientError, *TRANSPORT) as error:
            if not is_unsure(error):
                raise
            _LOG.warning("Slack did not confirm a message: %s", error_name(error) or type(error).__name__)
            if attempt == _ATTEMPTS - 1:
                raise
        if (found := await look()) is not None:
            return found
        await asyncio.sleep(_PAUSE_S * 2**attempt)
    raise AssertionError("unreachable")


def refusal(error: BaseException) -> BaseException:
    """Undeliverable, unless Slack may take it later, or the workspace has taken the app away."""
    name = error_name(error)
    return error if name in {"", "ratelimited", *GONE} else Undeliverable(name)
