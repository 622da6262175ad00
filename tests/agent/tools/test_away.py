"""A server of tools.yaml that is away takes nothing else down: what it offers fails, is told by name, and comes back."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path

import pytest
import yaml

from agent.errors import ToolFailed
from agent.tools import away
from agent.tools.declared import looked_over, open_operations
from agent.tools.operation import CallContext

pytest.importorskip("mcp")

CONTEXT = CallContext(language="en", today=date(2026, 11, 26), folder=Path())
SERVER = '''
import os, signal
from pathlib import Path
from mcp.server import MCPServer

server = MCPServer("garage")

@server.tool()
def tyres_for(car: str) -> str:
    """Which tyres a car wants."""
    if car == "crash":
        os.kill(os.getpid(), signal.SIGKILL)
    return f"205/55 R16 for {car}, {os.environ.get('GARAGE_TOKEN', 'no token')}"

@server.tool()
def book_bay(car: str) -> str:
    """Books a bay."""
    with Path(os.environ["GARAGE_LOG"]).open("a") as log:
        log.write(car + "\\n")
    if car == "crash":
        os.kill(os.getpid(), signal.SIGKILL)
    return f"bay 3 for {car}"

server.run()
'''


@asynccontextmanager
async def garage(folder: Path, *, there: bool = True) -> AsyncIterator[dict[str, object]]:
    script = folder / "garage.py"
    if there:
        script.write_text(SERVER, "utf-8")
    entry = {
        "mcp": [sys.executable, str(script)],
        "tools": {"tyres_for": False, "book_bay": True},
        "env": ["GARAGE_LOG", "GARAGE_TOKEN"],
    }
    file = folder / "tools.yaml"
    file.write_text(yaml.safe_dump({"garage": entry}), "utf-8")
    given = {"GARAGE_LOG": str(folder / "bays.log"), "GARAGE_TOKEN": "told"}
    async with open_operations(file, given.__getitem__) as tools:
        yield tools  # type: ignore[misc]


async def reason(tools: dict[str, object], name: str, car: str) -> str:
    with pytest.raises(ToolFailed) as error:
        await tools[name].call({"car": car}, CONTEXT)  # type: ignore[attr-defined]
    return error.value.reason


async def test_a_server_that_can_not_start_fails_by_name_and_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(away, "_FIRST_S", 0.3)
    async with garage(tmp_path, there=False) as tools:
        assert "garage" in caplog.text
        assert "TaskGroup" not in caplog.text
        assert set(away.away(tools)) == {"tyres_for", "book_bay"}  # type: ignore[arg-type]
        assert await reason(tools, "book_bay", "a Yaris") == "not_connected"
        (tmp_path / "garage.py").write_text(SERVER, "utf-8")
        for _ in range(60):
            if not away.away(tools):  # type: ignore[arg-type]
                break
            await asyncio.sleep(0.2)
        found = await tools["tyres_for"].call({"car": "a Yaris"}, CONTEXT)  # type: ignore[attr-defined]
        assert found == {"result": "205/55 R16 for a Yaris, told"}


async def test_a_server_that_dies_is_opened_anew_and_what_changes_something_is_not_sent_twice(tmp_path: Path) -> None:
    async with garage(tmp_path) as tools:
        assert await reason(tools, "book_bay", "crash") == "unreachable"
        booked = await tools["book_bay"].call({"car": "a Polo"}, CONTEXT)  # type: ignore[attr-defined]
        assert booked == {"result": "bay 3 for a Polo"}
        assert (tmp_path / "bays.log").read_text("utf-8").split("\n") == ["crash", "a Polo", ""]
        assert await reason(tools, "tyres_for", "crash") == "unreachable"
        assert "a Golf" in str(await tools["tyres_for"].call({"car": "a Golf"}, CONTEXT))  # type: ignore[attr-defined]


async def test_a_tool_that_the_server_has_not_is_told_and_hides_no_other(tmp_path: Path) -> None:
    (tmp_path / "garage.py").write_text(SERVER, "utf-8")
    entry = {"mcp": [sys.executable, str(tmp_path / "garage.py")], "tools": {"tyres_for": False, "wash": True}}
    file = tmp_path / "tools.yaml"
    file.write_text(yaml.safe_dump({"garage": entry}), "utf-8")
    async with open_operations(file, str) as tools:
        assert away.away(tools) == {"wash": "the MCP server has no tool wash; there are: book_bay, tyres_for"}
        assert "no token" in str(await tools["tyres_for"].call({"car": "x"}, CONTEXT))


async def test_each_entry_is_looked_over_by_itself(tmp_path: Path) -> None:
    def unset(name: str) -> str:
        from agent.settings import secret_from

        return secret_from(name)

    (tmp_path / "api.json").write_text('{"openapi": "3.1.0", "paths": {"/a": {"get": {"operationId": "a"}}}}', "utf-8")
    entries = {
        "fine": {"function": "json:dumps", "changes": False},
        "no_module": {"function": "nowhere.at_all:do", "changes": False},
        "no_file": {"openapi": "absent.yaml", "operations": {"b": False}},
        "no_secret": {
            "openapi": "api.json",
            "operations": {"a": False},
            "server": "https://a.example",
            "auth": {"env": "LEDGER_PASS_UNSET"},
        },
        "dead": {"mcp": ["/no/such/command"], "tools": {"c": True}},
        "no_variable": {"mcp": [sys.executable], "tools": {"d": True}, "env": ["GARAGE_UNSET"]},
        "misspelt": {"mcp": [sys.executable], "tools": {"d": True}, "timeout": 3},
    }
    entries["fine"] = {"function": "agent.samples.operations:find_order", "changes": False}
    file = tmp_path / "tools.yaml"
    file.write_text(yaml.safe_dump(entries), "utf-8")
    wrong = {one.name: one.wrong for one in await looked_over(file, unset)}
    assert not wrong.pop("fine")
    for name, told in {
        "no_module": "nowhere.at_all:do",
        "no_file": "absent.yaml can't be read",
        "no_secret": "LEDGER_PASS_UNSET is not set",
        "dead": "/no/such/command can't be reached",
        "no_variable": "GARAGE_UNSET is not set",
        "misspelt": "timeout",
    }.items():
        assert told in wrong[name], (name, wrong[name])
