"""A network on loopback that can be cut: passes bytes on to a server, until it is told not to."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress


class WeakNetwork:
    """A TCP proxy before a server's port. cut: connections break and new ones are refused; mend: they pass again."""

    def __init__(self, target_port: int) -> None:
        self._target = target_port
        self._server: asyncio.Server | None = None
        self._running: set[asyncio.Task[None]] = set()
        self._writers: set[asyncio.StreamWriter] = set()
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def mend(self) -> None:
        """Connections pass (again), at the same port as before."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def cut(self) -> None:
        """Breaks all, at once, in the middle of whatever is being said."""
        if self._server is None:
            return
        self._server.close()
        for writer in tuple(self._writers):
            writer.transport.abort()
        for task in tuple(self._running):
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        await self._server.wait_closed()
        self._server = None

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._running.add(task)
        self._writers.add(writer)
        other: asyncio.StreamWriter | None = None
        try:
            with suppress(OSError, asyncio.CancelledError):  # a cut ends it here
                answers, other = await asyncio.open_connection("127.0.0.1", self._target)
                self._writers.add(other)
                async with asyncio.TaskGroup() as both:
                    both.create_task(_pass(reader, other))
                    both.create_task(_pass(answers, writer))
        finally:
            for one in (writer, other):
                if one is not None:
                    self._writers.discard(one)
                    one.close()
            self._running.discard(task)


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    with suppress(OSError):
        if writer.can_write_eof():
            writer.write_eof()


@asynccontextmanager
async def weak_network(target_port: int) -> AsyncIterator[WeakNetwork]:
    """A network that passes all on, for now."""
    network = WeakNetwork(target_port)
    await network.mend()
    try:
        yield network
    finally:
        await network.cut()
