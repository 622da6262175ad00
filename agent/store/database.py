"""Opens the database, brings it to this version's tables, and closes it."""

import asyncio
from importlib.resources import files

from sqlalchemy import event, inspect, text
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from agent.errors import HomeError
from agent.store.sqlite import connecting
from agent.store.transactions import ONE_AT_A_TIME, OneWriter, close_writer
from agent.store.uninterrupted import uninterrupted

_SQLITE_CONNECTIONS = 8  # each has a thread; they are kept, as opening one costs more than what is asked of it
_MIGRATIONS = files("agent.store") / "migrations"
_ALONE = {"sqlite": "BEGIN IMMEDIATE", "postgresql": "SELECT pg_advisory_xact_lock(7305808869228113257)"}
"""Lets one process at a time go on, until the end of the transaction."""


async def open_engine(url: str) -> AsyncEngine:
    """An engine on a database that has this version's tables.

    url: `sqlite+aiosqlite:///…` or `postgresql+asyncpg://…`.
    Raises HomeError when it can't be opened, or was written by a newer version.
    """
    engine = _engine_on(url)
    try:
        await _bring_up_to_date(engine)
    except asyncio.CancelledError:
        await close_engine(engine)
        raise
    except HomeError:
        await engine.dispose()
        raise
    except (SQLAlchemyError, OSError) as error:
        await engine.dispose()
        reason = str(error.__cause__ or error).splitlines()[0]
        raise HomeError(f"the database can't be opened: {reason}. Check [store] url, or the disk.") from error
    return engine


def _engine_on(url: str) -> AsyncEngine:
    place = make_url(url)
    if place.get_backend_name() != "sqlite":
        return create_async_engine(url)
    engine = create_async_engine(
        place,
        async_creator=connecting(place),
        execution_options={ONE_AT_A_TIME: OneWriter()},
        pool_size=_SQLITE_CONNECTIONS,
        max_overflow=0,
        pool_use_lifo=True,  # those that a rush opened rest: each that is used fills a cache of two megabytes
    )
    event.listen(engine.sync_engine, "connect", _tune_sqlite)
    return engine


@uninterrupted
async def _bring_up_to_date(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await connection.run_sync(_migrate)


def _tune_sqlite(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _migrate(connection: Connection) -> None:
    if _is_up_to_date(connection):
        return
    connection.execute(text(_ALONE[connection.dialect.name]))
    if _is_up_to_date(connection):  # another process was faster
        return
    # Imported here: nine megabytes that a server over a database of its own version need not keep.
    from alembic import command
    from alembic.config import Config
    from alembic.util.exc import CommandError

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise HomeError(f"the database was written by a newer Parley ({error}). Update Parley.") from error


def _is_up_to_date(connection: Connection) -> bool:
    """Whether the last migration has been done; their files are called by their number."""
    if not inspect(connection).has_table("alembic_version"):
        return False
    done = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    last = max(file.name for file in (_MIGRATIONS / "versions").iterdir() if file.name[0].isdigit())
    return done == last.partition("_")[0]


@uninterrupted
async def close_engine(engine: AsyncEngine) -> None:
    """Closes all connections, also when the task is being cancelled."""
    await close_writer(engine)
    await engine.dispose()
