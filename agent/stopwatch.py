"""How long each stage of a turn took."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager


class Stopwatch:
    """Collects milliseconds by stage; `total` is always there."""

    def __init__(self) -> None:
        self._start = time.perf_counter()
        self._stages: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time of the block, under `name`."""
        begun = time.perf_counter()
        try:
            yield
        finally:
            self._stages[name] = (time.perf_counter() - begun) * 1000

    def mark(self, name: str) -> None:
        """Time since the start of the turn, the first time `name` is marked."""
        self._stages.setdefault(name, (time.perf_counter() - self._start) * 1000)

    def timings_ms(self) -> Mapping[str, float]:
        """All stages so far, rounded to 10 µs."""
        total = (time.perf_counter() - self._start) * 1000
        return {name: round(value, 2) for name, value in (*self._stages.items(), ("total", total))}
