"""The least of an HTTP server that a scripted model needs: bodies of JSON in, whatever bytes out."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

Answer = Callable[[asyncio.StreamWriter, dict[str, Any]], Awaitable[None]]


async def serve_requests(answer: Answer, ports: Any) -> None:
    """Serves on a free port, told to `ports`, until it is cancelled. answer: writes the answer to a body, head and all."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                await answer(writer, await _body(reader))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0, backlog=1024)
    ports.put(server.sockets[0].getsockname()[1])
    await server.serve_forever()


async def _body(reader: asyncio.StreamReader) -> dict[str, Any]:
    head = (await reader.readuntil(b"\r\n\r\n")).lower().split(b"\r\n")
    length = next(int(line.split(b":")[1]) for line in head if line.startswith(b"content-length"))
    body: dict[str, Any] = json.loads(await reader.readexactly(length))
    return body
