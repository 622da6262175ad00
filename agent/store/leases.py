"""Who works on a conversation: of all processes that share a store one at a time, and never one that has died."""

import os
import secrets
import socket
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, Update, bindparam, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlmodel import SQLModel

from agent.store.tables import ConversationRow, columns_of
from agent.store.transactions import transaction
from agent.store.uninterrupted import uninterrupted

LEASE_S = 15.0
"""How long a process that is not heard of keeps its conversations."""

RENEW_S = 4.0

_alive: set[str] = set()  # the names of this process, which may open a store several times


class Leases:
    """The conversations that this process works on.

    rows: the table that says who works on what, by its columns id, worker and worker_until.
    """

    def __init__(self, engine: AsyncEngine, rows: type[SQLModel] = ConversationRow) -> None:
        self._engine = engine
        self._table = columns_of(rows)
        self._host = socket.gethostname().replace(" ", "")
        self._name = f"{self._host} {os.getpid()} {secrets.token_hex(4)}"
        _alive.add(self._name)
        # Worded once: to word them costs as much as to execute them, and each turn does both.
        row = self._table.c
        self._take = self._taking(or_(row.worker.is_(None), row.worker == self._name))
        self._release = (
            update(self._table)
            .where(row.id.in_(bindparam("these", expanding=True)), row.worker == self._name)
            .values(worker=None, worker_until=None)
        )

    @uninterrupted
    async def take(self, conversation_id: str) -> bool:
        """Whether this process works on it from now on; another one that lives keeps it."""
        row = self._table.c
        async with transaction(self._engine) as connection:
            if await self._took(connection, conversation_id, self._take):
                return True
            found = await connection.execute(select(row.worker).where(row.id == conversation_id))
            holder: str | None = found.scalar()
            free = row.worker_until < datetime.now(UTC)
            if holder is not None and self._is_dead(holder):
                free = or_(free, row.worker == holder)
            return await self._took(connection, conversation_id, self._taking(free))

    def _taking(self, free: ColumnElement[bool]) -> Update:
        """Takes one where it is free."""
        this = self._table.c.id == bindparam("this")
        return update(self._table).where(this, free).values(worker=self._name, worker_until=bindparam("until"))

    @staticmethod
    async def _took(connection: AsyncConnection, conversation_id: str, taking: Update) -> bool:
        taken = await connection.execute(taking, {"this": conversation_id, "until": _until()})
        return bool(taken.rowcount)

    @uninterrupted
    async def renew(self, conversation_ids: Iterable[str]) -> set[str]:
        """Keeps these for longer; those that were lost, as this process was not heard of for too long."""
        held = set(conversation_ids)
        async with transaction(self._engine) as connection:
            row = self._table.c
            kept = await connection.execute(
                update(self._table)
                .where(row.id.in_(held), row.worker == self._name)
                .values(worker_until=_until())
                .returning(row.id)
            )
            return held - set(kept.scalars())

    @uninterrupted
    async def release(self, conversation_ids: Iterable[str]) -> None:
        """Lets others work on these."""
        async with transaction(self._engine) as connection:
            await connection.execute(self._release, {"these": [*conversation_ids]})

    async def close(self, held: Iterable[str]) -> None:
        """Lets others work on what is held, and takes nothing more."""
        _alive.discard(self._name)
        if held := set(held):
            await self.release(held)

    def _is_dead(self, holder: str) -> bool:
        """Whether a process of this machine is gone; of another machine only time tells."""
        host, pid, _ = holder.split(" ")
        if host != self._host:
            return False
        if int(pid) == os.getpid():  # an earlier process of this number: in a container each has the same
            return holder not in _alive
        try:
            os.kill(int(pid), 0)
        except ProcessLookupError:
            return True
        except PermissionError:
            return False  # it lives, as another user's
        return False


def _until() -> datetime:
    return datetime.now(UTC) + timedelta(seconds=LEASE_S)
