"""What happens in a turn, gathered and written behind the turn's back."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress

from agent.store.event_log import Happened
from agent.types import EventType, JsonValue

_PAUSE_S = 0.05  # between two transactions; what happens meanwhile goes into the second


class Gathering:
    """Writes events in their order, those together that happen within a twentieth of a second.

    The first words of a reply wait for nothing but the transaction under way. write: adds events to the log. Close it
    with `close`.
    """

    def __init__(self, write: Callable[[Sequence[Happened]], Awaitable[object]]) -> None:
        self._write = write
        self._waiting: list[Happened] = []
        self._spoken = False
        self._hurry = asyncio.Event()
        self._due = 0.0  # from when on the next transaction may begin, by the loop's clock
        self._writing = asyncio.Lock()
        self._writer: asyncio.Task[None] | None = None

    def put(self, type: EventType, data: Mapping[str, JsonValue]) -> None:
        """Lets an event be written soon. Raises what went wrong with an earlier one."""
        if type is EventType.REPLY_DELTA and not self._spoken:
            self._spoken = True
            self._hurry.set()
        self._waiting.append((type, data))
        if self._writer is not None and self._writer.done():
            self._writer.result()
            self._writer = None
        if self._writer is None:
            self._writer = asyncio.create_task(self._work())

    def written(self) -> None:
        """Counts a transaction that somebody else has just written for the turn."""
        self._due = asyncio.get_running_loop().time() + _PAUSE_S

    async def rest(self) -> list[Happened]:
        """What is not written yet, and now will not be. Raises what went wrong with an earlier event."""
        async with self._writing:
            waiting, self._waiting = self._waiting, []
        if self._writer is not None and self._writer.done():
            self._writer.result()
        return together(waiting)

    async def close(self) -> None:
        """Comes to an end with the transaction under way; what waits is left for `rest`."""
        if self._writer is not None:
            writer, self._writer = self._writer, None
            writer.cancel()
            await asyncio.gather(writer, return_exceptions=True)

    async def _work(self) -> None:
        while self._waiting:
            with suppress(TimeoutError):
                async with asyncio.timeout_at(self._due):
                    await self._hurry.wait()
            self._hurry.clear()
            async with self._writing:
                waiting, self._waiting = self._waiting, []
                if waiting:  # `rest` may have been first, and taken them
                    await self._write(together(waiting))
                    self.written()


def together(happened: Sequence[Happened]) -> list[Happened]:
    """The same events, pieces of a text that follow each other as one piece."""
    found: list[Happened] = []
    for kind, data in happened:
        if found and _is_piece(kind, data) and _is_piece(*found[-1]):
            found[-1] = (kind, {**data, "text": f"{found[-1][1]['text']}{data['text']}"})
        else:
            found.append((kind, data))
    return found


def _is_piece(kind: EventType, data: Mapping[str, JsonValue]) -> bool:
    """Whether it goes on with the text, and does not begin it anew."""
    return kind is EventType.REPLY_DELTA and not data.get("reset")
