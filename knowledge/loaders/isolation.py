"""Parses files in another process, so that a file that hangs its parser, or blows up or crashes in it, costs itself only.

A worker stays for many files and is replaced when it had to be ended; threads that read at once have one each.
"""

import atexit
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Lock, Timer
from time import monotonic
from typing import IO

from knowledge.errors import UnreadableSource
from knowledge.loaders.limits import FILES_A_WORKER, MEMORY_BYTES
from knowledge.loaders.wire import Found, Job, pack_job, receive, send, unpack

_KEPT_NAMES = (
    "PATH",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "TZ",
    "TMPDIR",
    "TEMP",
    "TMP",
    "HOME",
    "SYSTEMROOT",
    "LD_LIBRARY_PATH",
)
"""All of the environment that a worker gets: keys and passwords are none of a parser's business."""


class Crash(Exception):
    """A worker ended in the middle of a file. exit_status: negative for the signal that ended it."""

    def __init__(self, exit_status: int, *, silent: bool) -> None:
        super().__init__(exit_status)
        self.exit_status = exit_status
        self.silent = silent


@dataclass(slots=True, kw_only=True)
class Worker:
    """One parsing process."""

    memory: int
    module: str
    files: int = 0
    timed_out: bool = False
    process: "subprocess.Popen[bytes]" = field(init=False)

    def __post_init__(self) -> None:
        environment = {name: os.environ[name] for name in _KEPT_NAMES if name in os.environ}
        environment["PYTHONPATH"] = os.pathsep.join(sys.path)
        self.process = subprocess.Popen(  # noqa: S603 - our own interpreter and our own module
            [sys.executable, "-P", "-m", self.module, str(self.memory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            start_new_session=True,  # Ctrl-C is for us; we end the worker
        )

    def read(self, job: Job, data: bytes) -> Iterator[Found]:
        """What the file holds, as it comes. Raises Crash; TimeoutError where it took longer than the job may."""
        left = job.seconds
        self.files += 1
        heard = False
        while True:
            began = monotonic()
            # The clock runs while we wait for the parser, not while the caller is busy with what came.
            clock = Timer(max(left, 0.0), self._give_up)
            clock.daemon = True
            clock.start()
            try:
                if not heard:
                    self._send(job, data)
                frame = receive(self._answers())
            except (EOFError, OSError):
                status = self.end()
                if self.timed_out:
                    raise TimeoutError from None
                raise Crash(status, silent=not heard) from None
            finally:
                clock.cancel()
            heard = True
            left -= monotonic() - began
            if not frame:
                return
            yield from unpack(frame)

    @property
    def fit(self) -> bool:
        """Whether it can take another file."""
        return self.process.poll() is None and self.files < FILES_A_WORKER

    def end(self) -> int:
        """Ends the process, if it has not ended; returns its exit status."""
        for stream in (self.process.stdin, self.process.stdout):
            with suppress(OSError):
                if stream:
                    stream.close()
        if self.process.poll() is None and self.timed_out is False:
            with suppress(subprocess.TimeoutExpired):
                return self.process.wait(0.2)
        self.process.kill()
        return self.process.wait()

    def _send(self, job: Job, data: bytes) -> None:
        assert self.process.stdin
        send(self.process.stdin, pack_job(job))
        send(self.process.stdin, data)

    def _answers(self) -> IO[bytes]:
        assert self.process.stdout
        return self.process.stdout

    def _give_up(self) -> None:
        self.timed_out = True
        self.process.kill()


class Workers:
    """Workers that wait for files, as many as there are threads that read at once.

    module: what a worker runs; it calls `knowledge.loaders.worker.main`.
    """

    def __init__(self, memory: int = MEMORY_BYTES, module: str = "knowledge.loaders.worker") -> None:
        self._memory = memory
        self._module = module
        self._idle: list[Worker] = []
        self._lock = Lock()

    def read(self, job: Job, data: bytes) -> Iterator[Found]:
        """What the file holds; where its parser did not live through it, an UnreadableSource that says so."""
        while True:
            worker = self._take()
            fresh, done = worker.files == 0, False
            try:
                yield from worker.read(job, data)
            except TimeoutError:
                yield UnreadableSource(
                    job.source_id, f"reading it takes longer than {job.seconds:g} s; split it or save it anew"
                )
            except Crash as crash:
                if crash.silent and crash.exit_status == 0 and not fresh:
                    continue  # it had just ended itself for want of work
                yield UnreadableSource(job.source_id, f"its parser crashed on it ({crash.exit_status}); save it anew")
            else:
                done = True
                self._put(worker)
            finally:
                if not done:
                    worker.end()
            return

    @property
    def waiting(self) -> int:
        """How many workers wait for a file."""
        return len(self._idle)

    def close(self) -> None:
        """Ends the workers that wait."""
        with self._lock:
            idle, self._idle = self._idle, []
        for worker in idle:
            worker.end()

    def _take(self) -> Worker:
        with self._lock:
            while self._idle:
                worker = self._idle.pop()
                if worker.fit:
                    return worker
                worker.end()
        return Worker(memory=self._memory, module=self._module)

    def _put(self, worker: Worker) -> None:
        with self._lock:
            self._idle.append(worker)


WORKERS = Workers()
atexit.register(WORKERS.close)
