"""A conversation as server-sent events."""

import asyncio
import json
import random
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from agent.conversations import Conversations
from agent.ports import PassingEvent
from agent.store.news import Follower
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


class EventStream(Response):
    """The answer that lasts: what happened after event `after`, and what happens.

    Written out here, as a reader mostly waits: Starlette's StreamingResponse keeps a group of tasks for each, and to wait for
    two things at once takes two more. What was sent is let go before the next is waited for.
    """

    media_type = "text/event-stream"

    def __init__(self, conversations: Conversations, conversation_id: str, after: int) -> None:
        self._conversations = conversations
        self._conversation_id = conversation_id
        self._after = after
        self.status_code, self.background = 200, None
        self.init_headers({"Cache-Control": "no-store", "X-Accel-Buffering": "no"})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends until the reader leaves, the conversation is deleted, or the server stops."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        await _send(send, f"retry: {_RETRY_MS}\n\n")
        events = self._conversations.events
        with (
            events.news.following(self._conversation_id, self._after) as follower,
            self._conversations.passing.listening(self._conversation_id, follower.bell) as passing,
        ):
            leaving = asyncio.create_task(_left(receive))
            leaving.add_done_callback(lambda _: follower.bell.set())
            try:
                while not (events.ended or follower.gone or leaving.done()):
                    follower.bell.clear()
                    await self._tell(send, follower, passing)
                    await _rung(follower.bell, send)
                if events.ended:
                    await _send(send, _passing("server.draining", {"retry_ms": random.randint(*_BACK_IN_MS)}))
            finally:
                leaving.cancel()
                await asyncio.gather(leaving, return_exceptions=True)
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _tell(self, send: Send, follower: Follower, passing: list[PassingEvent]) -> None:
        """All that is new: what passes by without numbers, events with theirs."""
        passed = [_passing(one.type, one.data) for one in passing]
        passing.clear()
        happened = [_numbered(event) for event in await self._conversations.events.new(self._conversation_id, follower)]
        if passed or happened:
            await _send(send, "".join((*passed, *happened)))


async def _rung(bell: asyncio.Event, send: Send) -> None:
    """Waits for the bell; a comment now and then keeps proxies from closing the stream."""
    while not bell.is_set():
        with suppress(TimeoutError):
            async with asyncio.timeout(_HEARTBEAT_S):
                await bell.wait()
                return
        await _send(send, ": still here\n\n")


async def _left(receive: Receive) -> None:
    """Returns once the reader has gone."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def _send(send: Send, text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})


def _numbered(event: Event) -> str:
    body = json.dumps(event_json(event), ensure_ascii=False)
    return f"id: {event.n}\nevent: {event.type.value}\ndata: {body}\n\n"


def _passing(type: str, data: Mapping[str, JsonValue]) -> str:
    body = {"type": type, "at": datetime.now(UTC).isoformat(), "data": data}
    return f"event: {type}\ndata: {json.dumps(body, ensure_ascii=False)}\n\n"
