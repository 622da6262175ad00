"""How often a server is asked: a few requests at once, a pause between them, and longer ones where the server asks for it."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from threading import Lock, Semaphore

AT_ONCE = 2
PAUSE_S = 0.1
LONGEST_PAUSE_S = 30.0


@dataclass(slots=True)
class _Host:
    """free_at: when the next request may be sent."""

    slots: Semaphore = field(default_factory=lambda: Semaphore(AT_ONCE))
    lock: Lock = field(default_factory=Lock)
    pause_s: float = PAUSE_S
    free_at: float = 0.0


class Courtesy:
    """Lets requests to each host through one after another. Safe to share between threads.

    clock, sleep: other time, for tests.
    """

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._hosts: dict[str, _Host] = {}
        self._lock = Lock()

    @contextmanager
    def turn(self, host: str) -> Iterator[None]:
        """Waits until the host may be asked; holds one of its places meanwhile."""
        known = self._host(host)
        with known.slots:
            with known.lock:
                start = max(self._clock(), known.free_at)
                known.free_at = start + known.pause_s
            if (wait := start - self._clock()) > 0:
                self._sleep(wait)
            yield

    def ask_every(self, host: str, seconds: float) -> None:
        """Sets a longer pause, as the host's robots.txt asks."""
        self._host(host).pause_s = min(max(seconds, PAUSE_S), LONGEST_PAUSE_S)

    def rest(self, host: str, seconds: float) -> None:
        """Lets nothing through for a while, as the host asked."""
        known = self._host(host)
        with known.lock:
            known.free_at = max(known.free_at, self._clock() + min(seconds, LONGEST_PAUSE_S))

    def _host(self, host: str) -> _Host:
        with self._lock:
            return self._hosts.setdefault(host, _Host())


def retry_after(value: str, otherwise: float) -> float:
    """Seconds that a Retry-After header asks for: it holds a number of them, or a date."""
    if value.strip().isdigit():
        return float(value)
    try:
        return max((parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds(), 0.0)
    except (ValueError, TypeError):
        return otherwise
