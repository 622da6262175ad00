"""Keeps what Slack tells before it is acknowledged: all that came meanwhile in one transaction, before any other writing.

Slack gives three seconds, and turns write all the time: an item must not stand in line behind them, for the lock or for
a connection of the pool. One connection is kept for this alone.
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlmodel import col

from agent.store.transactions import turn_to_write
from agent.store.uninterrupted import uninterrupted
from connectors.slack.tables import InboxRow

_MOST = 100  # rows of a statement: SQLite takes so many values, and no more


class Keeping:
    """Enters rows into the inbox, each id once in all processes."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._insert = sqlite.insert if engine.dialect.name == "sqlite" else postgresql.insert
        self._connection: AsyncConnection | None = None
        self._waiting: list[tuple[Mapping[str, Any], asyncio.Future[bool]]] = []
        self._entering: asyncio.Task[None] | None = None

    async def keep(self, row: Mapping[str, Any]) -> bool:
        """False where the row's id was there before. Raises what the store raises."""
        kept: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.append((row, kept))
        if self._entering is None or self._entering.done():
            self._entering = asyncio.create_task(self._enter_all())
        return await kept

    async def close(self) -> None:
        """Lets go of the connection."""
        if self._entering is not None:
            await asyncio.gather(self._entering, return_exceptions=True)
        await self._disconnect()

    async def _enter_all(self) -> None:
        while self._waiting:
            async with turn_to_write(self._engine, first=True):
                batch, self._waiting = self._waiting[:_MOST], self._waiting[_MOST:]
                try:
                    new = await self._enter([row for row, _ in batch])
                except Exception as error:  # noqa: BLE001 - whoever waits is told
                    await self._disconnect()
                    for _, kept in batch:
                        if not kept.done():
                            kept.set_exception(error)
                    continue
            for row, kept in batch:
                if not kept.done():
                    kept.set_result(row["id"] in new)
                new.discard(row["id"])  # told twice at once

    @uninterrupted
    async def _enter(self, rows: Sequence[Mapping[str, Any]]) -> set[str]:
        if self._connection is None:
            self._connection = await self._engine.connect()
        async with self._connection.begin():
            entered = self._insert(InboxRow).values(list(rows)).on_conflict_do_nothing().returning(col(InboxRow.id))
            return {str(one) for one in (await self._connection.execute(entered)).scalars()}

    async def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()
