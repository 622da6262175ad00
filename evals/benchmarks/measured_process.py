"""A server in a process of its own, with what it weighs and what it computes (Linux's /proc)."""

import asyncio
import os
import re
import signal
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_START_S = 180.0
_STOP_S = 20.0


@dataclass(frozen=True, slots=True)
class MeasuredProcess:
    """A running server, with the processes that it has begun. url: where it answers."""

    url: str
    pid: int

    def memory_mb(self) -> float:
        """Resident memory; what several processes share is counted for each."""
        return sum(map(_memory_mb, _tree(self.pid)))

    def cpu_s(self) -> float:
        """Seconds of processor time taken so far, all threads together."""
        return sum(map(_cpu_s, _tree(self.pid)))


def _tree(pid: int) -> list[int]:
    """The process and its children, and theirs."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
    return [pid, *(below for child in children for below in _tree(int(child)))]


def _memory_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text("ascii")
    kilobytes = next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))
    return int(kilobytes) / 1024


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS  # utime and stime


@asynccontextmanager
async def measured_process(
    command: Sequence[str], ready: re.Pattern[str], *, settings: Mapping[str, str], log: Path
) -> AsyncIterator[MeasuredProcess]:
    """Starts a server and ends it.

    ready: matches what it prints once it serves; its first group is the address. log: file for all that it prints.
    Raises RuntimeError when it ends, or says nothing of the kind for three minutes.
    """
    with log.open("wb") as printed:
        process = await asyncio.create_subprocess_exec(
            *command, env={**os.environ, **settings}, stdout=printed, stderr=asyncio.subprocess.STDOUT
        )
    try:
        async with asyncio.timeout(_START_S):
            while not (found := ready.search(said := await asyncio.to_thread(log.read_text, "utf-8", "replace"))):
                if process.returncode is not None:
                    raise RuntimeError(f"{command[0]} ended before it served: {said}")
                await asyncio.sleep(0.1)
        yield MeasuredProcess(url=found[1], pid=process.pid)
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGINT)
            try:
                await asyncio.wait_for(process.wait(), _STOP_S)
            except TimeoutError:
                process.kill()
                await process.wait()
