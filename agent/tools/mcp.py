"""Operations that are tools of MCP servers, through the protocol's own client (extra `mcp`)."""

import logging
from collections.abc import Collection, Mapping
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any

from agent.errors import SettingsError, ToolFailed
from agent.tools.arguments import checked
from agent.tools.declared import McpEntry
from agent.tools.operation import CallContext
from agent.types import JsonValue

_LOG = logging.getLogger(__name__)

if TYPE_CHECKING:
    from mcp import Client, Tool


class McpOperation:
    """Implements `agent.tools.operation.Operation`; the server knows no key of ours."""

    own = False
    repeatable = False

    def __init__(self, tool: "Tool", client: "Client", *, changes: bool, timeout_s: float) -> None:
        self.name = tool.name
        self.description = tool.description or tool.name
        self.changes = changes
        self.schema: Mapping[str, JsonValue] = tool.input_schema
        self._client = client
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
            found = await self._client.call_tool(self.name, given, read_timeout_seconds=self._timeout_s)
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
        import httpx2
        from mcp import Client, StdioServerParameters
        from mcp.client.streamable_http import streamable_http_client
    except ImportError as error:
        raise SettingsError("MCP servers need the extra: pip install 'parley[mcp]'") from error
    where: Any = entry.mcp
    if isinstance(entry.mcp, list):
        where = StdioServerParameters(command=entry.mcp[0], args=entry.mcp[1:])
    elif token:
        http = httpx2.AsyncClient(headers={"Authorization": f"Bearer {token}"}, timeout=entry.timeout_s)
        where = streamable_http_client(entry.mcp, http_client=await opened.enter_async_context(http))
    try:
        client = await opened.enter_async_context(Client(where))
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
    except Exception as error:
        raise SettingsError(f"the MCP server {entry.mcp!r} can't be reached: {error}") from error
    missing = sorted(entry.tools.keys() - tools.keys())
    if missing and token:  # which tools somebody has may depend on what they granted
        _LOG.warning("the MCP server %s offers whoever asks no tool %s", entry.mcp, ", ".join(missing))
    elif missing:
        raise SettingsError(f"the MCP server has no tool {', '.join(missing)}; there are: {', '.join(sorted(tools))}")
    return [
        McpOperation(tools[name], client, changes=changes, timeout_s=entry.timeout_s)
        for name, changes in entry.tools.items()
        if name in tools
    ]
