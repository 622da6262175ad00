"""Operations that are tools of MCP servers, through langchain's adapters (extra `mcp`)."""

import asyncio
from collections.abc import Collection, Mapping
from contextlib import AsyncExitStack
from typing import Any

from langchain_core.tools import BaseTool, ToolException

from agent.errors import SettingsError, ToolFailed
from agent.tools.arguments import checked
from agent.tools.declared import McpEntry
from agent.tools.operation import CallContext
from agent.types import JsonValue


class McpOperation:
    """Implements `agent.tools.operation.Operation`; the server knows no key of ours."""

    own = False
    repeatable = False

    def __init__(self, tool: BaseTool, *, changes: bool, timeout_s: float) -> None:
        self.name = tool.name
        self.description = tool.description
        self.changes = changes
        form = tool.args_schema
        self.schema: Mapping[str, JsonValue] = form if isinstance(form, dict) else tool.get_input_jsonschema()
        self._tool = tool
        self._timeout_s = timeout_s

    @property
    def arguments(self) -> Collection[str]:
        properties = self.schema.get("properties")
        return properties.keys() if isinstance(properties, Mapping) else ()

    def check(self, arguments: Mapping[str, JsonValue]) -> None:
        """Raises ToolFailed("bad_arguments") that says what is wrong."""
        checked(self.schema, arguments)

    async def call(self, arguments: Mapping[str, JsonValue], context: CallContext) -> Mapping[str, JsonValue]:
        """The text that the tool gives, under `result`. Raises ToolFailed."""
        del context
        given: dict[str, Any] = {name: value for name, value in arguments.items() if value is not None}
        self.check(given)
        try:
            async with asyncio.timeout(self._timeout_s):
                found = await self._tool.ainvoke(given)
        except ToolException as error:
            raise ToolFailed("refused", str(error)) from error
        except Exception as error:  # the adapter lets through whatever its transports raise
            raise ToolFailed("unreachable", f"{self.name} did not answer.") from error
        return {"result": _text(found)}


def _text(found: object) -> str:
    """The text of what a tool gave: of its text blocks, where it gave blocks."""
    if isinstance(found, list):
        return "\n".join(str(one.get("text", "")) if isinstance(one, dict) else str(one) for one in found)
    return str(found)


async def open_mcp(entry: McpEntry, opened: AsyncExitStack) -> list[McpOperation]:
    """The named tools of a server, over one session. Raises SettingsError."""
    try:
        from langchain_mcp_adapters.client import MultiServerMCPClient
        from langchain_mcp_adapters.tools import load_mcp_tools
    except ImportError as error:
        raise SettingsError("MCP servers need the extra: pip install 'parley[mcp]'") from error
    if isinstance(entry.mcp, str):
        connection: dict[str, Any] = {"transport": "streamable_http", "url": entry.mcp}
    else:
        connection = {"transport": "stdio", "command": entry.mcp[0], "args": entry.mcp[1:]}
    client = MultiServerMCPClient({"server": connection})  # type: ignore[dict-item]
    try:
        session = await opened.enter_async_context(client.session("server"))
        tools = {tool.name: tool for tool in await load_mcp_tools(session)}
    except Exception as error:
        raise SettingsError(f"the MCP server {entry.mcp!r} can't be reached: {error}") from error
    if missing := sorted(entry.tools.keys() - tools.keys()):
        raise SettingsError(f"the MCP server has no tool {', '.join(missing)}; there are: {', '.join(sorted(tools))}")
    return [
        McpOperation(tools[name], changes=changes, timeout_s=entry.timeout_s) for name, changes in entry.tools.items()
    ]
