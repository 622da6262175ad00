"""An MCP server over HTTP that reads with its caller's token: what each may read, and who asked with which, for tests."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import uvicorn
from mcp.server import MCPServer
from mcp.server.mcpserver import Context
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send


@dataclass
class Reader:
    """whose: the owner of a token, None where it is none. messages: what each owner may read.

    asked: who called the tool, with which words; refused: requests without a token that holds.
    """

    whose: Callable[[str], str | None]
    messages: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    refused: int = 0
    url: str = ""

    def owner(self, request: Request) -> str | None:
        return self.whose(request.headers.get("authorization", "").removeprefix("Bearer "))


def _server(reader: Reader) -> ASGIApp:
    server = MCPServer("reader")

    @server.tool()
    def search(query: str, context: Context) -> str:  # type: ignore[type-arg]
        """Searches the messages that the caller may read."""
        owner = reader.owner(context.request_context.request)  # type: ignore[arg-type]
        assert owner is not None
        reader.asked.append((owner, query))
        return reader.messages[owner]

    app = server.streamable_http_app(stateless_http=True, json_response=True)

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and reader.owner(Request(scope)) is None:
            reader.refused += 1
            await Response(status_code=401)(scope, receive, send)
            return
        await app(scope, receive, send)

    return guarded


@asynccontextmanager
async def mcp_reader(whose: Callable[[str], str | None], port: int = 0) -> AsyncIterator[Reader]:
    """A server on this port, 0 for a free one."""
    reader = Reader(whose)
    config = uvicorn.Config(_server(reader), "127.0.0.1", port, log_level="critical", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.005)
    reader.url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/mcp"
    try:
        yield reader
    finally:
        server.should_exit = True
        await running
