"""Several processes behind one address: begun, begun anew when one dies, renewed one after the other, ended together."""

import math
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection

from agent.cli.main import as_a_command

Ready = Callable[[], None]
Work = Callable[[Ready], None]
"""What each process does until SIGTERM; it says when it serves. It is sent there, so it can be pickled."""

_SPAWN = multiprocessing.get_context("spawn")
_RENEW = getattr(signal, "SIGHUP", None)  # Windows has none
_ENDS = (signal.SIGTERM, signal.SIGINT)


_LOOK_S = 0.1  # between looks at the processes
_RENEWED_S = 180.0  # until a new one must serve in the place of another
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 1.0, 30.0  # before one that died is begun anew; doubled each time
_STEADY_S = 60.0  # after so long one is taken to run well
_END_S = 15.0  # for one to end, before it is killed


class Workers:
    """So many processes that do the same work. told: hears what happens, a line each."""

    def __init__(self, count: int, work: Work, told: Callable[[str], None]) -> None:
        self._count = count
        self._work = work
        self._told = told
        self._workers: list[_Worker] = []
        self._ending = self._renewing = False

    def run(self, ready: Ready) -> int:
        """Until SIGTERM or SIGINT; 0, or the exit status of the first one where it never served. ready: called once all do.

        SIGHUP renews them, each once another one serves in its place. The first one begins alone: what a home makes once, it makes.
        """
        with self._heeding():
            try:
                first = _Worker(self._work)
                self._workers.append(first)
                if not self._serves(first):
                    return first.status
                self._workers += [_Worker(self._work) for _ in range(self._count - 1)]
                for worker in self._workers:
                    self._serves(worker)
                if not self._ending:
                    ready()
                while not self._ending:
                    self._look()
                    time.sleep(_LOOK_S)
            finally:
                self._end(self._workers)
        return 0

    def _serves(self, worker: "_Worker", within_s: float = math.inf) -> bool:
        """Waits for it, as long as it lives."""
        until = time.monotonic() + within_s
        while not (serves := worker.serves()) and worker.lives and not self._ending and time.monotonic() < until:
            time.sleep(_LOOK_S)
        return serves

    def _look(self) -> None:
        for n, worker in enumerate(self._workers):
            if worker.lives:
                continue
            now = time.monotonic()
            if worker.due is None:
                if now - worker.begun > _STEADY_S:
                    worker.pause = _FIRST_PAUSE_S
                worker.due = now + worker.pause
                self._told(
                    f"process {worker.pid} ended with status {worker.status}; another begins in {worker.pause:g} s"
                )
            if now >= worker.due:
                self._workers[n] = _Worker(self._work, min(2 * worker.pause, _LONGEST_PAUSE_S))
        if self._renewing:
            self._renewing = False
            self._renew()

    def _renew(self) -> None:
        for n, old in enumerate(self._workers):
            new = _Worker(self._work)
            if not self._serves(new, _RENEWED_S):
                self._end([new])
                if not self._ending:
                    self._told(f"a new process does not serve (status {new.status}); those before it stay")
                return
            self._workers[n] = new
            self._end([old])
        self._told("all processes are new")

    def _end(self, workers: "list[_Worker]") -> None:
        for worker in workers:
            worker.end()
        for worker in workers:
            worker.wait(_END_S)

    @contextmanager
    def _heeding(self) -> Iterator[None]:
        """Signals are noted, and heeded at the next look."""

        def note(number: int, _: object) -> None:
            if number == _RENEW:
                self._renewing = True
            else:
                self._ending = True

        heeded = [*_ENDS, *([_RENEW] if _RENEW else [])]
        before = {number: signal.signal(number, note) for number in heeded}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


class _Worker:
    """One process. pause: before another one begins where it dies; due: when that is."""

    def __init__(self, work: Work, pause: float = _FIRST_PAUSE_S) -> None:
        self.pause = pause
        self.due: float | None = None
        self.begun = time.monotonic()
        self._hears, says = _SPAWN.Pipe(duplex=False)
        self._process = _SPAWN.Process(target=_life, args=(work, says))
        self._process.start()
        says.close()
        self._serves = False

    @property
    def lives(self) -> bool:
        return self._process.is_alive()

    @property
    def pid(self) -> int | None:
        return self._process.pid

    @property
    def status(self) -> int:
        return self._process.exitcode or 0

    def serves(self) -> bool:
        """Whether it has said so."""
        if not self._serves and self._hears.poll():
            with suppress(EOFError):
                self._serves = self._hears.recv()
        return self._serves

    def end(self) -> None:
        """Asks it to end."""
        self._process.terminate()

    def wait(self, seconds: float) -> None:
        """Until it has ended, by force when it takes longer."""
        self._process.join(seconds)
        self._process.kill()
        self._process.join()
        self._hears.close()


def _life(work: Work, says: Connection) -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with as_a_command():
        work(lambda: says.send(True))


def _end_with_parent() -> None:
    """Nobody else would end it, and the address would stay taken."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os.kill(os.getpid(), signal.SIGTERM)
