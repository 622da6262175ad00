"""Operations that are tools of MCP servers, through the protocol's own client (extra `mcp`)."""

import asyncio
import logging
from collections.abc import Collection, Mapping
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any

from agent.errors import SettingsError, ToolFailed
from agent.tools.arguments import checked
from agent.tools.declared import McpEntry
from agent.tools.operation import CallContext
from agent.types import JsonValue

if TYPE_CHECKING:
    from mcp import Client, Tool

_LOG = logging.getLogger(__name__)
_CLOSES_S = 2.0


class McpConnection:
    """A client of one server, opened when it is first wanted, and again where the server has gone meanwhile.

    It is kept by a task of its own: the client cancels the task that opened it when its server goes, and that must be neither
    a customer's turn nor the whole of Parley. token: goes with every request, "" for none.
    """

    def __init__(self, entry: McpEntry, token: str = "") -> None:
        self._entry = entry
        self._token = token
        self._opening = asyncio.Lock()
        self._over = asyncio.Event()
        self._client: Client | None = None
        self._keeping: asyncio.Task[None] | None = None

    async def client(self) -> "Client":
        """Connected. Raises what the client raises, which is whatever its transports do, or TimeoutError."""
        async with self._opening:
            if self._client is None or self._keeping is None or self._keeping.done():
                opened: asyncio.Future[Client] = asyncio.get_running_loop().create_future()
                self._keeping = asyncio.create_task(self._keep(opened))
                self._client = await opened
            return self._client

    async def close(self) -> None:
        """Lets go of it, without waiting long for a server that does not answer."""
        self._over.set()
        if self._keeping is None:
            return
        if self._client is not None:
            await asyncio.wait({self._keeping}, timeout=_CLOSES_S)
        self._keeping.cancel()
        await asyncio.gather(self._keeping, return_exceptions=True)

    async def _keep(self, opened: "asyncio.Future[Client]") -> None:
        try:
            async with AsyncExitStack() as stack:
                async with asyncio.timeout(self._entry.timeout_s):
                    client = await stack.enter_async_context(await self._new_client(stack))
                if not opened.done():
                    opened.set_result(client)
                    await self._over.wait()
        except Exception as error:  # noqa: BLE001 - the client lets through whatever its transports raise
            if not opened.done():
                opened.set_exception(error)
                return
            _LOG.warning("the MCP server %s has gone: %s", self._entry.mcp, type(error).__name__)

    async def _new_client(self, stack: AsyncExitStack) -> "Client":
        import httpx2
        from mcp import Client, StdioServerParameters
        from mcp.client.streamable_http import streamable_http_client

        server = self._entry.mcp
        if isinstance(server, list):
            return Client(StdioServerParameters(command=server[0], args=server[1:]))
        if not self._token:
            return Client(server)
        headers = {"Authorization": f"Bearer {self._token}"}
        http = await stack.enter_async_context(httpx2.AsyncClient(headers=headers, timeout=self._entry.timeout_s))
        return Client(streamable_http_client(server, http_client=http))


class McpOperation:
    """Implements `agent.tools.operation.Operation`; the server knows no key of ours."""

    own = False
    repeatable = False

    def __init__(self, tool: "Tool", connection: McpConnection, *, changes: bool, timeout_s: float) -> None:
        self.name = tool.name
        self.description = tool.description or tool.name
        self.changes = changes
        self.schema: Mapping[str, JsonValue] = tool.input_schema
        self._connection = connection
        self._timeout_s = timeout_s

    @property
    def arguments(self) -> Collection[str]:
        properties = self.schema.get("properties")
        return properties.keys() if isinstance(properties, Mapping) else ()

    def check(self, arguments: Mapping[str, JsonValue]) -> None:
        """Raises ToolFailed("bad_arguments") that says what is wrong."""
        checked(self.schema, arguments)

    async def call(self, arguments: Mapping[str, JsonValue], context: CallContext) -> Mapping[str, JsonValue]:
        """What the tool gives by name; its text under `result`. Raises ToolFailed."""
        del context
        given: dict[str, Any] = {name: value for name, value in arguments.items() if value is not None}
        self.check(given)
        try:
            client = await self._connection.client()
        except Exception as error:
            raise ToolFailed("not_connected", f"{self.name} can't be reached.") from error
        try:
            found = await client.call_tool(self.name, given, read_timeout_seconds=self._timeout_s)
        except Exception as error:  # the client lets through whatever its transports raise
            raise ToolFailed("unreachable", f"{self.name} did not answer.") from error
        text = "\n".join(str(getattr(block, "text", "")) for block in found.content).strip()
        if found.is_error:
            raise ToolFailed("refused", text)
        structured = found.structured_content
        return {"result": text, **structured} if isinstance(structured, Mapping) else {"result": text}


async def open_mcp(entry: McpEntry, opened: AsyncExitStack, *, token: str = "") -> list[McpOperation]:
    """The named tools of a server, over one connection. token: goes with every request. Raises SettingsError."""
    try:
        import mcp  # noqa: F401
    except ImportError as error:
        raise SettingsError("MCP servers need the extra: pip install 'parley[mcp]'") from error
    connection = McpConnection(entry, token)
    opened.push_async_callback(connection.close)
    try:
        client = await connection.client()
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
    except Exception as error:
        raise SettingsError(f"the MCP server {entry.mcp!r} can't be reached: {error}") from error
    missing = sorted(entry.tools.keys() - tools.keys())
    if missing and token:  # which tools somebody has may depend on what they granted
        _LOG.warning("the MCP server %s offers whoever asks no tool %s", entry.mcp, ", ".join(missing))
    elif missing:
        raise SettingsError(f"the MCP server has no tool {', '.join(missing)}; there are: {', '.join(sorted(tools))}")
    return [
        McpOperation(tools[name], connection, changes=changes, timeout_s=entry.timeout_s)
        for name, changes in entry.tools.items()
        if name in tools
    ]
