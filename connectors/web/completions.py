"""`POST /v1/chat/completions`: the agent as a model, for any OpenAI client."""

import json
import logging
import time
import uuid
from collections.abc import AsyncIterator, Callable

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse, Response, StreamingResponse
from pydantic import BaseModel, Field

from agent.closing import closing
from agent.conversations import clean_text
from agent.ports import Retract, TurnRunner
from agent.types import InboundMessage, Reply, Utterance
from agent.wire import reply_json
from connectors.web.access import ServerKey
from connectors.web.open_flows import OpenFlows
from connectors.web.problems import problem, problems

_LOG = logging.getLogger(__name__)
_MODEL = "parley"
_MAX_CHARS = 8000


class ChatMessage(BaseModel):
    """One message; `system` ones are ignored, as the agent has its own instructions."""

    role: str
    content: str | None = ""


class ChatRequest(BaseModel):
    """The part of OpenAI's request that means something here; the rest is accepted and ignored."""

    messages: list[ChatMessage] = Field(min_length=1)
    model: str = _MODEL
    stream: bool = False


def completions_router(runner: TurnRunner, key: ServerKey) -> APIRouter:
    """The route over a turn runner."""
    router = APIRouter(prefix="/v1", tags=["openai"], dependencies=[Depends(key)])
    flows = OpenFlows()

    @router.get("/models", response_model=None, responses=problems(401))
    async def models() -> Response:
        """The agent as the one model."""
        return JSONResponse({"object": "list", "data": [{"id": _MODEL, "object": "model", "owned_by": "parley"}]})

    @router.post(
        "/chat/completions",
        response_model=None,
        responses={**problems(401, 422), 200: {"content": {"application/json": {}, "text/event-stream": {}}}},
    )
    async def complete(body: ChatRequest) -> Response:
        """One turn in OpenAI's form; the answer's `parley` is the whole Reply."""
        said = [m for m in body.messages if m.role in {"user", "assistant"}]
        if not said or said[-1].role != "user":
            return problem(422, "Invalid request", "messages: the last one must be the user's")
        *earlier, asked = (
            Utterance(role="user" if m.role == "user" else "assistant", content=m.content or "") for m in said
        )
        history = flows.resumed(earlier)
        message = InboundMessage(
            conversation_id="",
            channel="completions",
            channel_message_id=uuid.uuid4().hex,
            text=clean_text(asked.content, _MAX_CHARS),
        )

        def note(text: str, reply: Reply) -> None:
            flows.keep([*earlier, asked, Utterance(role="assistant", content=text)], reply.flow)

        if body.stream:
            return StreamingResponse(_streamed(runner, message, history, note), media_type="text/event-stream")
        async for step in runner.run(message, history):
            if isinstance(step, Reply):
                note(step.text, step)
                return JSONResponse(_whole(step))
        return problem(500, "Internal error", "The turn ended without a reply.")

    return router


def _whole(reply: Reply) -> dict[str, object]:
    choice = {"index": 0, "message": {"role": "assistant", "content": reply.text}, "finish_reason": "stop"}
    usage = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}
    return {**_head("chat.completion"), "choices": [choice], "usage": usage, "parley": reply_json(reply)}


async def _streamed(
    runner: TurnRunner, message: InboundMessage, history: list[Utterance], note: Callable[[str, Reply], None]
) -> AsyncIterator[str]:
    """Chunks in OpenAI's form. Their protocol cannot take words back, so what was retracted is followed by a line.

    note: is told the words that were sent, and the reply.
    """
    head, said = _head("chat.completion.chunk"), ""
    yield _chunk(head, {"role": "assistant", "content": ""}, None)
    try:
        async with closing(runner.run(message, history)) as steps:
            async for step in steps:
                if isinstance(step, str | Retract):
                    piece = step if isinstance(step, str) else "\n\n"
                    said += piece
                    yield _chunk(head, {"content": piece}, None)
                elif isinstance(step, Reply):
                    note(said, step)
                    yield _chunk({**head, "parley": reply_json(step)}, {}, "stop")
    except Exception:  # noqa: BLE001 - the rim: the status is out already, so the error is an event, as OpenAI's own are
        _LOG.exception("a streamed turn failed")
        error = {"message": "Something went wrong on our side. Please try again.", "type": "server_error"}
        yield f"data: {json.dumps({'error': error})}\n\n"
        return
    yield "data: [DONE]\n\n"


def _chunk(head: dict[str, object], delta: dict[str, str], finish: str | None) -> str:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return f"data: {json.dumps({**head, 'choices': [choice]}, ensure_ascii=False)}\n\n"


def _head(kind: str) -> dict[str, object]:
    return {"id": f"chatcmpl-{uuid.uuid4().hex}", "object": kind, "created": int(time.time()), "model": _MODEL}
