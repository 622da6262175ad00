"""Ends what was begun: steps that are not read to their end are closed at once, and with them whatever they wait for."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from typing import TypeVar

_T = TypeVar("_T")


@asynccontextmanager
async def closing(steps: AsyncIterator[_T]) -> AsyncIterator[AsyncIterator[_T]]:
    """The steps, closed at the end of the block.

    Python leaves a generator that is not read to its end to the garbage collector, which may come much later: a stopped
    turn would leave the model server writing for nobody.
    """
    try:
        yield steps
    finally:
        if isinstance(steps, AsyncGenerator):
            await steps.aclose()
