"""Transactions that write."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlmodel.ext.asyncio.session import AsyncSession

from agent.taking_turns import TakingTurns

ONE_AT_A_TIME = "parley_one_at_a_time"
"""Execution option of an engine: the lock that each transaction of this process takes before it writes."""


@asynccontextmanager
async def writing(engine: AsyncEngine) -> AsyncIterator[AsyncSession]:
    """A session in a transaction that is committed at the end of the block. Within it, open no other one."""
    async with turn_to_write(engine), AsyncSession(engine) as session, session.begin():
        yield session


@asynccontextmanager
async def transaction(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """The same for statements on tables alone, at two thirds of the cost: what each turn writes."""
    async with turn_to_write(engine), engine.begin() as connection:
        yield connection


def turn_to_write(engine: AsyncEngine, *, first: bool = False) -> AbstractAsyncContextManager[None]:
    """The right to write, as long as the block lasts. first: before all that wait for it.

    SQLite has one writer at a time. It lets the others try again and again, in no order, each with a thread that sleeps
    meanwhile, and fails those that were unlucky for ten seconds; so those of one process wait here, in the order they came.
    """
    turns: TakingTurns | None = engine.get_execution_options().get(ONE_AT_A_TIME)
    return nullcontext() if turns is None else turns.turn(first=first)
