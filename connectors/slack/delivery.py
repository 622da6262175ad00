"""Tells Slack what happens in conversations: follows the event log from the last number told, in whichever process lives.

One process tells of a conversation at a time (a lease in the store). When it dies, another one goes on from the number that
was written down; what was begun but not confirmed is looked for in Slack before it is said again.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from agent.conversations import Conversations
from agent.store.holding import Holding
from agent.store.leases import Leases
from connectors.slack.tables import ThreadRow
from connectors.slack.telling import Telling
from connectors.slack.threads import Thread, Threads
from connectors.slack.workspaces import GONE, error_name

_LOG = logging.getLogger(__name__)
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.5, 30.0
_ELSEWHERE_S = 0.5
_AT_ONCE = 2  # conversations that are taken up at once: the store is for what is told, too

Tell = Callable[[Thread], Awaitable[Telling | None]]
"""Makes what tells a thread; None where its workspace has taken the app away."""


class Deliveries:
    """The deliveries of this process. sweep_s: seconds between looks for what nobody tells."""

    def __init__(
        self,
        conversations: Conversations,
        threads: Threads,
        telling: Tell,
        *,
        gone: Callable[[str | None, str], Awaitable[None]],
        sweep_s: float = 2.0,
    ) -> None:
        self._conversations = conversations
        self._threads = threads
        self._telling = telling
        self._gone = gone
        self._sweep_s = sweep_s
        self._held = Holding(Leases(conversations.engine, ThreadRow), self._lost)
        self._beginning = asyncio.Semaphore(_AT_ONCE)
        self._rung: set[str] = set()
        self._workers: dict[str, asyncio.Task[None]] = {}
        self._chores: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Goes on with what an earlier process, or another one, left untold."""
        self._chores = [asyncio.create_task(self._sweep()), asyncio.create_task(self._held.keep())]

    async def shut_down(self) -> None:
        """Leaves the rest to the next start, or to another process."""
        tasks: list[asyncio.Task[Any]] = [*self._chores, *self._workers.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._held.close()

    def wake(self, conversation_id: str) -> None:
        """Sees to it that what happens in the conversation is told."""
        self._rung.add(conversation_id)
        worker = self._workers.get(conversation_id)
        if worker is None or worker.done():
            self._workers[conversation_id] = asyncio.create_task(self._work(conversation_id))

    async def _sweep(self) -> None:
        while True:
            try:
                for conversation_id in await self._threads.behind():
                    if conversation_id not in self._workers:
                        self.wake(conversation_id)
            except Exception:  # noqa: BLE001 - the rim: a store that fails now is asked again
                _LOG.warning("looking for what Slack was not told failed", exc_info=True)
            await asyncio.sleep(self._sweep_s)

    def _lost(self, conversation_id: str) -> None:
        """Another process tells it."""
        if (worker := self._workers.get(conversation_id)) is not None:
            worker.cancel()

    async def _work(self, conversation_id: str) -> None:
        pause = _FIRST_PAUSE_S
        try:
            while conversation_id in self._rung:
                self._rung.discard(conversation_id)
                try:
                    await self._take_and_tell(conversation_id)
                except Exception as error:  # noqa: BLE001 - the rim: Slack or the store fails; nothing is forgotten
                    if error_name(error) in GONE:
                        await self._forget(conversation_id)
                        break
                    _LOG.warning("telling Slack failed; again in %.1f s", pause, exc_info=True)
                    self._rung.add(conversation_id)
                    await asyncio.sleep(pause)
                    pause = min(pause * 2, _LONGEST_PAUSE_S)
        finally:
            if self._workers.get(conversation_id) is asyncio.current_task():
                del self._workers[conversation_id]

    async def _take_and_tell(self, conversation_id: str) -> None:
        async with self._beginning:
            taken = await self._held.take(conversation_id)
        if not taken:
            await asyncio.sleep(_ELSEWHERE_S)
            if conversation_id in await self._threads.behind():
                self._rung.add(conversation_id)
            return
        try:
            thread = await self._threads.get(conversation_id)
            if thread is not None and (telling := await self._telling(thread)) is not None:
                await telling.run()
        finally:
            await self._held.let_go(conversation_id)

    async def _forget(self, conversation_id: str) -> None:
        """The workspace has taken the app away."""
        thread = await self._threads.get(conversation_id)
        if thread is not None:
            await self._gone(thread.enterprise, thread.team)
