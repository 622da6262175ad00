"""Operations that are tools of MCP servers, through the protocol's own client (extra `mcp`)."""

import asyncio
import logging
from collections.abc import Collection, Mapping
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any

from agent.errors import SettingsError, ToolFailed
from agent.tools.arguments import checked
from agent.tools.away import Opened, ServerAway
from agent.tools.declared import McpEntry
from agent.tools.failures import said_by
from agent.tools.operation import CallContext
from agent.tools.wording import Wording
from agent.types import JsonValue

if TYPE_CHECKING:
    from mcp import Client, Tool

_LOG = logging.getLogger(__name__)
_CLOSES_S = 2.0
_SLOW_S, _RESTS = 1.0, 4  # a try in vain that took longer is followed by a rest, so many times as long


class McpConnection:
    """A client of one server, opened when it is first wanted, and again where the server has gone meanwhile.

    It is kept by a task of its own: the client cancels the task that opened it when its server goes, and that must be neither
    a customer's turn nor the whole of Parley. name: its own in tools.yaml; environment: what a command gets beside PATH and
    the like; token: goes with every request, "" for none.
    """

    def __init__(self, name: str, entry: McpEntry, environment: Mapping[str, str], token: str = "") -> None:
        self.name = name
        self._entry = entry
        self._environment = environment
        self._token = token
        self._opening = asyncio.Lock()
        self._over = asyncio.Event()
        self._client: Client | None = None
        self._keeping: asyncio.Task[None] | None = None
        self._calls = 0
        self._rests_until = 0.0

    async def client(self) -> "Client":
        """Connected. Raises what the client raises, which is whatever its transports do, or TimeoutError."""
        async with self._opening:
            if self._client is None or self._keeping is None or self._keeping.done():
                self._client = await self._opened()
            return self._client

    async def _opened(self) -> "Client":
        """Connected anew; after a try in vain not for a while, so that a server that hangs does not hold turn after turn."""
        loop = asyncio.get_running_loop()
        begun = loop.time()
        if begun < self._rests_until:
            raise ConnectionError("it did not answer just now")
        opened: asyncio.Future[Client] = loop.create_future()
        self._over = asyncio.Event()
        self._keeping = asyncio.create_task(self._keep(opened, self._over))
        try:
            return await opened
        except Exception:
            if (took := loop.time() - begun) > _SLOW_S:
                self._rests_until = loop.time() + _RESTS * took
            raise

    async def call(self, tool: str, arguments: dict[str, Any], *, again: bool) -> Any:
        """What the tool gives, a CallToolResult. Raises ToolFailed.

        A connection that has gone is opened anew, once. again: whether the call itself may be made twice, as one that only
        reads; else the server is asked first whether it is still there, as long as nothing else is.
        """
        client = await self._there(sure=not again)
        try:
            return await self._called(client, tool, arguments)
        except Exception as error:  # the client lets through whatever its transports raise
            _LOG.warning("the MCP server %s failed at %s: %s", self.name, tool, said_by(error))
            if not await self._left(client, error) or not again:
                raise ToolFailed("unreachable", f"{tool} did not answer.") from error
        client = await self._there(sure=False)
        try:
            return await self._called(client, tool, arguments)
        except Exception as error:
            _LOG.warning("the MCP server %s failed at %s once more: %s", self.name, tool, said_by(error))
            await self._left(client, error)
            raise ToolFailed("unreachable", f"{tool} did not answer.") from error

    async def _called(self, client: "Client", tool: str, arguments: dict[str, Any]) -> Any:
        self._calls += 1
        try:
            return await client.call_tool(tool, arguments, read_timeout_seconds=self._entry.timeout_s)
        finally:
            self._calls -= 1

    async def _there(self, *, sure: bool) -> "Client":
        """The client; sure: of a server that has just answered."""
        try:
            client = await self.client()
            if not sure or self._calls:
                return client
            try:
                async with asyncio.timeout(self._entry.timeout_s):
                    await client.list_tools(cache_mode="bypass")
            except Exception as error:  # noqa: BLE001 - as above
                _LOG.warning("the MCP server %s has gone, and is opened anew: %s", self.name, said_by(error))
                await self.close()
                client = await self.client()
        except Exception as error:
            _LOG.warning("the MCP server %s can't be reached: %s", self.name, said_by(error))
            raise ToolFailed("not_connected", f"The server {self.name} can't be reached.") from error
        return client

    async def _left(self, client: "Client", error: Exception) -> bool:
        """Whether the connection has gone by this error, and was let go of. A server that answers late, or refuses, stands."""
        from mcp import MCPError
        from mcp.types import CONNECTION_CLOSED

        if isinstance(error, MCPError) and error.code != CONNECTION_CLOSED:
            return False
        if client is self._client:
            await self.close()
        return True

    async def close(self) -> None:
        """Lets go of it, without waiting long for a server that does not answer."""
        self._over.set()
        if self._keeping is None:
            return
        if self._client is not None:
            await asyncio.wait({self._keeping}, timeout=_CLOSES_S)
        self._keeping.cancel()
        await asyncio.gather(self._keeping, return_exceptions=True)
        self._client = None

    async def _keep(self, opened: "asyncio.Future[Client]", over: asyncio.Event) -> None:
        try:
            async with AsyncExitStack() as stack:
                async with asyncio.timeout(self._entry.timeout_s):
                    client = await stack.enter_async_context(await self._new_client(stack))
                if not opened.done():
                    opened.set_result(client)
                    await over.wait()
        except Exception as error:  # noqa: BLE001 - the client lets through whatever its transports raise
            if not opened.done():
                opened.set_exception(error)
                return
            _LOG.warning("the MCP server %s has gone: %s", self.name, said_by(error))
        finally:
            if not opened.done():
                opened.set_exception(ConnectionError("it ended before it was ready"))

    async def _new_client(self, stack: AsyncExitStack) -> "Client":
        import httpx2
        from mcp import Client, StdioServerParameters
        from mcp.client.streamable_http import streamable_http_client

        server = self._entry.mcp
        if isinstance(server, list):
            return Client(StdioServerParameters(command=server[0], args=server[1:], env=dict(self._environment)))
        if not self._token:
            return Client(server)
        headers = {"Authorization": f"Bearer {self._token}"}
        http = await stack.enter_async_context(httpx2.AsyncClient(headers=headers, timeout=self._entry.timeout_s))
        return Client(streamable_http_client(server, http_client=http))


class McpOperation:
    """Implements `agent.tools.operation.Operation`; the server knows no key of ours."""

    own = False
    repeatable = False

    def __init__(self, tool: "Tool", connection: McpConnection, *, changes: bool, words: Wording | None = None) -> None:
        self.name = tool.name
        self.description = tool.description or tool.name
        self.changes = changes
        self.schema: Mapping[str, JsonValue] = tool.input_schema
        self.words = words
        self._connection = connection

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
        found = await self._connection.call(self.name, given, again=not self.changes)
        text = "\n".join(str(getattr(block, "text", "")) for block in found.content).strip()
        if found.is_error:
            _LOG.warning("%s of the MCP server %s refused: %s", self.name, self._connection.name, text[:300])
            raise ToolFailed("refused", text)
        structured = found.structured_content
        return {"result": text, **structured} if isinstance(structured, Mapping) else {"result": text}


async def open_mcp(
    name: str, entry: McpEntry, environment: Mapping[str, str], opened: AsyncExitStack, *, token: str = ""
) -> Opened:
    """The named tools of a server, over one connection. token: goes with every request.

    Raises SettingsError without the extra, ServerAway where the server can't be used.
    """
    try:
        import mcp  # noqa: F401
    except ImportError as error:
        raise SettingsError("MCP servers need the extra: pip install 'parley[mcp]'") from error
    connection = McpConnection(name, entry, environment, token)
    opened.push_async_callback(connection.close)
    try:
        client = await connection.client()
        async with asyncio.timeout(entry.timeout_s):
            tools = {tool.name: tool for tool in (await client.list_tools()).tools}
    except Exception as error:
        raise ServerAway(f"the MCP server {_where(entry)} can't be reached: {said_by(error)}") from error
    there = ", ".join(sorted(tools)) or "none"
    return {
        wanted: McpOperation(tools[wanted], connection, changes=changes, words=entry.say.get(wanted))
        if wanted in tools
        else f"the MCP server has no tool {wanted}; there are: {there}"
        for wanted, changes in entry.tools.items()
    }


def _where(entry: McpEntry) -> str:
    return entry.mcp if isinstance(entry.mcp, str) else " ".join(entry.mcp)
