"""Parley beside a plain langchain `create_agent` RAG: the same scripted model over HTTP, the same knowledge, one run.

`python -m evals.benchmarks.agent_overhead --home HOME [--turns 60]` prints, for each, the milliseconds that a turn takes beyond
the model (which answers at once, by a sentence of what was found, in its language), resident memory, and turns a second with
eight at a time. The peers are those of langchain's documentation: an agent with a search tool (two calls of the model a turn),
and an agent whose middleware puts what is found into the prompt (one call). All search the home's own library. Each runs in a process of its own, on the
event loop that the server uses, and is asked no question twice.
"""

import argparse
import asyncio
import json
import multiprocessing
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median
from typing import Any

from agent.event_loop import run
from agent.settings import load_settings
from agent.types import Understanding
from agent.understand.language import ScriptLanguages
from evals.benchmarks.measured_process import MeasuredProcess
from evals.benchmarks.paced_model import SAID, cited
from evals.benchmarks.requests_served import serve_requests

_QUESTIONS = ("How long do I have to return something?", "退货期限是多久？", "Can I return a laptop within 30 days?")
_AT_ONCE = 8
_REST_S = 5  # before memory is read: what a server holds, not what a turn is about to let go of

Ask = Callable[[str], Awaitable[str]]


def main() -> None:
    """Measures all and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--turns", type=int, default=60)
    arguments = parser.parse_args()
    context = multiprocessing.get_context("spawn")
    ports = context.Queue()
    server = context.Process(target=_serve, args=(ports,), daemon=True)
    server.start()
    url = f"http://127.0.0.1:{ports.get(timeout=30)}/v1"
    print(f"{'':24}{'ms a turn':>10}{'p95':>8}{'MB':>8}{'turns/s':>9}")
    try:
        for name in _CONTENDERS:
            with context.Pool(1) as pool:
                ms, p95, memory, rate = pool.apply(_measure, (name, arguments.home, url, arguments.turns))
            print(f"{name:24}{ms:10.1f}{p95:8.1f}{memory:8.0f}{rate:9.1f}")
    finally:
        server.terminate()


def _measure(name: str, home: Path, url: str, turns: int) -> tuple[float, float, float, float]:
    return run(_measured(name, home, url, turns))


async def _measured(name: str, home: Path, url: str, turns: int) -> tuple[float, float, float, float]:
    async with _CONTENDERS[name](home, url) as ask:
        for n in range(-len(_QUESTIONS), 0):  # warms up
            assert "30" in await ask(_question(n)), _question(n)
        took: list[float] = []
        for n in range(turns):
            start = time.perf_counter()
            await ask(_question(n))
            took.append((time.perf_counter() - start) * 1000)
        slots = asyncio.Semaphore(_AT_ONCE)

        async def one(n: int) -> None:
            async with slots:
                await ask(_question(turns + n))

        start = time.perf_counter()
        await asyncio.gather(*(one(n) for n in range(turns)))
        rate = turns / (time.perf_counter() - start)
        await asyncio.sleep(_REST_S)
        memory = MeasuredProcess(url="", pid=os.getpid()).memory_mb()
    return median(took), sorted(took)[int(len(took) * 0.95)], memory, rate


def _question(n: int) -> str:
    """Each a text of its own, so that nobody answers from what it remembers of the last one."""
    return f"{_QUESTIONS[n % len(_QUESTIONS)]} ({n})"


@asynccontextmanager
async def _parley(home: Path, url: str) -> AsyncIterator[Ask]:
    from agent.build import open_agent
    from agent.memory import giving_back, settle_memory, share_one_heap

    share_one_heap()  # as every server does
    settings = load_settings(home)
    settings.model.base_url, settings.model.name = url, "scripted"
    async with open_agent(settings, warm=True) as agent, giving_back():
        settle_memory()

        async def ask(question: str) -> str:
            return (await agent.answer(question)).text

        yield ask


@asynccontextmanager
async def _tool_agent(home: Path, url: str) -> AsyncIterator[Ask]:
    from langchain.agents import create_agent
    from langchain_core.tools import tool

    async with _search(home) as found:

        @tool
        async def search(query: str) -> str:
            """Finds passages of the help articles."""
            return await found(query)

        yield _asking(create_agent(_chat(url), [search], system_prompt="Answer from the articles; cite [n]."))


@asynccontextmanager
async def _prompt_agent(home: Path, url: str) -> AsyncIterator[Ask]:
    async with prompt_agent(home, url) as agent:
        yield _asking(agent)


@asynccontextmanager
async def prompt_agent(home: Path, url: str) -> AsyncIterator[Any]:
    """langchain's agent, whose prompt holds what is found of the home."""
    from langchain.agents import create_agent
    from langchain.agents.middleware import AgentMiddleware
    from langchain_core.messages import SystemMessage

    async with _search(home) as found:

        class Found(AgentMiddleware[Any, Any]):
            async def awrap_model_call(self, request: Any, handler: Any) -> Any:
                passages = await found(str(request.messages[-1].content))
                instructions = SystemMessage(f"Answer from these passages; cite [n].\n\n{passages}")
                return await handler(request.override(system_message=instructions))

        yield create_agent(_chat(url), [], middleware=[Found()])


def _asking(agent: Any) -> Ask:
    async def ask(question: str) -> str:
        state = await agent.ainvoke({"messages": [{"role": "user", "content": question}]})
        return str(state["messages"][-1].content)

    return ask


@asynccontextmanager
async def _search(home: Path) -> AsyncIterator[Ask]:
    """The home's own search, as a text of numbered passages."""
    from agent.home import Home
    from agent.homes import open_documents, open_graph
    from agent.retrieval import KnowledgeRetriever

    with open_documents(Home(home), load_settings(home)) as library:
        shelf = library.shelf("public")
        await asyncio.to_thread(shelf.warm)
        retriever = KnowledgeRetriever(shelf, open_graph(Home(home)), passages=8)

        async def found(query: str) -> str:
            language = ScriptLanguages().detect(query, ())
            understood = Understanding(text=query, question=query, language=language)
            passages = (await retriever.retrieve(understood)).passages
            return "\n\n".join(f"[{n}] {one.passage.text}" for n, one in enumerate(passages, start=1))

        yield found


def _chat(url: str) -> Any:
    from langchain_openai import ChatOpenAI
    from pydantic import SecretStr

    return ChatOpenAI(model="scripted", base_url=url, api_key=SecretStr("none"), use_responses_api=False)


_CONTENDERS = {"parley": _parley, "create_agent, tool": _tool_agent, "create_agent, prompt": _prompt_agent}


def _serve(ports: Any) -> None:
    asyncio.run(_model(ports))


async def _model(ports: Any) -> None:
    """Answers at once: a call of the search tool where one is offered and was not called yet, else a sentence."""

    async def answer(writer: asyncio.StreamWriter, body: dict[str, Any]) -> None:
        _answer(writer, body)

    await serve_requests(answer, ports)


def _answer(writer: asyncio.StreamWriter, body: dict[str, Any]) -> None:
    if not body.get("stream"):
        _send(writer, json.dumps(_whole(body)).encode(), b"application/json")
        return
    chunks = b"".join(
        b"data: " + json.dumps(_chunk(delta, end)).encode() + b"\n\n"
        for delta, end in (({"role": "assistant", "content": cited(body, SAID)[0]}, None), ({}, "stop"))
    )
    _send(writer, chunks + b"data: [DONE]\n\n", b"text/event-stream")


def _send(writer: asyncio.StreamWriter, body: bytes, kind: bytes) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: %s\r\ncontent-length: %d\r\n\r\n" % (kind, len(body)) + body)


def _chunk(delta: dict[str, str], finish: str | None) -> dict[str, object]:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "scripted", "choices": [choice]}


def _whole(body: dict[str, Any]) -> dict[str, object]:
    last = body["messages"][-1]
    message: dict[str, object] = {"role": "assistant", "content": cited(body, SAID)[0]}
    if body.get("tools") and last["role"] == "user":
        function = {"name": "search", "arguments": json.dumps({"query": last["content"]})}
        message = {"role": "assistant", "tool_calls": [{"id": "1", "type": "function", "function": function}]}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    return {"id": "1", "object": "chat.completion", "created": 1, "model": "scripted", "choices": [choice]}


if __name__ == "__main__":
    main()
