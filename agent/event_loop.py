"""The event loop that a server runs on."""

import asyncio
import sys
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

_PATIENCE_S = 0.001
"""How long the loop waits for a thread that computes. Python's own five milliseconds, waited for at each of the twenty
steps of a turn that comes back to the loop, made most of what other turns under way added to its first words."""


def run(main: Coroutine[Any, Any, T]) -> T:
    """Runs it to its end as `asyncio.run` does, on uvloop where that is installed: it is not on Windows."""
    sys.setswitchinterval(_PATIENCE_S)
    found: list[T] = []

    async def keep() -> None:
        # Python words the whole result of a task when it takes its handler of Ctrl-C away: seconds for a big one.
        found.append(await main)

    with asyncio.Runner(loop_factory=_new_loop) as runner:
        runner.run(keep())
    return found[0]


def _new_loop() -> asyncio.AbstractEventLoop:
    try:
        import uvloop
    except ImportError:
        return asyncio.new_event_loop()
    return uvloop.new_event_loop()
