"""The support channel: every conversation that wants a person gets a thread there, told by one process at a time."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from agent.conversations import Conversations
from agent.store.holding import Holding
from agent.store.leases import Leases
from agent.types import Language
from connectors.slack.blocks.sealing import Seal
from connectors.slack.people.desks import Desk, Desks
from connectors.slack.people.tables import DeskRow
from connectors.slack.people.telling import DeskTelling
from connectors.slack.workspaces import Workspaces

_LOG = logging.getLogger(__name__)
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.5, 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportChannel:
    """Where people of the company are. language: theirs; None: that of each customer."""

    team: str
    channel: str
    enterprise: str | None = None
    language: Language | None = None


Locate = Callable[[], Awaitable[SupportChannel]]
"""Says where they are; asked when first somebody wants a person, and again where Slack does not answer."""


class Support:
    """The threads that this process tells. sweep_s: seconds between looks for what nobody tells."""

    def __init__(
        self,
        conversations: Conversations,
        workspaces: Workspaces,
        seal: Seal,
        locate: Locate,
        *,
        sweep_s: float = 1.0,
    ) -> None:
        self._conversations = conversations
        self._workspaces = workspaces
        self._seal = seal
        self._locate = locate
        self._channel: SupportChannel | None = None
        self._sweep_s = sweep_s
        self.desks = Desks(conversations.engine)
        self._held = Holding(Leases(conversations.engine, DeskRow), self._lost)
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

    async def _sweep(self) -> None:
        while True:
            try:
                for conversation_id in await self.desks.behind():
                    if conversation_id not in self._workers:
                        self._workers[conversation_id] = asyncio.create_task(self._work(conversation_id))
            except Exception:  # noqa: BLE001 - the rim: a store that fails now is asked again
                _LOG.warning("looking for who wants a person failed", exc_info=True)
            await asyncio.sleep(self._sweep_s)

    def _lost(self, conversation_id: str) -> None:
        """Another process tells it."""
        if (worker := self._workers.get(conversation_id)) is not None:
            worker.cancel()

    async def _work(self, conversation_id: str) -> None:
        """Tells one thread; where Slack or the store fails, again after a pause, for ever: a customer waits."""
        pause = _FIRST_PAUSE_S
        try:
            while True:
                try:
                    await self._take_and_tell(conversation_id)
                    return
                except Exception:  # noqa: BLE001 - the rim: nothing is forgotten, it stands in the store
                    _LOG.warning("telling the support channel failed; again in %.1f s", pause, exc_info=True)
                    await asyncio.sleep(pause)
                    pause = min(pause * 2, _LONGEST_PAUSE_S)
        finally:
            if self._workers.get(conversation_id) is asyncio.current_task():
                del self._workers[conversation_id]

    async def _take_and_tell(self, conversation_id: str) -> None:
        where = self._channel = self._channel or await self._locate()
        await self.desks.add(
            Desk(conversation_id=conversation_id, team=where.team, enterprise=where.enterprise, channel=where.channel)
        )
        if not await self._held.take(conversation_id):
            return  # another process tells it; the next look sees whether it did
        try:
            desk = await self.desks.get(conversation_id)
            workspace = await self._workspaces.of(desk.enterprise, desk.team) if desk else None
            if desk is None or workspace is None:
                _LOG.error("nobody is told that a customer waits: workspace %s does not have this app", where.team)
                await asyncio.sleep(_LONGEST_PAUSE_S)
                return
            await DeskTelling(self._conversations, self.desks, self._seal, workspace, where.language).run(desk)
        finally:
            await self._held.let_go(conversation_id)
