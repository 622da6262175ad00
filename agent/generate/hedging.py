"""Asks a second server when the first is slow with its first word, and goes on with whichever speaks first.

After Dean and Barroso 2013, "The Tail at Scale": a request is doubled only once it has waited longer than most do.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import TypeVar

from agent.closing import closing
from agent.errors import ModelRefused, ModelUnavailable

T = TypeVar("T")
Ask = Callable[[], AsyncIterator[T]]


async def hedged(first: Ask[T], second: Ask[T] | None, after_s: float) -> AsyncIterator[T]:
    """What the faster of the two says; the slower is closed at once. Raises what the last of them raised."""
    if second is None:
        async with closing(first()) as only:
            async for step in only:
                yield step
        return
    asked = [first()]
    words: dict[asyncio.Task[T], AsyncIterator[T]] = {_begin(asked[0]): asked[0]}
    try:
        await asyncio.wait(words, timeout=after_s)
        done = _first_good(words)
        if done is None:
            asked.append(second())
            words[_begin(asked[1])] = asked[1]
        while done is None:
            await asyncio.wait([task for task in words if not task.done()], return_when=asyncio.FIRST_COMPLETED)
            done = _first_good(words)
        winner = words.pop(done)
        await _leave(words)
        yield done.result()
        async for step in winner:
            yield step
    finally:
        await _leave(words)
        for stream in asked:
            async with closing(stream):
                pass


def _begin(stream: AsyncIterator[T]) -> asyncio.Task[T]:
    async def begin() -> T:
        try:
            return await anext(stream)
        except StopAsyncIteration as error:
            raise ModelUnavailable("the model server said nothing") from error

    return asyncio.create_task(begin())


def _first_good(words: dict[asyncio.Task[T], AsyncIterator[T]]) -> asyncio.Task[T] | None:
    """A task that has a word; raises where none can have one any more, or the request itself was refused."""
    errors = [error for task in words if task.done() and (error := task.exception()) is not None]
    for task in words:
        if task.done() and task.exception() is None:
            return task
    for error in errors:
        if isinstance(error, ModelRefused) or not isinstance(error, ModelUnavailable) or len(errors) == 2:
            raise error
    return None


async def _leave(words: dict[asyncio.Task[T], AsyncIterator[T]]) -> None:
    for task in words:
        task.cancel()
    await asyncio.gather(*words, return_exceptions=True)
    words.clear()
