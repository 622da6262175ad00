"""The web chat's server under load: many conversations at once, each with its event stream open and one message sent.

`python -m evals.benchmarks.web_load --conversations 1000 --over 20` starts `parley serve` over a fresh sample home (or
`--home`), opens all the streams, lets them idle for ten seconds, then sends one suggestion of the sample in each
conversation, English and Chinese by turns, evenly over `--over` seconds. This process is the customers; it needs the
aiohttp package. A reply that does not come within `--patience` seconds, an answer that is no success and a stream that
breaks are errors, and the exit status is 1 when there are any. Rate limits are off, as all customers share one address.
"""

import argparse
import asyncio
import json
import math
import os
import re
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, nullcontext
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import aiohttp
from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, TimeElapsedColumn
from rich.table import Table

from agent.home import Home
from agent.homes import load_suggestions, sample_home
from evals.benchmarks.measured_process import MeasuredProcess, measured_process
from knowledge.progress import silent

_READY = re.compile(r"Parley is ready: (http://\S+)")
_OPENING = 32  # conversations that are begun at the same time, before anything is measured
_IDLE_S = 10.0
_SETTLED_S = 3.0
_LAST = frozenset({"reply.completed", "turn.failed", "turn.stopped"})
_SAID = frozenset({"reply.delta", "reply.completed"})
SETTINGS = {
    "PARLEY_KNOWLEDGE__EMBEDDER": "corpus",
    "PARLEY_UNDERSTANDING__SENTIMENT": "words",
    "PARLEY_SERVER__LIMITS__ADDRESS_PER_MINUTE": "0",
    "PARLEY_SERVER__LIMITS__NEW_CONVERSATIONS_PER_MINUTE": "0",
    "PYTHONUNBUFFERED": "1",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How a time is spread over the conversations, in milliseconds."""

    p50: float
    p95: float
    p99: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What a run measured.

    load: of the machine over the last minute, when it began and when it ended; errors: how often each happened;
    accepted, started, said: from sending a message to the answer of the POST, to `turn.started`, and to the reply's first
    words; replies_a_second: over the time from the first message to the last reply; memory in MB of resident memory, ready: before the first customers, where there are such; idle_cpu_s:
    processor time of the server in ten seconds in which nothing happens; turns_cpu_s: from the first message to the last reply.
    """

    conversations: int
    over_s: float
    cores: int
    load: tuple[float, float]
    replies: int
    errors: dict[str, int]
    accepted_ms: Spread
    started_ms: Spread
    said_ms: Spread
    completed_ms: Spread
    replies_a_second: float
    memory_before_mb: float
    memory_idle_mb: float
    memory_after_mb: float
    idle_cpu_s: float
    turns_cpu_s: float
    memory_ready_mb: float = math.nan


@dataclass(slots=True)
class Customer:
    """One conversation and what its customer has seen; times are of this process's clock, NaN where it never came."""

    path: str
    headers: dict[str, str]
    sent: float = math.nan
    accepted: float = math.nan
    seen: dict[str, float] = field(default_factory=dict)
    error: str = ""
    open: asyncio.Event = field(default_factory=asyncio.Event)
    done: asyncio.Event = field(default_factory=asyncio.Event)

    def see(self, kind: str) -> None:
        """An event has come."""
        now = time.perf_counter()
        self.seen.setdefault(kind, now)
        if kind in _SAID:
            self.seen.setdefault("said", now)
        if kind in _LAST:
            self.end("" if kind == "reply.completed" else kind)

    def end(self, error: str) -> None:
        """Nothing more is waited for; the first error stands."""
        self.error = self.error or error
        self.open.set()
        self.done.set()

    def waited_ms(self, until: float) -> float:
        """From sending the message until then."""
        return 1000 * (until - self.sent)


def main() -> None:
    """Measures, and prints a table or JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--conversations", type=int, default=1000)
    parser.add_argument("--over", type=float, default=20.0, help="seconds over which the messages are sent")
    parser.add_argument("--patience", type=float, default=300.0, help="seconds that a customer waits for a reply")
    parser.add_argument("--workers", type=int, default=1, help="processes of the server")
    parser.add_argument("--home", type=Path, help="a sample home to use; default: a fresh one that is removed")
    parser.add_argument("--question", action="append", help="what is asked, several times; default: the suggestions")
    parser.add_argument(
        "--python", nargs="+", default=[sys.executable], help="what runs the server, such as a profiler"
    )
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))  # the server inherits it
    with tempfile.TemporaryDirectory() as folder:
        figures = asyncio.run(_measure(arguments, Path(folder)))
    if arguments.json:
        print(json.dumps(asdict(figures)))
    else:
        Console().print(_table(figures))
    sys.exit(1 if figures.errors else 0)


async def _measure(arguments: argparse.Namespace, folder: Path) -> Figures:
    os.environ.update(SETTINGS)
    root: Path = arguments.home or folder / "home"
    home = Home(root) if arguments.home else await asyncio.to_thread(sample_home, root, silent)
    questions = arguments.question or _suggestions(home)
    asked = [questions[n % len(questions)] for n in range(arguments.conversations)]
    figures, _ = await measure(
        root,
        asked,
        arguments.over,
        {"PARLEY_SERVER__WORKERS": str(arguments.workers)},
        patience_s=arguments.patience,
        python=arguments.python,
    )
    return figures


async def measure(
    root: Path,
    questions: Sequence[str],
    over_s: float,
    settings: Mapping[str, str],
    *,
    patience_s: float = 60.0,
    python: Sequence[str] = (sys.executable,),
    first: Sequence[str] = (),
) -> tuple[Figures, list[Customer]]:
    """A server over that home, and a customer with each question. settings: of the server, beside `SETTINGS`.

    first: asked by customers of their own before anything else is measured; they stay.
    """
    command = [*python, "-c", "from agent.cli import main; main()", "--home", str(root), "serve", "--port", "0"]
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        with Progress(
            *Progress.get_default_columns(), MofNCompleteColumn(), TimeElapsedColumn(), console=_STDERR
        ) as progress:
            async with (
                measured_process(command, _READY, settings={**SETTINGS, **settings}, log=log) as server,
                aiohttp.ClientSession(
                    server.url,
                    connector=aiohttp.TCPConnector(limit=0),
                    timeout=aiohttp.ClientTimeout(total=None),
                    read_bufsize=1 << 20,
                ) as client,
            ):
                run = _Run(client, server, first, over_s, patience_s, progress)
                async with run.under_way() if first else nullcontext(server.memory_mb()) as ready_mb:
                    run = _Run(client, server, questions, over_s, patience_s, progress)
                    figures, customers = await run.measured()
                    found = replace(figures, memory_ready_mb=ready_mb), customers
        said = log.read_text("utf-8", "replace").splitlines()
    if len(said) > 2:
        _STDERR.print("The server also said:", *said[2:22], sep="\n")
    return found


def _suggestions(home: Home) -> list[str]:
    """Those of the home, English and Chinese by turns."""
    pairs = zip(load_suggestions(home, "en"), load_suggestions(home, "zh"), strict=True)
    return [question for pair in pairs for question in pair]


class _Run:
    """One run against a server."""

    def __init__(
        self,
        client: aiohttp.ClientSession,
        server: MeasuredProcess,
        questions: Sequence[str],
        over_s: float,
        patience_s: float,
        progress: Progress,
    ) -> None:
        self._client = client
        self._server = server
        self._questions = questions
        self._count = len(questions)
        self._over_s = over_s
        self._patience_s = patience_s
        self._progress = progress

    async def measured(self) -> tuple[Figures, list[Customer]]:
        load, before = os.getloadavg()[0], self._server.memory_mb()
        customers = await self._begun()
        streams = [asyncio.create_task(self._follow(customer)) for customer in customers]
        await asyncio.gather(*(customer.open.wait() for customer in customers))
        idle_cpu, idle = await self._idle(), self._server.memory_mb()
        cpu, first = self._server.cpu_s(), time.perf_counter()
        await self._converse(customers)
        took, cpu = time.perf_counter() - first, self._server.cpu_s() - cpu
        after = self._server.memory_mb()
        for stream in streams:
            stream.cancel()
        await asyncio.gather(*streams, return_exceptions=True)
        good = [customer for customer in customers if not customer.error]
        figures = Figures(
            conversations=self._count,
            over_s=self._over_s,
            cores=len(os.sched_getaffinity(0)),
            load=(load, os.getloadavg()[0]),
            replies=len(good),
            errors=dict(Counter(customer.error for customer in customers if customer.error)),
            accepted_ms=_spread([one.waited_ms(one.accepted) for one in good]),
            started_ms=_spread([one.waited_ms(one.seen["turn.started"]) for one in good]),
            said_ms=_spread([one.waited_ms(one.seen["said"]) for one in good]),
            completed_ms=_spread([one.waited_ms(one.seen["reply.completed"]) for one in good]),
            replies_a_second=len(good) / took,
            memory_before_mb=before,
            memory_idle_mb=idle,
            memory_after_mb=after,
            idle_cpu_s=idle_cpu,
            turns_cpu_s=cpu,
        )
        return figures, customers

    @asynccontextmanager
    async def under_way(self) -> AsyncIterator[float]:
        """All have asked and been answered, and go on reading; gives the memory before them."""
        before = self._server.memory_mb()
        customers = await self._begun()
        streams = [asyncio.create_task(self._follow(customer)) for customer in customers]
        await asyncio.gather(*(customer.open.wait() for customer in customers))
        await self._converse(customers)
        await asyncio.sleep(_SETTLED_S)
        try:
            yield before
        finally:
            for stream in streams:
                stream.cancel()
            await asyncio.gather(*streams, return_exceptions=True)

    async def _begun(self) -> list[Customer]:
        """All the conversations."""
        task, free = self._progress.add_task("Conversations begun", total=self._count), asyncio.Semaphore(_OPENING)

        async def begin() -> Customer:
            async with free, self._client.post("/v1/conversations", json={}) as answer:
                answer.raise_for_status()
                made = await answer.json()
                self._progress.advance(task)
                path, bearer = f"/v1/conversations/{made['id']}", f"Bearer {made['token']}"
                return Customer(path, {"Authorization": bearer})

        return list(await asyncio.gather(*(begin() for _ in range(self._count))))

    async def _follow(self, customer: Customer) -> None:
        """Reads the stream of a conversation for as long as this runs."""
        try:
            async with self._client.get(f"{customer.path}/events", headers=customer.headers) as answer:
                answer.raise_for_status()
                async for line in answer.content:
                    customer.open.set()  # the first line says after what time to come back
                    if line.startswith(b"event: "):
                        customer.see(line[7:].strip().decode())
            customer.end("the stream ended")
        except aiohttp.ClientError as error:
            customer.end(f"stream: {type(error).__name__}")

    async def _idle(self) -> float:
        """Processor time of the server while nothing happens."""
        await asyncio.sleep(2)
        task, before = self._progress.add_task("Streams idle", total=int(_IDLE_S)), self._server.cpu_s()
        for _ in range(int(_IDLE_S)):
            await asyncio.sleep(1)
            self._progress.advance(task)
        return self._server.cpu_s() - before

    async def _converse(self, customers: Sequence[Customer]) -> None:
        task = self._progress.add_task("Replies", total=self._count)
        begun = time.perf_counter()

        async def converse(n: int, customer: Customer) -> None:
            await asyncio.sleep(max(0.0, begun + n * self._over_s / self._count - time.perf_counter()))
            try:
                async with asyncio.timeout(self._patience_s):
                    await self._send(customer, self._questions[n])
                    await customer.done.wait()
            except TimeoutError:
                customer.end(f"no reply within {self._patience_s:.0f} s")
            except aiohttp.ClientError as error:
                customer.end(f"message: {type(error).__name__}")
            self._progress.advance(task)

        await asyncio.gather(*(converse(n, customer) for n, customer in enumerate(customers)))

    async def _send(self, customer: Customer, text: str) -> None:
        customer.sent = time.perf_counter()
        message = {"text": text, "client_id": "1"}
        async with self._client.post(f"{customer.path}/messages", json=message, headers=customer.headers) as answer:
            await answer.read()
        customer.accepted = time.perf_counter()
        if answer.status != 202:
            customer.end(f"message: status {answer.status}")


def _spread(times: Sequence[float]) -> Spread:
    """Percentiles by nearest rank; NaN of nothing."""
    ranked = sorted(times) or [math.nan]

    def at(share: float) -> float:
        return round(ranked[max(0, math.ceil(share * len(ranked)) - 1)], 1)

    return Spread(p50=at(0.5), p95=at(0.95), p99=at(0.99))


def _table(found: Figures) -> Table:
    table = Table("figure", "p50", "p95", "p99", title=f"{found.conversations} conversations")
    for name, spread in (
        ("message accepted, ms", found.accepted_ms),
        ("turn.started, ms", found.started_ms),
        ("first words, ms", found.said_ms),
        ("reply.completed, ms", found.completed_ms),
    ):
        table.add_row(name, *(f"{value:,.0f}" for value in (spread.p50, spread.p95, spread.p99)))
    stream_kb = 1024 * (found.memory_idle_mb - found.memory_before_mb) / found.conversations
    memory = (found.memory_before_mb, found.memory_idle_mb, found.memory_after_mb)
    for name, value in (
        ("messages a second", f"{found.conversations / found.over_s:.1f}" if found.over_s else "all at once"),
        ("replies a second", f"{found.replies_a_second:.1f}"),
        ("replies, errors", f"{found.replies}, {found.errors or 'none'}"),
        ("memory before, streams idle, after, MB", ", ".join(f"{size:.0f}" for size in memory)),
        ("memory a stream, KB", f"{stream_kb:.0f}"),
        (f"processor time in {_IDLE_S:.0f} s idle, s", f"{found.idle_cpu_s:.2f}"),
        ("processor time a turn, ms", f"{1000 * found.turns_cpu_s / found.conversations:.0f}"),
        ("load of the machine", f"{found.load[0]:.1f} to {found.load[1]:.1f} on {found.cores} cores"),
    ):
        table.add_row(name, value)
    return table


_STDERR = Console(stderr=True)


if __name__ == "__main__":
    main()
