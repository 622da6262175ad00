"""A model server on loopback that speaks OpenAI's wire protocol (chunked server-sent events) and misbehaves on demand."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

MODEL = "tiny-model"


@dataclass
class Connection:
    """One request and the way back to who sent it. `gone` is set as soon as the caller hangs up."""

    body: dict[str, Any]
    writer: asyncio.StreamWriter
    gone: asyncio.Event

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def answer(self, body: bytes, *, status: int = 200, kind: str = "application/json") -> None:
        """A whole response."""
        head = f"HTTP/1.1 {status} Scripted\r\ncontent-type: {kind}\r\ncontent-length: {len(body)}\r\n\r\n"
        await self.send(head.encode() + body)

    async def begin(self) -> None:
        """The head of a stream and the chunk that opens the message, as vLLM sends them."""
        await self.send(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n")
        await self.chunk({"role": "assistant", "content": ""})

    async def chunk(self, delta: dict[str, str], finish: str | None = None) -> None:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        head = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": MODEL}
        await self.event(json.dumps({**head, "choices": [choice]}))

    async def event(self, data: str) -> None:
        line = f"data: {data}\n\n".encode()
        await self.send(f"{len(line):x}\r\n".encode() + line + b"\r\n")

    async def end(self) -> None:
        await self.event("[DONE]")
        await self.send(b"0\r\n\r\n")


Behaviour = Callable[[Connection], Awaitable[None]]


def writes(pieces: Sequence[str], *, pause_s: float = 0.0, finish: str = "stop") -> Behaviour:
    """Streams these pieces, with a pause after each, and ends as a good server does."""

    async def behave(connection: Connection) -> None:
        await connection.begin()
        for piece in pieces:
            await connection.chunk({"content": piece})
            if pause_s:
                await asyncio.sleep(pause_s)
        await connection.chunk({}, finish)
        await connection.end()

    return behave


def says(text: str, *, finish: str = "stop", size: int = 3) -> Behaviour:
    """Streams the text in pieces of `size` characters and ends as a good server does."""
    return writes([text[start : start + size] for start in range(0, len(text), size)], finish=finish)


def hangs(after: str = "") -> Behaviour:
    """Says the text, then nothing more, until the caller gives up."""

    async def behave(connection: Connection) -> None:
        await connection.begin()
        if after:
            await connection.chunk({"content": after})
        await connection.gone.wait()

    return behave


def dies(after: str = "") -> Behaviour:
    """Says the text, then breaks the connection, as a killed process does."""

    async def behave(connection: Connection) -> None:
        await connection.begin()
        if after:
            await connection.chunk({"content": after})
        connection.writer.transport.abort()

    return behave


def stops_short(after: str) -> Behaviour:
    """Ends the stream in good form, but without having finished the answer."""

    async def behave(connection: Connection) -> None:
        await connection.begin()
        await connection.chunk({"content": after})
        await connection.end()

    return behave


def never_ends(word: str = "word ", *, pause_s: float = 0.02) -> Behaviour:
    """Says the word again and again, until the caller hangs up."""

    async def behave(connection: Connection) -> None:
        await connection.begin()
        while not connection.gone.is_set():
            await connection.chunk({"content": word})
            await asyncio.sleep(pause_s)

    return behave


def fails(status: int, message: str = "out of order") -> Behaviour:
    """An error in OpenAI's form."""
    body = json.dumps({"error": {"message": message, "type": "scripted", "code": status}}).encode()

    async def behave(connection: Connection) -> None:
        await connection.answer(body, status=status)

    return behave


def babbles(body: str, kind: str = "application/json") -> Behaviour:
    """A whole response that is no stream of chunks."""

    async def behave(connection: Connection) -> None:
        await connection.answer(body.encode(), kind=kind)

    return behave


def answered(content: str) -> str:
    """A whole completion with this content."""
    return _whole({"content": content}, "stop")


def calls(name: str, **arguments: Any) -> Behaviour:
    """Calls this tool, in a whole completion."""
    call = {"id": "call-1", "type": "function", "function": {"name": name, "arguments": json.dumps(arguments)}}
    return babbles(_whole({"content": None, "tool_calls": [call]}, "tool_calls"))


def _whole(said: dict[str, Any], finish: str) -> str:
    choice = {"index": 0, "message": {"role": "assistant", **said}, "finish_reason": finish}
    return json.dumps({"id": "1", "object": "chat.completion", "created": 1, "model": MODEL, "choices": [choice]})


def in_turn(*behaviours: Behaviour) -> Behaviour:
    """One after the other; the last for all further requests."""
    waiting = list(behaviours)

    async def behave(connection: Connection) -> None:
        await (waiting.pop(0) if len(waiting) > 1 else waiting[0])(connection)

    return behave


def chooses(intent: str) -> Behaviour:
    """Names this intent, whatever is asked."""
    return babbles(answered(json.dumps({"intent": intent})))


def streams(*events: str) -> Behaviour:
    """A stream of these events, whatever they are."""

    async def behave(connection: Connection) -> None:
        await connection.begin()
        for event in events:
            await connection.event(event)
        await connection.end()

    return behave


@dataclass
class ModelServer:
    """behave: what is done with the next request. requests: bodies in order. abandoned: callers that hung up early."""

    behave: Behaviour = field(default_factory=lambda: says("Hello [1]."))
    models: tuple[str, ...] = (MODEL,)
    requests: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    abandoned: int = 0
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    async def until_abandoned(self) -> None:
        """Returns when a caller hung up early; fails where none does soon."""
        async with asyncio.timeout(20):
            while not self.abandoned:
                await asyncio.sleep(0.01)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            line, *rest = (await reader.readuntil(b"\r\n\r\n")).decode().strip().split("\r\n")
            headers = {name.lower(): value for name, _, value in (one.partition(": ") for one in rest)}
            body = await reader.readexactly(int(headers.get("content-length", 0)))
            if "/models" in line:
                await Connection({}, writer, asyncio.Event()).answer(
                    json.dumps(
                        {"object": "list", "data": [{"id": name, "object": "model"} for name in self.models]}
                    ).encode()
                )
                return
            self.requests.append(json.loads(body))
            self.headers.append(headers)
            await self._converse(reader, Connection(self.requests[-1], writer, asyncio.Event()))
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _converse(self, reader: asyncio.StreamReader, connection: Connection) -> None:
        async def listen() -> None:
            await reader.read()
            connection.gone.set()

        listening = asyncio.create_task(listen())
        try:
            await self.behave(connection)
            self.abandoned += connection.gone.is_set()
        except ConnectionError:
            self.abandoned += 1
        finally:
            listening.cancel()


@asynccontextmanager
async def model_server(behave: Behaviour | None = None) -> AsyncIterator[ModelServer]:
    """A server on a free port of this machine."""
    scripted = ModelServer() if behave is None else ModelServer(behave=behave)
    running: set[asyncio.Task[None]] = set()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        running.add(task)
        try:
            await scripted.serve(reader, writer)
        finally:
            running.discard(task)

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    scripted.port = server.sockets[0].getsockname()[1]
    try:
        yield scripted
    finally:
        server.close()
        for task in tuple(running):
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await server.wait_closed()
