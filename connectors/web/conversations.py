"""`/v1/conversations`: create, send, follow, stop, rate, close, read."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Header, Query, Request
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import BaseModel, Field, StrictBool

from agent.conversations import Conversations
from agent.errors import NotAllowed
from agent.types import Event, InboundMessage

_HEARTBEAT_S = 15.0
_MOST = 2**53 - 1  # the largest number that JavaScript and every database can count to
_PLAIN = r"^[^\x00-\x1f\x7f]+$"  # an id without control characters


class NewConversation(BaseModel):
    """Body of `POST /v1/conversations`; may be absent. learning: whether the customer agrees to being learned from."""

    customer_id: str | None = Field(None, max_length=200)
    learning: StrictBool | None = None


class Consent(BaseModel):
    """Body of `POST …/consent`. learning: whether this conversation may be learned from, from now on."""

    learning: StrictBool


class NewMessage(BaseModel):
    """Body of `POST …/messages`. client_id: the sender's own id of the message; twice the same is one message."""

    text: str
    client_id: str = Field(min_length=1, max_length=200, pattern=_PLAIN)


class NewFeedback(BaseModel):
    """Body of `POST …/feedback`. event: number of the reply it is about."""

    event: int = Field(ge=1, le=_MOST)
    value: int = Field(ge=-1, le=1)
    comment: str = Field("", max_length=4000)


def conversations_router(conversations: Conversations) -> APIRouter:
    """The routes over a running service."""
    router = APIRouter(prefix="/v1/conversations")

    async def opened(conversation_id: str, request: Request) -> None:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise NotAllowed("Give the conversation's token as a bearer token.")
        await conversations.authorize(conversation_id, token)

    @router.post("", status_code=201)
    async def create(body: NewConversation | None = None) -> dict[str, str]:
        # An id that a page gives proves nothing; signed identity comes with the widget.
        conversation_id, token = await conversations.create("web", may_learn=body.learning if body else None)
        return {"id": conversation_id, "token": token}

    @router.get("/{conversation_id}")
    async def transcript(conversation_id: str, request: Request) -> JSONResponse:
        await opened(conversation_id, request)
        events = await conversations.events.read(conversation_id)
        return JSONResponse({"id": conversation_id, "events": [event_json(event) for event in events]})

    @router.post("/{conversation_id}/messages", status_code=202)
    async def send(conversation_id: str, body: NewMessage, request: Request) -> JSONResponse:
        await opened(conversation_id, request)
        message = InboundMessage(
            conversation_id=conversation_id, channel="web", channel_message_id=body.client_id, text=body.text
        )
        return JSONResponse(event_json(await conversations.receive(message)), 202)

    @router.get("/{conversation_id}/events")
    async def follow(
        conversation_id: str,
        request: Request,
        after: Annotated[int, Query(ge=0, le=_MOST)] = 0,
        last_event_id: Annotated[int, Header(ge=0, le=_MOST)] = 0,
    ) -> StreamingResponse:
        await opened(conversation_id, request)
        start = max(after, last_event_id)
        return StreamingResponse(
            _stream(conversations, conversation_id, start),
            media_type="text/event-stream",
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )

    @router.post("/{conversation_id}/stop")
    async def stop(conversation_id: str, request: Request) -> dict[str, bool]:
        await opened(conversation_id, request)
        return {"stopped": await conversations.stop(conversation_id)}

    @router.post("/{conversation_id}/feedback", status_code=201)
    async def feedback(conversation_id: str, body: NewFeedback, request: Request) -> JSONResponse:
        await opened(conversation_id, request)
        event = await conversations.feedback(conversation_id, body.event, body.value, body.comment)
        return JSONResponse(event_json(event), 201)

    @router.post("/{conversation_id}/consent")
    async def consent(conversation_id: str, body: Consent, request: Request) -> dict[str, bool]:
        await opened(conversation_id, request)
        await conversations.set_consent(conversation_id, may_learn=body.learning)
        return {"learning": body.learning}

    @router.post("/{conversation_id}/close")
    async def close(conversation_id: str, request: Request) -> dict[str, bool]:
        await opened(conversation_id, request)
        await conversations.close(conversation_id)
        return {"closed": True}

    return router


def event_json(event: Event) -> dict[str, object]:
    """An event as CONTRACT.md words it."""
    return {"n": event.n, "type": event.type.value, "at": event.at.isoformat(), "data": event.data}


async def _stream(conversations: Conversations, conversation_id: str, after: int) -> AsyncIterator[str]:
    """Server-sent events; a comment now and then keeps proxies from closing an idle stream."""
    events = conversations.events.follow(conversation_id, after)
    upcoming = asyncio.ensure_future(anext(events))
    try:
        while True:
            done, _ = await asyncio.wait([upcoming], timeout=_HEARTBEAT_S)
            if not done:
                yield ": still here\n\n"
                continue
            try:
                event = upcoming.result()
            except StopAsyncIteration:
                return
            upcoming = asyncio.ensure_future(anext(events))
            body = json.dumps(event_json(event), ensure_ascii=False)
            yield f"id: {event.n}\nevent: {event.type.value}\ndata: {body}\n\n"
    finally:
        upcoming.cancel()
        await asyncio.gather(upcoming, return_exceptions=True)
        await events.aclose()  # type: ignore[attr-defined]
