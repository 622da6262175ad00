"""Transactions that write."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlmodel.ext.asyncio.session import AsyncSession

from agent.taking_turns import TakingTurns

ONE_AT_A_TIME = "parley_one_at_a_time"
"""Execution option of an engine: the OneWriter whose turn each transaction of this process takes before it writes."""


class OneWriter:
    """The right to write to SQLite, which one transaction has at a time, and the connection that it writes over.

    It is kept: to take one out of the pool and to put it back costs as much as one and a half statements.
    """

    def __init__(self) -> None:
        self.turns = TakingTurns()
        self._kept: AsyncConnection | None = None

    async def connection(self, engine: AsyncEngine) -> AsyncConnection:
        """For whoever has the turn."""
        if self._kept is None:
            self._kept = await engine.connect()
        return self._kept

    async def close(self) -> None:
        """Once nobody writes any more."""
        if self._kept is not None:
            await self._kept.close()
            self._kept = None


@asynccontextmanager
async def writing(engine: AsyncEngine) -> AsyncIterator[AsyncSession]:
    """A session in a transaction that is committed at the end of the block. Within it, open no other one."""
    async with turn_to_write(engine), AsyncSession(engine) as session, session.begin():
        yield session


@asynccontextmanager
async def transaction(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """The same for statements on tables alone, at two thirds of the cost: what each turn writes."""
    writer = _writer(engine)
    if writer is None:
        async with engine.begin() as connection:
            yield connection
        return
    async with writer.turns.turn():
        connection = await writer.connection(engine)
        async with connection.begin():
            yield connection


def turn_to_write(engine: AsyncEngine, *, first: bool = False) -> AbstractAsyncContextManager[None]:
    """The right to write, as long as the block lasts. first: before all that wait for it.

    SQLite has one writer at a time. It lets the others try again and again, in no order, each with a thread that sleeps
    meanwhile, and fails those that were unlucky for ten seconds; so those of one process wait here, in the order they came.
    """
    writer = _writer(engine)
    return nullcontext() if writer is None else writer.turns.turn(first=first)


async def close_writer(engine: AsyncEngine) -> None:
    """Closes the connection that is kept."""
    if (writer := _writer(engine)) is not None:
        await writer.close()


def _writer(engine: AsyncEngine) -> OneWriter | None:
    writer: OneWriter | None = engine.get_execution_options().get(ONE_AT_A_TIME)
    return writer
