"""Speaks the steps of a turn to whatever can be written to."""

from collections.abc import AsyncIterator, Callable

from agent.closing import closing
from agent.ports import Retract, TurnStep
from agent.types import Reply


async def print_turn(steps: AsyncIterator[TurnStep], write: Callable[[str], None] | None) -> Reply:
    """Writes the deltas as they come (nothing where `write` is None) and returns the Reply.

    A terminal cannot take words back: what was retracted is closed with a dash and said anew on the next line.
    """
    async with closing(steps):
        async for step in steps:
            if isinstance(step, Reply):
                return step
            if write is None:
                continue
            if isinstance(step, str):
                write(step)
            elif isinstance(step, Retract):
                write(" —\n")
    raise AssertionError("a turn ends with a Reply")  # pragma: no cover
