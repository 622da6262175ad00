"""Lets so many requests at a model server run at once, and the conversations take turns in waiting."""

import asyncio
from collections import OrderedDict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import perf_counter


class FairQueue:
    """A limit on requests at once. Who waits is served conversation by conversation, each in order of arrival.

    A conversation that sends many requests waits behind its own, not others behind it.
    """

    def __init__(self, at_once: int) -> None:
        self._free = at_once
        self._waiting: OrderedDict[object, deque[asyncio.Future[None]]] = OrderedDict()

    @asynccontextmanager
    async def place(self, conversation_id: str) -> AsyncIterator[float]:
        """A place for the length of the block; gives the milliseconds waited for it. "" is a conversation of its own."""
        began = perf_counter()
        await self._take(conversation_id or object())
        try:
            yield (perf_counter() - began) * 1000
        finally:
            self._give()

    @property
    def waiting(self) -> int:
        """How many wait."""
        return sum(map(len, self._waiting.values()))

    async def _take(self, key: object) -> None:
        if self._free and not self._waiting:
            self._free -= 1
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(key, deque()).append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._give()  # the place came as the request was given up
            else:
                self._forget(key, turn)
            raise

    def _forget(self, key: object, turn: asyncio.Future[None]) -> None:
        own = self._waiting[key]
        own.remove(turn)
        if not own:
            del self._waiting[key]

    def _give(self) -> None:
        """Passes the place on: to the conversation that has waited longest since it was last served."""
        while self._waiting:
            key, own = self._waiting.popitem(last=False)
            turn = own.popleft()
            if own:
                self._waiting[key] = own
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1
