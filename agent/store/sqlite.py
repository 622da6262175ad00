"""Connections to SQLite that go to a thread for what may take long, and for nothing else.

What may take long is to wait for the right to write, which another process has, and to commit, which may wait for the disk.
Whatever need not wait takes a fraction of what the way to a thread and back does. aiosqlite sends each call of a cursor that
way: to make it, to execute, to fetch, to close, and to roll back what was never begun, more than a hundred of them in a turn.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeVar

import aiosqlite
from sqlalchemy.engine import URL

T = TypeVar("T")

_ROWS_AT_ONCE = 64
_HASTY, _PATIENT = "PRAGMA busy_timeout = 0", "PRAGMA busy_timeout = 10000"
_WHOLE_CODE = 0xFF  # of an error; what is above says more


def connecting(url: URL) -> Callable[[], "Connection"]:
    """What makes a connection to a database, as SQLAlchemy's `async_creator` is called; it is awaited there."""
    arguments, options = url.get_dialect()().create_connect_args(url)

    def connect() -> Connection:
        connection = Connection(partial(sqlite3.connect, *arguments, **{**options, "timeout": 0}), _ROWS_AT_ONCE)
        connection._thread.daemon = True  # as SQLAlchemy has it: a process must be able to end without closing it
        return connection

    return connect


class Connection(aiosqlite.Connection):
    """One thread with its connection."""

    _stopped: "asyncio.Future[object] | None" = None

    def stop(self) -> "asyncio.Future[object] | None":
        """Ends the thread, soon."""
        self._stopped = super().stop()
        return self._stopped

    async def _connect(self) -> aiosqlite.Connection:
        try:
            return await super()._connect()
        except sqlite3.Error:
            if self._stopped is not None:
                await self._stopped  # the thread would end later than the loop, and complain that it is not there
            raise

    def cursor(self) -> "_Cursor":  # type: ignore[override]
        """For one statement after the other."""
        return _Cursor(self)

    async def run(self, work: "Callable[[sqlite3.Connection], _Result]") -> "_Result":
        """Does this; in the thread where another process has to be waited for. Raises what it raises."""
        try:
            return work(self._conn)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & _WHOLE_CODE not in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
                raise
        result: _Result = await self._execute(_patiently, work, self._conn)  # type: ignore[no-untyped-call]
        return result

    async def commit(self) -> None:
        """Ends a transaction, where there is one."""
        if self.in_transaction:
            await self._execute(_patiently, sqlite3.Connection.commit, self._conn)  # type: ignore[no-untyped-call]

    async def rollback(self) -> None:
        """Undoes a transaction, where there is one."""
        if self.in_transaction:
            await super().rollback()


def _patiently(work: Callable[[sqlite3.Connection], T], connection: sqlite3.Connection) -> T:
    """Waits for others, up to ten seconds."""
    connection.execute(_PATIENT).close()
    try:
        return work(connection)
    finally:
        connection.execute(_HASTY).close()


class _Result:
    """What a statement has left: all its rows, and what a cursor tells of it."""

    def __init__(self, cursor: sqlite3.Cursor) -> None:
        self.description = cursor.description
        self.rows: Sequence[Any] = cursor.fetchall() if cursor.description else ()
        self.rowcount = cursor.rowcount
        self.lastrowid = cursor.lastrowid
        cursor.close()


class _Cursor:
    """As much of a cursor as SQLAlchemy asks for."""

    arraysize = 1

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._result: _Result | None = None

    async def __aenter__(self) -> "_Cursor":
        return self

    @property
    def description(self) -> Any:
        """The columns, None of a statement that gives no rows."""
        return self._result and self._result.description

    @property
    def rowcount(self) -> int:
        """How many rows were changed."""
        return self._result.rowcount if self._result else -1

    @property
    def lastrowid(self) -> int | None:
        """Of the row that was inserted last."""
        return self._result.lastrowid if self._result else None

    async def execute(self, sql: str, parameters: Any = ()) -> "_Cursor":
        """One statement, with all its rows."""
        self._result = await self._connection.run(lambda opened: _Result(opened.execute(sql, parameters)))
        return self

    async def executemany(self, sql: str, parameters: Any) -> "_Cursor":
        """One statement for many rows."""
        self._result = await self._connection.run(lambda opened: _Result(opened.executemany(sql, parameters)))
        return self

    async def fetchall(self) -> Sequence[Any]:
        """The rows."""
        return self._result.rows if self._result else ()

    async def close(self) -> None:
        """Nothing is left open."""
