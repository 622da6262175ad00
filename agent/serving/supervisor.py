"""Keeps model servers running: waits until they are ready, starts anew what died, and ends them once they have drained."""

import asyncio
import os
import shlex
import signal
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import httpx

from agent.errors import ModelUnavailable
from agent.serving.profiles import Server

_MODULE = "vllm.entrypoints.openai.api_server"
_LAST_LINES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Seconds. look: between looks whether a server is ready; ready: until it must be; first, longest: pauses before a
    server that died is started anew, doubled each time; steady: after so long it is taken to run well; drain: for requests
    under way when it is to end; force: after those, before it is killed. tries: how often in a row a server may die before it was ready.
    """

    look: float = 1.0
    ready: float = 1800.0
    first: float = 1.0
    longest: float = 60.0
    steady: float = 60.0
    drain: float = 30.0
    force: float = 15.0
    tries: int = 4


class Told(Protocol):
    """Hears what happens: a server's purpose and what to say of it."""

    def __call__(self, purpose: str, what: str) -> None: ...


class Supervisor:
    """Runs one server for as long as it is wanted.

    python: of the environment that holds vLLM; logs: folder for what the server prints.
    """

    def __init__(self, server: Server, python: Path, logs: Path, told: Told, patience: Patience) -> None:
        self._server = server
        self._python = python
        self._log = logs / f"vllm-{server.purpose}.log"
        self._told = told
        self._patience = patience
        self._ending = asyncio.Event()
        self.ready = asyncio.Event()
        self.process: asyncio.subprocess.Process | None = None

    def end(self) -> None:
        """Asks it to end: requests under way are finished, up to the bound."""
        self._ending.set()

    async def run(self) -> None:
        """Until `end`. Raises ModelUnavailable where the server dies again and again before it is ready."""
        pause, died = self._patience.first, 0
        loop = asyncio.get_running_loop()
        while not self._ending.is_set():
            began = loop.time()
            status = await self._once()
            if self._ending.is_set():
                return
            was_ready = self.ready.is_set()
            self.ready.clear()
            died = 0 if was_ready else died + 1
            if died >= self._patience.tries:
                raise ModelUnavailable(
                    f"the {self._server.purpose} server ended {died} times (status {status}):\n{self._tail()}"
                )
            if was_ready and loop.time() - began >= self._patience.steady:
                pause = self._patience.first
            self._told(self._server.purpose, f"ended with status {status}; starts again in {pause:g} s ({self._log})")
            with suppress(TimeoutError):
                await asyncio.wait_for(self._ending.wait(), pause)
            pause = min(pause * 2, self._patience.longest)

    async def _once(self) -> int:
        """One life of the server; its exit status."""
        self._log.parent.mkdir(parents=True, exist_ok=True)
        with self._log.open("ab") as output:
            self.process = process = await asyncio.create_subprocess_exec(
                *_command(self._server, self._python),
                env={**os.environ, **self._server.environment},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,  # the engine is a process of its own, and must end with the server
            )
        gone, ending = asyncio.create_task(process.wait()), asyncio.create_task(self._ending.wait())
        watching = asyncio.create_task(self._watch())
        try:
            await asyncio.wait((gone, ending), return_when=asyncio.FIRST_COMPLETED)
            if not gone.done():
                await self._stop(process)
            return await gone
        finally:
            for task in (watching, ending):
                task.cancel()
            await asyncio.gather(watching, ending, return_exceptions=True)
            _signal(process, signal.SIGKILL)
            await process.wait()

    async def _watch(self) -> None:
        """Says how far the start is, until the server is ready."""
        url = f"{self._server.url.removesuffix('/v1')}/health"
        loop = asyncio.get_running_loop()
        began, said = loop.time(), 0.0
        async with httpx.AsyncClient(trust_env=False, timeout=5) as client:
            while loop.time() - began < self._patience.ready:
                try:
                    if (await client.get(url)).status_code == 200:
                        self._told(
                            self._server.purpose, f"ready after {loop.time() - began:.0f} s at {self._server.url}"
                        )
                        self.ready.set()
                        return
                except httpx.TransportError:
                    pass
                if loop.time() - said >= 10 * self._patience.look:
                    said = loop.time()
                    self._told(self._server.purpose, f"starting, {said - began:.0f} s: {self._tail(1)[-160:]}")
                await asyncio.sleep(self._patience.look)
        self._told(self._server.purpose, f"not ready after {self._patience.ready:.0f} s; it is started anew")
        if self.process is not None:
            _signal(self.process, signal.SIGKILL)

    async def _stop(self, process: asyncio.subprocess.Process) -> None:
        """Tells the server to end, which it does after its requests, and ends it by force after the bound."""
        self._told(self._server.purpose, f"ends; requests under way have {self._patience.drain:g} s")
        with suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
        with suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(process.wait()), self._patience.drain + self._patience.force)
        _signal(process, signal.SIGKILL)

    def _tail(self, lines: int = _LAST_LINES) -> str:
        """The end of what the server printed."""
        with suppress(OSError), self._log.open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - 8_000))
            return "\n".join(file.read().decode("utf-8", "replace").splitlines()[-lines:])
        return ""


def _signal(process: asyncio.subprocess.Process, number: signal.Signals) -> None:
    """To the group that the server leads, which may outlive it."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)


async def serve(
    servers: Sequence[Server],
    python: Path,
    logs: Path,
    told: Told,
    patience: Patience,
    on_ready: Callable[[], None],
) -> None:
    """Runs all servers until SIGTERM or SIGINT; `on_ready` is called once, when all are. Raises ModelUnavailable."""
    supervisors = [Supervisor(server, python, logs, told, patience) for server in servers]

    def end() -> None:
        for supervisor in supervisors:
            supervisor.end()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, end)

    async def announce() -> None:
        await asyncio.gather(*(supervisor.ready.wait() for supervisor in supervisors))
        on_ready()

    announcing = asyncio.create_task(announce())
    running = [asyncio.create_task(supervisor.run()) for supervisor in supervisors]
    try:
        done, _ = await asyncio.wait(running, return_when=asyncio.FIRST_EXCEPTION)
        end()
        await asyncio.gather(*running, return_exceptions=True)
        for task in done:
            task.result()
    finally:
        announcing.cancel()
        end()
        await asyncio.gather(announcing, *running, return_exceptions=True)
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)


def command_line(server: Server, python: Path) -> str:
    """The command as a shell takes it."""
    environment = (f"{name}={shlex.quote(value)}" for name, value in server.environment.items())
    return " ".join((*environment, shlex.join(_command(server, python))))


def _command(server: Server, python: Path) -> tuple[str, ...]:
    return (str(python), "-m", _MODULE, *server.options)
