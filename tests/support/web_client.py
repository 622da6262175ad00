"""Talks to a web chat server as a page does."""

import json
from collections.abc import AsyncGenerator, Collection
from contextlib import aclosing
from typing import Any

import httpx

LAST = {"reply.completed", "turn.failed", "turn.stopped"}

Event = dict[str, Any]


async def begin(client: httpx.AsyncClient, **body: object) -> tuple[str, dict[str, str]]:
    """A new conversation: its path, and the headers that open it."""
    answer = await client.post("/v1/conversations", json=body)
    assert answer.status_code == 201, answer.text
    made = answer.json()
    return f"/v1/conversations/{made['id']}", {"Authorization": f"Bearer {made['token']}"}


async def follow(
    client: httpx.AsyncClient, path: str, headers: dict[str, str], last: Collection[str] = LAST
) -> AsyncGenerator[Event, None]:
    """Events as they arrive, up to the end of a turn."""
    async with client.stream("GET", f"{path}/events", headers=headers) as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        async for line in response.aiter_lines():
            if line.startswith("data: "):
                event = json.loads(line[6:])
                yield event
                if event["type"] in last:
                    return


async def events(client: httpx.AsyncClient, path: str, headers: dict[str, str], *, most: int = 10_000) -> list[Event]:
    """Events up to the end of a turn, or the first `most` of them."""
    found: list[Event] = []
    async with aclosing(follow(client, path, headers)) as stream:
        async for event in stream:
            found.append(event)
            if len(found) >= most:
                break
    return found


async def ask(client: httpx.AsyncClient, text: str) -> tuple[str, dict[str, str]]:
    """A new conversation with this message in it."""
    path, headers = await begin(client)
    sent = await client.post(f"{path}/messages", json={"text": text, "client_id": "1"}, headers=headers)
    assert sent.status_code == 202
    return path, headers


def heard(found: list[Event]) -> str:
    """What a page shows after these events."""
    text = ""
    for event in found:
        if event["type"] == "reply.delta":
            text = "" if event["data"].get("reset") else text + event["data"]["text"]
    return text
