"""Operations of another system: only those named, with the secret of the environment, their arguments checked."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path

import pytest
import yaml

from agent.errors import SettingsError, ToolFailed
from agent.tools.declared import open_operations
from agent.tools.operation import CallContext

CONTEXT = CallContext(language="en", today=date(2026, 11, 26), folder=Path(), key="k1")
DOCUMENT = {
    "openapi": "3.1.0",
    "servers": [{"url": "https://crm.example"}],
    "paths": {
        "/tickets/{id}": {
            "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}],
            "get": {"operationId": "getTicket", "summary": "One ticket."},
        },
        "/tickets": {
            "post": {
                "operationId": "createTicket",
                "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/New"}}}},
            },
            "delete": {"operationId": "deleteAll"},
        },
    },
    "components": {
        "schemas": {
            "New": {
                "type": "object",
                "required": ["title"],
                "properties": {"title": {"type": "string", "maxLength": 9}},
            }
        }
    },
}


@asynccontextmanager
async def crm(answers: list[tuple[int, bytes]]) -> AsyncIterator[tuple[str, list[str]]]:
    """A server that notes what it was sent and gives these answers."""
    heard: list[str] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = next((int(x.split(":")[1]) for x in head.lower().splitlines() if x.startswith("content-length")), 0)
        heard.append(head + (await reader.readexactly(length)).decode())
        status, body = answers.pop(0)
        writer.write(f"HTTP/1.1 {status} X\r\ncontent-length: {len(body)}\r\nconnection: close\r\n\r\n".encode() + body)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", heard
    finally:
        server.close()


def declare(folder: Path, **more: object) -> Path:
    (folder / "crm.json").write_text(json.dumps(DOCUMENT), "utf-8")
    entry = {"openapi": "crm.json", "operations": {"getTicket": False, "createTicket": True}, **more}
    file = folder / "tools.yaml"
    file.write_text(yaml.safe_dump({"crm": entry}), "utf-8")
    return file


async def test_named_operations_are_called_with_the_secret_and_the_key(tmp_path: Path) -> None:
    answers = [(200, b'{"id": "a/b", "open": true}'), (201, b'{"id": 7}')]
    async with crm(answers) as (url, heard):
        auth = {"env": "CRM_TOKEN", "prefix": "Bearer "}
        async with open_operations(declare(tmp_path, server=url, auth=auth), lambda name: f"secret of {name}") as tools:
            assert set(tools) == {"getTicket", "createTicket"}
            assert (tools["getTicket"].changes, tools["createTicket"].changes) == (False, True)
            assert await tools["getTicket"].call({"id": "a/b"}, CONTEXT) == {"id": "a/b", "open": True}
            assert await tools["createTicket"].call({"title": "Broken"}, CONTEXT) == {"id": 7}
    assert heard[0].startswith("GET /tickets/a%2Fb ")
    assert "authorization: bearer secret of crm_token" in heard[0].lower()
    assert "idempotency-key: k1" in heard[1].lower()
    assert heard[1].endswith('{"title":"Broken"}')


@pytest.mark.parametrize(
    ("status", "reason"), [(404, "not_found"), (409, "already"), (403, "refused"), (500, "unreachable")]
)
async def test_what_the_other_system_refuses_has_a_reason(tmp_path: Path, status: int, reason: str) -> None:
    async with crm([(status, b"{}")]) as (url, _), open_operations(declare(tmp_path, server=url), str) as tools:
        with pytest.raises(ToolFailed) as error:
            await tools["getTicket"].call({"id": "1"}, CONTEXT)
    assert error.value.reason == reason


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        (422, b'{"reason": "outside_area"}', "outside_area"),
        (404, b'{"reason": "no_such_meter"}', "no_such_meter"),
        (422, b'{"reason": "Sorry, no!"}', "bad_arguments"),
        (409, b'{"reason": "unreachable"}', "already"),  # of which nobody may tell but Parley
        (400, b"<html>", "bad_arguments"),
        (500, b'{"reason": "outside_area"}', "unreachable"),
        (200, b"{not json", "unreadable"),
        (200, b"<html>Please log in</html>", "unreadable"),
        (201, b'{"cut": "of', "unreadable"),
    ],
)
async def test_what_a_body_says_of_it_is_the_reason(tmp_path: Path, status: int, body: bytes, reason: str) -> None:
    async with crm([(status, body)]) as (url, _), open_operations(declare(tmp_path, server=url), str) as tools:
        with pytest.raises(ToolFailed) as error:
            await tools["getTicket"].call({"id": "1"}, CONTEXT)
    assert error.value.reason == reason


@pytest.mark.parametrize("arguments", [{}, {"title": 3}, {"title": "far too long"}, {"title": "a", "admin": True}])
async def test_wrong_arguments_never_leave(tmp_path: Path, arguments: dict[str, object]) -> None:
    async with open_operations(declare(tmp_path, server="https://crm.example"), str) as tools:
        with pytest.raises(ToolFailed) as error:
            await tools["createTicket"].call(arguments, CONTEXT)  # type: ignore[arg-type]
    assert error.value.reason == "bad_arguments"


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (
            {"operations": {"dropTables": True}},
            "no operation dropTables; there are: createTicket, deleteAll, getTicket",
        ),
        ({"server": "http://crm.example"}, "is not https"),
        ({"openapi": "http://crm.example/openapi.json"}, "is not https"),
        ({"openapi": "absent.json"}, "can't be read"),
        ({"operations": {}}, "operations"),
    ],
)
async def test_a_wrong_declaration_is_told(tmp_path: Path, more: dict[str, object], told: str) -> None:
    with pytest.raises(SettingsError, match=r"tools\.yaml") as error:
        async with open_operations(declare(tmp_path, **more), str):
            pass
    assert told in str(error.value)
