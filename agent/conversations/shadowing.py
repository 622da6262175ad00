"""Asks the shadow, a bundle on trial that does not speak, about each turn that is over, and records what it says."""

import asyncio
import logging

from agent.errors import UnknownConversation
from agent.ports import EventLog, Shadow
from agent.types import EventType, Understanding

_LOG = logging.getLogger(__name__)
_MOST = 32  # opinions under way; a trial can do without those of a rush


class Shadowing:
    """Work beside the turns: it begins when a turn's reply is out, and what goes wrong in it is logged and forgotten."""

    def __init__(self, events: EventLog, shadow: Shadow | None) -> None:
        self._events = events
        self._shadow = shadow
        self._asked: set[asyncio.Task[None]] = set()
        self.dropped = 0

    def note(self, conversation_id: str, message: int, understanding: Understanding) -> None:
        """Asks for a second opinion about a turn and returns at once; a rush is not asked about."""
        if self._shadow is None:
            return
        if len(self._asked) >= _MOST:
            self.dropped += 1
            return
        task = asyncio.create_task(self._ask(self._shadow, conversation_id, message, understanding))
        self._asked.add(task)
        task.add_done_callback(self._asked.discard)

    async def shut_down(self) -> None:
        """Gives up what is under way."""
        tasks = tuple(self._asked)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _ask(self, shadow: Shadow, conversation_id: str, message: int, understanding: Understanding) -> None:
        try:
            opinion = await shadow.second_opinion(understanding)
            if opinion is not None:
                await self._events.append(conversation_id, EventType.TURN_SHADOWED, {**opinion, "message": message})
        except UnknownConversation:  # deleted meanwhile
            return
        except Exception:  # noqa: BLE001 - the rim: a trial must not disturb anybody
            _LOG.warning("a shadow's opinion was lost", exc_info=True)
