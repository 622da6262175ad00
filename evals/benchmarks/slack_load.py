"""How soon Slack is acknowledged while turns are slow, and what Parley costs over a bare bolt app.

`python -m evals.benchmarks.slack_load --seconds 20` starts `parley serve` over a fresh sample home, with a model that takes
five seconds for each answer, and sends it 50 signed events a second, each a question of its own; then the same to an app of
bolt's that only says yes. This process is Slack and the model. The exit status is 1 where an event is not acknowledged, or
the 99th percentile is over `--limit` milliseconds.
"""

import argparse
import asyncio
import hashlib
import hmac
import itertools
import json
import os
import re
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import aiohttp
import uvicorn
from rich.console import Console
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from agent.homes import sample_home
from knowledge.progress import silent

_SECRET = "benchmark"  # noqa: S105 - of a server of our own
_READY = re.compile(r"ready.*?(http://\S+)")
_SETTINGS = {
    "PARLEY_KNOWLEDGE__EMBEDDER": "corpus",
    "PARLEY_UNDERSTANDING__SENTIMENT": "words",
    "PARLEY_SLACK__BOT_TOKEN": "xoxb-benchmark",
    "PARLEY_SLACK__SIGNING_SECRET": _SECRET,
    "PARLEY_MODEL__NAME": "slow",
    "PYTHONUNBUFFERED": "1",
}
_BARE = """
import asyncio, sys, uvicorn
from fastapi import FastAPI, Request
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
app = AsyncApp(client=AsyncWebClient("xoxb-benchmark", base_url=sys.argv[1]), signing_secret=sys.argv[2])
@app.event("message")
async def message(body): pass
handler, api = AsyncSlackRequestHandler(app), FastAPI()
@api.post("/slack/events")
async def events(request: Request): return await handler.handle(request)
print(f"ready at http://127.0.0.1:{sys.argv[3]}", flush=True)
uvicorn.run(api, port=int(sys.argv[3]), log_level="warning")
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Milliseconds to the acknowledgement. answered: replies that had come when the last event was sent."""

    events: int
    unacknowledged: int
    p50_ms: float
    p95_ms: float
    p99_ms: float
    answered: int


class Slack:
    """Says yes to every call, and speaks slowly as the model. calls: how often each method was called."""

    def __init__(self, turn_s: float) -> None:
        self._turn_s = turn_s
        self._count = itertools.count(1)
        self.answered = 0

    async def api(self, request: Request) -> Response:
        """A call of the Web API."""
        self.answered += request.path_params["method"] == "chat.stopStream"
        about = {"team_id": "T1", "user_id": "UBOT", "bot_id": "BBOT", "messages": []}
        return JSONResponse({"ok": True, "ts": f"1.{next(self._count):06d}", "user": {"locale": "en-US"}, **about})

    async def models(self, _: Request) -> Response:
        """The only model."""
        return JSONResponse({"object": "list", "data": [{"id": "slow", "object": "model"}]})

    async def complete(self, _: Request) -> Response:
        """An answer that takes its time."""
        return StreamingResponse(self._words(), media_type="text/event-stream")

    async def _words(self) -> AsyncIterator[str]:
        head = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "slow"}
        for number in range(10):
            await asyncio.sleep(self._turn_s / 10)
            delta = {"role": "assistant", "content": f"Word {number} of an answer [1]. "}
            yield f"data: {json.dumps({**head, 'choices': [{'index': 0, 'delta': delta, 'finish_reason': None}]})}\n\n"
        yield f"data: {json.dumps({**head, 'choices': [{'index': 0, 'delta': {}, 'finish_reason': 'stop'}]})}\n\n"
        yield "data: [DONE]\n\n"


@asynccontextmanager
async def _serving(slack: Slack) -> AsyncIterator[str]:
    routes = [
        Route("/api/{method}", slack.api, methods=["GET", "POST"]),
        Route("/v1/models", slack.models),
        Route("/v1/chat/completions", slack.complete, methods=["POST"]),
    ]
    server = uvicorn.Server(uvicorn.Config(Starlette(routes=routes), "127.0.0.1", 0, log_level="critical"))
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        await task


@asynccontextmanager
async def _process(arguments: list[str], settings: dict[str, str]) -> AsyncIterator[str]:
    """A server in a process of its own; its address."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *arguments,
        env={**os.environ, **settings},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    assert process.stdout is not None
    try:
        async for line in process.stdout:
            if found := _READY.search(line.decode()):
                break
        else:
            raise SystemExit("the server did not start")
        reading = asyncio.create_task(process.stdout.read())
        await asyncio.sleep(1)
        yield found[1]
        reading.cancel()
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def _send(url: str, slack: Slack, rate: float, seconds: float) -> Figures:
    times: list[float | None] = []

    async def one(session: aiohttp.ClientSession, number: int) -> None:
        event = {"type": "message", "channel": "D1", "channel_type": "im", "user": f"U{number % 50}"}
        said = {"text": f"How long do I have to return item {number}?", "ts": f"{int(time.time())}.{number:06d}"}
        envelope = {"type": "event_callback", "team_id": "T1", "event_id": f"Ev{number}", "event": {**event, **said}}
        body = json.dumps(envelope).encode()
        at = str(int(time.time()))
        signature = hmac.new(_SECRET.encode(), f"v0:{at}:".encode() + body, hashlib.sha256).hexdigest()
        headers = {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": f"v0={signature}"}
        begun = time.perf_counter()
        try:
            async with session.post(url, data=body, headers={**headers, "Content-Type": "application/json"}) as answer:
                await answer.read()
                times.append((time.perf_counter() - begun) * 1000 if answer.status == 200 else None)
        except (aiohttp.ClientError, TimeoutError):
            times.append(None)

    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=3)) as session:
        await one(session, 0)  # the first one asks Slack who we are
        times.clear()
        begun, tasks = time.perf_counter(), []
        for number in range(1, int(rate * seconds) + 1):
            await asyncio.sleep(max(0.0, begun + number / rate - time.perf_counter()))
            tasks.append(asyncio.create_task(one(session, number)))
        answered = slack.answered
        await asyncio.gather(*tasks)
    good = sorted(took for took in times if took is not None)
    p50, p95, p99 = (round(good[min(len(good) - 1, int(len(good) * share))], 1) for share in (0.5, 0.95, 0.99))
    return Figures(
        events=len(times), unacknowledged=len(times) - len(good), p50_ms=p50, p95_ms=p95, p99_ms=p99, answered=answered
    )


async def _measure(rate: float, seconds: float, turn_s: float) -> dict[str, Figures]:
    slack = Slack(turn_s)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        os.environ.update(_SETTINGS)
        await asyncio.to_thread(sample_home, home, silent)
        async with _serving(slack) as base:
            settings = {**_SETTINGS, "SLACK_API_URL": f"{base}/api/", "PARLEY_MODEL__BASE_URL": f"{base}/v1"}
            run = ["-c", "from agent.cli import main; main()", "--home", str(home), "serve", "--port", "0"]
            async with _process(run, settings) as url:
                parley = await _send(f"{url}/slack/events", slack, rate, seconds)
            async with _process(["-c", _BARE, f"{base}/api/", _SECRET, "28719"], {}) as url:
                bare = await _send(f"{url}/slack/events", slack, rate, seconds)
    return {"parley": parley, "bare bolt": bare}


def main() -> None:
    """Prints the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rate", type=float, default=50, help="events a second")
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--turn", type=float, default=5, help="seconds that the model takes")
    parser.add_argument("--limit", type=float, default=100, help="milliseconds of the 99th percentile")
    arguments = parser.parse_args()
    found = asyncio.run(_measure(arguments.rate, arguments.seconds, arguments.turn))
    Console().print_json(json.dumps({name: asdict(figures) for name, figures in found.items()}))
    parley = found["parley"]
    if parley.unacknowledged or parley.p99_ms > arguments.limit:
        sys.exit(1)


if __name__ == "__main__":
    main()
