"""Tools of an MCP server, a real one in a process of its own."""

import asyncio
import sys
from contextlib import AsyncExitStack
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml

from agent.errors import ToolFailed
from agent.tools.declared import open_operations
from agent.tools.operation import CallContext

pytest.importorskip("mcp")
from tests.support.mcp_reader import mcp_reader

CONTEXT = CallContext(language="en", today=date(2026, 11, 26), folder=Path())
SERVER = [sys.executable, str(Path(__file__).parents[2] / "support" / "mcp_stock.py")]


async def test_named_tools_are_called_and_others_are_not_there(tmp_path: Path) -> None:
    file = tmp_path / "tools.yaml"
    file.write_text(yaml.safe_dump({"stock": {"mcp": SERVER, "tools": {"stock_of": False}}}), "utf-8")
    async with open_operations(file, str) as tools:
        assert set(tools) == {"stock_of"}
        assert list(tools["stock_of"].arguments) == ["sku"]
        assert await tools["stock_of"].call({"sku": "NV-P5"}, CONTEXT) == {"result": "12 in stock"}
        for arguments, reason in (({}, "bad_arguments"), ({"sku": "X"}, "refused")):
            with pytest.raises(ToolFailed) as error:
                await tools["stock_of"].call(arguments, CONTEXT)  # type: ignore[arg-type]
            assert error.value.reason == reason


async def test_a_server_that_goes_and_comes_back_is_asked_again_and_takes_nothing_else_down(tmp_path: Path) -> None:
    file = tmp_path / "tools.yaml"
    async with AsyncExitStack() as opened:
        async with mcp_reader(lambda _: "us") as reader:
            reader.messages = {"us": "twelve"}
            file.write_text(yaml.safe_dump({"stock": {"mcp": reader.url, "tools": {"search": False}}}), "utf-8")
            search = (await opened.enter_async_context(open_operations(file, str)))["search"]
            assert await search.call({"query": "x"}, CONTEXT) == {"result": "twelve"}
        for _ in range(2):
            with pytest.raises(ToolFailed) as gone:
                await search.call({"query": "x"}, CONTEXT)
            assert gone.value.reason in {"unreachable", "not_connected"}
            await asyncio.sleep(0.1)
        async with mcp_reader(lambda _: "us", urlsplit(reader.url).port or 0) as again:
            again.messages = {"us": "eleven"}
            assert await search.call({"query": "x"}, CONTEXT) == {"result": "eleven"}
