"""A conversation as server-sent events."""

import asyncio
import json
import random
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime

from starlette.responses import StreamingResponse

from agent.conversations import Conversations
from agent.types import Event, JsonValue

_HEARTBEAT_S = 15.0
_RETRY_MS = 1000  # after which a browser comes back by itself
_BACK_IN_MS = (300, 1500)  # readers of a server that stops come back at different times


def event_json(event: Event) -> dict[str, object]:
    """An event as CONTRACT.md words it."""
    return {"n": event.n, "type": event.type.value, "at": event.at.isoformat(), "data": event.data}


def transcript_json(conversation_id: str, events: Sequence[Event]) -> dict[str, object]:
    """A conversation with its events so far."""
    return {"id": conversation_id, "events": [event_json(event) for event in events]}


def streaming(conversations: Conversations, conversation_id: str, after: int) -> StreamingResponse:
    """The answer that lasts: what happened after event `after`, and what happens."""
    return StreamingResponse(
        _stream(conversations, conversation_id, after),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def _stream(conversations: Conversations, conversation_id: str, after: int) -> AsyncIterator[str]:
    """Events with their numbers, what passes by without; a comment now and then keeps proxies from closing it."""
    yield f"retry: {_RETRY_MS}\n\n"
    events = conversations.events.follow(conversation_id, after)
    with conversations.passing.listening(conversation_id) as passing:
        upcoming, passes = asyncio.ensure_future(anext(events)), asyncio.ensure_future(passing.get())
        try:
            while True:
                done, _ = await asyncio.wait(
                    (upcoming, passes), timeout=_HEARTBEAT_S, return_when=asyncio.FIRST_COMPLETED
                )
                if not done:
                    yield ": still here\n\n"
                if passes in done:
                    passed = passes.result()
                    yield _passing(passed.type, passed.data)
                    passes = asyncio.ensure_future(passing.get())
                if upcoming in done:
                    try:
                        event = upcoming.result()
                    except StopAsyncIteration:
                        break
                    upcoming = asyncio.ensure_future(anext(events))
                    body = json.dumps(event_json(event), ensure_ascii=False)
                    yield f"id: {event.n}\nevent: {event.type.value}\ndata: {body}\n\n"
            if conversations.events.ended:
                yield _passing("server.draining", {"retry_ms": random.randint(*_BACK_IN_MS)})
        finally:
            for task in (upcoming, passes):
                task.cancel()
            await asyncio.gather(upcoming, passes, return_exceptions=True)
            await events.aclose()  # type: ignore[attr-defined]


def _passing(type: str, data: Mapping[str, JsonValue]) -> str:
    body = {"type": type, "at": datetime.now(UTC).isoformat(), "data": data}
    return f"event: {type}\ndata: {json.dumps(body, ensure_ascii=False)}\n\n"
