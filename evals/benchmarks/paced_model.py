"""A scripted model server at the pace of a real one: OpenAI's wire protocol, in a process of its own.

It says sentences that one passage of the prompt holds, and cites that passage.
"""

import asyncio
import json
import multiprocessing
import random
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.queues import Queue
from typing import Any

from evals.benchmarks.requests_served import serve_requests

FIRST_TOKEN_S = (0.15, 0.4)
TOKENS_A_SECOND = (30.0, 60.0)
_PIECE = re.compile(r"[\u3400-\u9fff]{1,2}|[^\s\u3400-\u9fff]+\s*|\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """What is said where a passage holds the first sentence. sentences: without their last mark; mark: that one."""

    sentences: tuple[str, str]
    mark: str


SAID = (
    Speech(
        sentences=(
            "You have 30 days from delivery to return almost anything",
            "Orders placed between 15 November and 24 December can be returned until 31 January",
        ),
        mark=".",
    ),
    Speech(
        sentences=("大部分商品自收货之日起30天内可以退货", "11月15日至12月24日之间的订单，可退到次年1月31日"), mark="。"
    ),
)
"""What the articles of the sample say, in either language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request. question: the end of the last message; else seconds of `time.perf_counter`, which all processes share: when it
    came, when its first token left, and when the one did that shows the first sentence to be whole."""

    question: str
    arrived: float
    first: float
    sentence: float


@contextmanager
def paced_model(said: Sequence[Speech]) -> Iterator[tuple[str, "Queue[Asked]"]]:
    """Its URL, and the requests that it has answered. said: the first that fits the prompt, or else the first."""
    context = multiprocessing.get_context("spawn")
    ports, asked = context.SimpleQueue(), context.Queue()
    process = context.Process(target=_serve, args=(said, ports, asked), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{ports.get()}/v1", asked
    finally:
        process.terminate()
        process.join()


def _serve(said: Sequence[Speech], ports: Any, asked: Any) -> None:
    asyncio.run(_run(said, ports, asked))


async def _run(said: Sequence[Speech], ports: Any, asked: Any) -> None:
    varied = random.Random(0)

    async def answer(writer: asyncio.StreamWriter, body: dict[str, Any]) -> None:
        asked.put(await _answer(writer, body, said, varied))

    await serve_requests(answer, ports)


async def _answer(
    writer: asyncio.StreamWriter, body: dict[str, Any], said: Sequence[Speech], varied: random.Random
) -> Asked:
    arrived = time.perf_counter()
    question = str(body["messages"][-1]["content"])[-200:]
    first, second = (_PIECE.findall(sentence) for sentence in cited(body, said))
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n")
    _write(writer, {"role": "assistant", "content": ""})
    await asyncio.sleep(varied.uniform(*FIRST_TOKEN_S))
    begun, pause, times = time.perf_counter(), 1 / varied.uniform(*TOKENS_A_SECOND), []
    for n, token in enumerate((*first, *second)):
        await asyncio.sleep(begun + n * pause - time.perf_counter())
        times.append(time.perf_counter())
        _write(writer, {"content": token})
    _write(writer, {}, "stop")
    _chunk(writer, b"data: [DONE]\n\n")
    writer.write(b"0\r\n\r\n")
    await writer.drain()
    return Asked(question=question, arrived=arrived, first=times[0], sentence=times[len(first)])


def cited(body: Mapping[str, Any], said: Sequence[Speech]) -> list[str]:
    """What a request is answered with: the sentences that the evidence holds, each with the number of the passage; the first ones, bare, where none fits."""
    prompt = "\n".join(str(message["content"]) for message in body["messages"]).replace("**", "")
    speech = next((one for one in said if one.sentences[0] in prompt), None)
    if speech is None:
        return [f"{sentence}{said[0].mark} " for sentence in said[0].sentences]
    number = re.findall(r"^\[(\d+)\]", prompt.partition(speech.sentences[0])[0], re.MULTILINE)[-1]
    return [f"{sentence} [{number}]{speech.mark} " for sentence in speech.sentences]


def _write(writer: asyncio.StreamWriter, delta: dict[str, str], finish: str | None = None) -> None:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    chunk = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "paced", "choices": [choice]}
    _chunk(writer, b"data: " + json.dumps(chunk).encode() + b"\n\n")


def _chunk(writer: asyncio.StreamWriter, data: bytes) -> None:
    writer.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
