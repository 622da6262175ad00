"""Parley's server beside Chainlit's, under the same scripted model at a real one's pace, with many customers at once.

`python -m evals.benchmarks.chat_servers --chainlit PYTHON [--conversations 100] [--first 100] [--over 10]`, where PYTHON is that of an
environment with the packages chainlit and python-socketio. Chainlit runs three times: bare (it hands the question to the model and
streams the words), with langchain's `create_agent` over the same home's search, which is nearer to what Parley does, and with
Parley's own agent, so that the two servers do the same work; Parley a second time with as many `--workers`, which Chainlit has none of.
Of each, in one run: milliseconds from sending to the first words, less the model's own for its first token and, as Parley shows
a sentence once it is whole and found in the evidence, for its first sentence; memory a session; turns a second, which tells most where
all ask at once (`--over 0.5`); processor time a turn.

Of all alike, `--first` sessions come before, ask and stay: what they took holds what is loaded and filled once, so that the
memory a session is that of those after them, whose questions are others. Both are shown.
"""

import argparse
import asyncio
import json
import os
import re
import sysconfig
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

from agent.homes import sample_home
from evals.benchmarks import web_load
from evals.benchmarks.measured_process import MeasuredProcess, measured_process
from evals.benchmarks.model_load import QUESTIONS, answered
from evals.benchmarks.paced_model import SAID, Asked, paced_model
from knowledge.progress import silent

_PEER = Path(__file__).with_name("chainlit_peer")
_CHAINLIT_READY = re.compile(r"Your app is available at (http://\S+)")
_PORT = "21877"
_AGENTS = ("", "create_agent", "parley")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a server took. first, done: seconds of each turn that was answered; memory in MB, ready: before the first sessions;
    cpu_s: of all turns."""

    first: Sequence[float]
    done: Sequence[float]
    asked: int
    ready_mb: float
    before_mb: float
    idle_mb: float
    after_mb: float
    cpu_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asking:
    """What is asked, each in a session of its own. over_s: seconds over which either is."""

    first: Sequence[str]
    then: Sequence[str]
    over_s: float


def main() -> None:
    """Measures all and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--chainlit", type=Path, required=True, help="the Python of an environment with Chainlit")
    parser.add_argument("--conversations", type=int, default=100)
    parser.add_argument("--first", type=int, default=100, help="sessions before those that are measured")
    parser.add_argument("--workers", type=int, default=2, help="processes of Parley's second run; 1 for none")
    parser.add_argument("--over", type=float, default=10.0, help="seconds over which the questions are asked")
    arguments = parser.parse_args()
    os.environ |= web_load.SETTINGS
    asyncio.run(
        _compare(arguments.chainlit, arguments.first, arguments.conversations, arguments.over, arguments.workers)
    )


async def _compare(chainlit: Path, before: int, count: int, over_s: float, workers: int) -> None:
    questions = [f"{QUESTIONS[n % 2]} ({n})" for n in range(before + count)]
    asking = _Asking(first=questions[:before], then=questions[before:], over_s=over_s)
    table = Table(
        "",
        "first words",
        "model's first token",
        "its first sentence",
        "answered",
        "MB idle",
        "KB a session",
        "of the first",
        "turns a second",
        "ms CPU a turn",
    )
    with tempfile.TemporaryDirectory() as folder, paced_model(SAID) as (url, asked):
        home = await asyncio.to_thread(lambda: sample_home(Path(folder) / "home", silent).root)
        runs: dict[str, Callable[[], Awaitable[Found]]] = {"Parley": partial(_parley, home, url, asking, 1)}
        if workers > 1:
            runs[f"Parley, {workers} processes"] = partial(_parley, home, url, asking, workers)
        for agent in _AGENTS:
            runs[f"Chainlit, {agent or 'bare'}"] = partial(_chainlit, chainlit, Path(folder), home, url, agent, asking)
        for name, run in runs.items():
            load = os.getloadavg()[0]
            found = await run()
            table.add_row(f"{name} (load {load:.1f})", *_row(found, asking, answered(asked)[-count:]))
    Console(width=160).print(table)


def _row(found: Found, asking: _Asking, asked: Sequence[Asked]) -> list[str]:
    token, sentence = (
        median(1000 * (getattr(one, part) - one.arrived) for one in asked) for part in ("first", "sentence")
    )
    first = median(1000 * one for one in found.first)
    return [
        f"{first:.0f}",
        f"{token:.0f}, over it {first - token:.0f}",
        f"{sentence:.0f}, over it {first - sentence:.0f}",
        f"{len(found.done)} of {found.asked}",
        f"{found.idle_mb:.0f}",
        f"{1024 * (found.after_mb - found.before_mb) / found.asked:.0f}",
        f"{1024 * (found.before_mb - found.ready_mb) / len(asking.first):.0f}" if asking.first else "",
        f"{len(found.done) / max(n * asking.over_s / found.asked + took for n, took in enumerate(found.done)):.1f}",
        f"{1000 * found.cpu_s / found.asked:.0f}",
    ]


def _of_model(url: str) -> dict[str, str]:
    return {"PARLEY_MODEL__BASE_URL": url, "PARLEY_MODEL__NAME": "paced"}


async def _parley(home: Path, model: str, asking: _Asking, workers: int) -> Found:
    settings = {**_of_model(model), "PARLEY_SERVER__WORKERS": str(workers)}
    figures, customers = await web_load.measure(home, asking.then, asking.over_s, settings, first=asking.first)
    good = [customer for customer in customers if not customer.error]
    return Found(
        first=[customer.waited_ms(customer.seen["said"]) / 1000 for customer in good],
        done=[customer.waited_ms(customer.seen["reply.completed"]) / 1000 for customer in good],
        asked=len(asking.then),
        ready_mb=figures.memory_ready_mb,
        before_mb=figures.memory_before_mb,
        idle_mb=figures.memory_idle_mb,
        after_mb=figures.memory_after_mb,
        cpu_s=figures.turns_cpu_s,
    )


async def _chainlit(python: Path, folder: Path, home: Path, model: str, agent: str, asking: _Asking) -> Found:
    settings = {"MODEL_URL": model, "AGENT": agent, "HOME_OF_PARLEY": str(home), **_of_model(model)}
    command = (str(python), "-m", "chainlit", "run", str(_PEER / "app.py"), "--headless", "--port", _PORT)
    settings |= {
        "LIBRARIES": sysconfig.get_path("purelib"),
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "CHAINLIT_APP_ROOT": str(folder),
        "PYTHONUNBUFFERED": "1",
    }
    async with measured_process(command, _CHAINLIT_READY, settings=settings, log=folder / "chainlit.log") as server:
        return await _asked(python, server, asking)


async def _asked(python: Path, server: MeasuredProcess, asking: _Asking) -> Found:
    ready = server.memory_mb()
    pipe = asyncio.subprocess.PIPE
    customers = await asyncio.create_subprocess_exec(
        str(python),
        str(_PEER / "customers.py"),
        server.url,
        str(len(asking.first)),
        str(len(asking.then)),
        str(asking.over_s),
        stdin=pipe,
        stdout=pipe,
        limit=1 << 24,
    )
    assert customers.stdin and customers.stdout
    customers.stdin.write("".join(f"{question}\n" for question in (*asking.first, *asking.then)).encode())
    await customers.stdout.readline()
    await asyncio.sleep(3)
    before = server.memory_mb()
    customers.stdin.write(b"\n")
    await customers.stdout.readline()
    await asyncio.sleep(2)
    idle, cpu = server.memory_mb(), server.cpu_s()
    customers.stdin.write(b"\n")
    turns = json.loads(await customers.stdout.readline())
    cpu, after = server.cpu_s() - cpu, server.memory_mb()
    await customers.wait()
    good = [turn for turn in turns if turn]
    return Found(
        first=[turn["first"] for turn in good],
        done=[turn["done"] for turn in good],
        asked=len(asking.then),
        ready_mb=ready,
        before_mb=before,
        idle_mb=idle,
        after_mb=after,
        cpu_s=cpu,
    )


if __name__ == "__main__":
    main()
