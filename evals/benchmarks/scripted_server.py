"""A scripted chat model in OpenAI's form that answers at once, in a process of its own: the same text to the same question."""

import asyncio
import json
import multiprocessing
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from evals.benchmarks.requests_served import serve_requests

_HEAD = {"id": "1", "created": 1, "model": "scripted"}
_USAGE = {"prompt_tokens": 20, "completion_tokens": 10, "total_tokens": 30}


@contextmanager
def scripted_server(answers: Mapping[str, str]) -> Iterator[str]:
    """Its base address (…/v1). answers: by question; whoever asks anything else is told so."""
    context = multiprocessing.get_context("spawn")
    ports = context.SimpleQueue()
    process = context.Process(target=_serve, args=(dict(answers), ports), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{ports.get()}/v1"
    finally:
        process.terminate()
        process.join()


def _serve(answers: dict[str, str], ports: Any) -> None:
    asyncio.run(_run(answers, ports))


async def _run(answers: dict[str, str], ports: Any) -> None:
    async def answer(writer: asyncio.StreamWriter, body: dict[str, Any]) -> None:
        text = answers.get(_question(body), "I was not told what to say.")
        writer.write(_streamed(text) if body.get("stream") else _whole(text))

    await serve_requests(answer, ports)


def _question(body: dict[str, Any]) -> str:
    content = body["messages"][-1]["content"]
    return str(content if isinstance(content, str) else content[0]["text"])


def _whole(text: str) -> bytes:
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
    body = json.dumps({**_HEAD, "object": "chat.completion", "choices": [choice], "usage": _USAGE}).encode()
    return b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%s" % (len(body), body)


def _streamed(text: str) -> bytes:
    """A stream of three pieces, which leaves at once."""
    third = len(text) // 3 + 1
    pieces = [text[at : at + third] for at in range(0, len(text), third)]
    events: list[dict[str, object]] = [
        {"choices": [{"index": 0, "delta": {"content": piece}, "finish_reason": None}]} for piece in pieces
    ]
    events += [{"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}, {"choices": [], "usage": _USAGE}]
    lines = [json.dumps({**_HEAD, "object": "chat.completion.chunk", **event}) for event in events]
    body = "".join(f"data: {line}\n\n" for line in [*lines, "[DONE]"]).encode()
    return b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: %d\r\n\r\n%s" % (len(body), body)
