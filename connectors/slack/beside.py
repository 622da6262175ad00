"""What is shown beside a conversation: that a message was seen and what it shows, what is resolved, and what it is about."""

import asyncio
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from agent.types import DecisionKind, Event, EventType
from connectors.slack.reacting import Reacting
from connectors.slack.rendering import clip
from connectors.slack.threads import Surface, Thread, original
from connectors.slack.workspaces import Workspace, courtesy

SEEN, RESOLVED = "eyes", "white_check_mark"
_TITLE = 200
_ENDS_S = 2.0  # how long what is under way is waited for in the end
_FRESH = timedelta(seconds=30)  # what a process that died left is old news
_CLEAR = frozenset({DecisionKind.ANSWER.value, DecisionKind.ACT.value, DecisionKind.FLOW.value})
"""Decisions after which it is clear what somebody wants."""


class Beside:
    """Of one thread. Nothing waits for it, and nothing is lost where Slack does not take it."""

    def __init__(self, thread: Thread, workspace: Workspace, reacting: Reacting) -> None:
        self._reacting = reacting
        self._thread = thread
        self._workspace = workspace
        self._under_way: set[asyncio.Task[None]] = set()

    async def close(self) -> None:
        """Waits for what is under way, but not long."""
        if self._under_way:
            _, late = await asyncio.wait(self._under_way, timeout=_ENDS_S)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def received(self, message: Event) -> None:
        """Shows in a channel that a message was seen; what was pressed or changed is none."""
        ts = str(message.data.get("client_id", ""))
        if ts == original(ts):
            self._do(mark(self._thread, self._workspace, ts, SEEN))

    def understood(self, event: Event, asked: str, text: str) -> None:
        """Puts an emoji that suits it on a message that somebody wrote, once. asked: its id; text: what it says."""
        fresh = event.at > datetime.now(UTC) - _FRESH
        if asked == original(asked) and fresh and self._thread.surface is not Surface.PRIVATE:
            self._do(self._react(event, asked, text))

    async def _react(self, event: Event, ts: str, text: str) -> None:
        name = await self._reacting.choose(text, event.data)
        if name is not None:
            await courtesy(partial(_add, self._workspace, self._thread.channel, ts, name))

    def settled(self) -> None:
        """Shows that what the asker agreed to was done."""
        self._do(mark(self._thread, self._workspace, self._thread.thread, RESOLVED))

    def closed(self) -> None:
        """Shows that a person has ended it."""
        self._do(mark(self._thread, self._workspace, self._thread.thread, RESOLVED))

    def answered(self, events: list[Event], n: int, question: str) -> None:
        """Gives the conversation its title anew where its first message did not say what it is about.

        events: the conversation's; n: number of the reply; question: what it answers, as it was understood.
        """
        replies = [one for one in events if one.type is EventType.REPLY_COMPLETED and one.n <= n]
        clear = [one for one in replies if one.data.get("decision") in _CLEAR]
        if self._thread.surface is Surface.PRIVATE or not question or len(replies) < 2:
            return  # the first message is the title already
        if [one.n for one in clear] == [n]:
            self._do(courtesy(partial(self._rename, clip(question, _TITLE))))

    async def _rename(self, title: str) -> None:
        await self._workspace.client.agents_sessions_rename(
            channel_id=self._thread.channel, thread_ts=self._thread.thread, title=title
        )

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)


async def mark(thread: Thread, workspace: Workspace, ts: str, name: str) -> None:
    """Puts a mark on a message in a channel; elsewhere an answer says enough."""
    if thread.surface is Surface.CHANNEL:
        await courtesy(partial(_add, workspace, thread.channel, ts, name))


async def _add(workspace: Workspace, channel: str, ts: str, name: str) -> None:
    await workspace.client.reactions_add(channel=channel, timestamp=ts, name=name)


async def unmark(thread: Thread, workspace: Workspace, ts: str, name: str) -> None:
    """Takes it away again."""
    if thread.surface is Surface.CHANNEL:
        await courtesy(partial(workspace.client.reactions_remove, channel=thread.channel, timestamp=ts, name=name))
