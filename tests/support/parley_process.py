"""`parley` in a process of its own, over a home of its own: started, killed, started again at the same address."""

import asyncio
import random
import signal
import socket
from collections.abc import Mapping
from pathlib import Path

from tests.support.commands import PARLEY, environment

_READY = b"Parley is ready"
_START_S = 90.0


def free_port() -> int:
    """A free port below those that the system gives to clients, so that none takes it while the server is down."""
    while True:
        port = random.randrange(20_000, 32_000)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port


async def run_parley(*arguments: str, settings: Mapping[str, str] | None = None, status: int = 0) -> str:
    """A command of `parley`, to its end; what it printed. Fails when it ends with another status."""
    process = await asyncio.create_subprocess_exec(
        PARLEY,
        *arguments,
        env=environment(settings or {}),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    printed, _ = await process.communicate()
    assert process.returncode == status, printed.decode()
    return printed.decode()


class ParleyServer:
    """`parley serve` at an address that stays the same over its restarts. printed: all that it ever said."""

    def __init__(self, home: Path, settings: Mapping[str, str] | None = None) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.printed = b""
        self._home = home
        self._environment = environment(settings or {})
        self._process: asyncio.subprocess.Process | None = None
        self._reading: asyncio.Task[None] | None = None
        self._ready = asyncio.Event()

    @property
    def pid(self) -> int:
        """Of the process, which runs."""
        assert self._process is not None
        return self._process.pid

    async def start(self) -> None:
        """Returns once it serves."""
        self._ready.clear()
        self._process = await asyncio.create_subprocess_exec(
            PARLEY,
            *("--home", str(self._home), "serve", "--port", str(self.port)),
            env=self._environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        self._reading = asyncio.create_task(self._read(self._process))
        async with asyncio.timeout(_START_S):
            await self._ready.wait()
        assert self._process.returncode is None, self.printed.decode()

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        async for line in process.stdout:
            self.printed += line
            if _READY in line:
                self._ready.set()
        await process.wait()
        self._ready.set()

    async def kill(self) -> None:
        """Ends it at once, as a crash or a lost machine would."""
        await self._end(signal.SIGKILL)

    async def stop(self, with_signal: signal.Signals = signal.SIGINT) -> int:
        """Ends it as Ctrl-C does, or a service manager; its exit status."""
        return await self._end(with_signal)

    async def _end(self, with_signal: signal.Signals) -> int:
        process, reading = self._process, self._reading
        if process is None or reading is None:
            return 0
        if process.returncode is None:
            process.send_signal(with_signal)
        await reading
        self._process = self._reading = None
        assert process.returncode is not None
        return process.returncode
