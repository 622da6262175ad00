"""What this process works on: taken by a lease, kept as long as it lives, let go when it is done."""

import asyncio
import logging
from collections.abc import Callable

from agent.store.leases import RENEW_S, Leases

_LOG = logging.getLogger(__name__)


class Holding:
    """The conversations held over one table of leases.

    lost: called with what another process has taken over, as this one was too slow to be heard of: work on it must stop.
    """

    def __init__(self, leases: Leases, lost: Callable[[str], None]) -> None:
        self._leases = leases
        self._lost = lost
        self._held: set[str] = set()

    def __contains__(self, conversation_id: str) -> bool:
        return conversation_id in self._held

    async def take(self, conversation_id: str) -> bool:
        """Whether this process works on it from now on; another one that lives keeps it."""
        if not await self._leases.take(conversation_id):
            return False
        self._held.add(conversation_id)
        return True

    async def let_go(self, conversation_id: str) -> None:
        """Lets others work on it; nothing where it was lost."""
        if conversation_id in self._held:
            self._held.discard(conversation_id)
            await self._leases.release([conversation_id])

    async def keep(self) -> None:
        """Renews what is held, until it is cancelled."""
        while True:
            await asyncio.sleep(RENEW_S)
            try:
                lost = await self._leases.renew(self._held) if self._held else set()
            except Exception:  # noqa: BLE001 - the rim: a store that fails now is asked again
                _LOG.warning("keeping the conversations under way failed", exc_info=True)
                continue
            for conversation_id in lost & self._held:
                _LOG.error("conversation %s was taken over by another process", conversation_id)
                self._held.discard(conversation_id)
                self._lost(conversation_id)

    async def close(self) -> None:
        """Lets all go, and takes nothing more."""
        await self._leases.close(self._held)
