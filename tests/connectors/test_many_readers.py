"""Many conversations at once over HTTP: no reply is lost, and a reader who never reads holds nobody up."""

import asyncio
import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from agent.settings.web import LimitSettings, ServerSettings
from tests.support.web_client import Event, begin, events, heard
from tests.support.web_server import serving

_CONVERSATIONS = 100
_SERVER = ServerSettings(limits=LimitSettings(address_per_minute=0, new_conversations_per_minute=0))
_LONG = "说明书" * 2600  # the echo of it fills what the system keeps for a reader, several times over
_MESSAGES = 4


@contextmanager
def _never_read(url: httpx.URL, path: str, headers: dict[str, str]) -> Iterator[None]:
    """An event stream that is asked for and not read; the system keeps next to nothing for it."""
    with socket.socket() as reader:
        reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
        reader.connect((url.host, url.port))
        reader.sendall(
            f"GET {path}/events HTTP/1.1\r\nHost: x\r\nAuthorization: {headers['Authorization']}\r\n\r\n".encode()
        )
        yield


async def _ask(client: httpx.AsyncClient, text: str) -> list[Event]:
    """All that the stream of a conversation with one message says."""
    path, headers = await begin(client)
    following = asyncio.create_task(events(client, path, headers))
    answer = await client.post(f"{path}/messages", json={"text": text, "client_id": "1"}, headers=headers)
    assert answer.status_code == 202
    return await following


async def test_no_reply_is_lost_and_who_never_reads_holds_nobody_up(tmp_path: Path) -> None:
    async with serving(tmp_path, server=_SERVER) as client:
        path, headers = await begin(client)
        with _never_read(client.base_url, path, headers):
            for n in range(_MESSAGES):
                sent = await client.post(f"{path}/messages", json={"text": _LONG, "client_id": str(n)}, headers=headers)
                assert sent.status_code == 202
            texts = [f"question {n}" if n % 2 else f"问题 {n}" for n in range(_CONVERSATIONS - 1)]
            async with asyncio.timeout(60):
                answered = await asyncio.gather(*(_ask(client, text) for text in texts))
            for text, found in zip(texts, answered, strict=True):
                assert [event["n"] for event in found] == list(range(1, len(found) + 1))
                assert found[-1]["type"] == "reply.completed"
                assert heard(found) == found[-1]["data"]["text"]
                assert found[-1]["data"]["text"].startswith(f"You said: {text}.")
        unread = await _all(client, path, headers)
        assert [event["n"] for event in unread] == list(range(1, len(unread) + 1))


async def _all(client: httpx.AsyncClient, path: str, headers: dict[str, str]) -> list[Event]:
    """The events of the conversation nobody read, once all its messages are answered."""
    found: list[Event] = []
    async with asyncio.timeout(60), client.stream("GET", f"{path}/events", headers=headers) as stream:
        async for line in stream.aiter_lines():
            if line.startswith("data: "):
                found.append(json.loads(line[6:]))
                if sum(event["type"] == "reply.completed" for event in found) == _MESSAGES:
                    return found
    raise AssertionError("the stream ended early")
