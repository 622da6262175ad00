"""So many at a time, in the order they came; whoever must not wait goes before all others."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class TakingTurns:
    """A lock with two queues, for one event loop. places: how many may hold it at the same time."""

    def __init__(self, places: int = 1) -> None:
        self._free = places
        self._first: deque[asyncio.Future[None]] = deque()
        self._others: deque[asyncio.Future[None]] = deque()

    @asynccontextmanager
    async def turn(self, *, first: bool = False) -> AsyncIterator[None]:
        """Holds the lock within the block. first: before all that wait now and are not first."""
        await self._take(self._first if first else self._others)
        try:
            yield
        finally:
            self._pass_on()

    async def _take(self, queue: deque[asyncio.Future[None]]) -> None:
        if self._free:
            self._free -= 1
            return
        waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        queue.append(waiting)
        try:
            await waiting
        except asyncio.CancelledError:
            if not waiting.cancelled():  # it was given the lock at the same moment
                self._pass_on()
            raise

    def _pass_on(self) -> None:
        for queue in (self._first, self._others):
            while queue:
                if not (waiting := queue.popleft()).done():
                    waiting.set_result(None)
                    return
        self._free += 1
