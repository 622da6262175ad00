"""The event loop that a server runs on."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


def run(main: Coroutine[Any, Any, T]) -> T:
    """Runs it to its end as `asyncio.run` does, on uvloop where that is installed: it is not on Windows."""
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
