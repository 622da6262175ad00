"""SQLite is asked at once; only who has to wait for another process waits in a thread."""

import asyncio
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from agent.store.database import close_engine, open_engine
from agent.store.transactions import transaction

_ADD = text("INSERT INTO kept VALUES (:n)")
_COUNT = text("SELECT count(*) FROM kept")


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    engine = await open_engine(f"sqlite+aiosqlite:///{tmp_path / 'store.db'}")
    async with transaction(engine) as connection:
        await connection.execute(text("CREATE TABLE kept (n INTEGER PRIMARY KEY)"))
    yield engine
    await close_engine(engine)


async def count(engine: AsyncEngine) -> int:
    async with engine.connect() as connection:
        return int((await connection.execute(_COUNT)).scalar_one())


async def test_who_waits_for_another_process_holds_nobody_up(engine: AsyncEngine, tmp_path: Path) -> None:
    async def write() -> None:
        async with transaction(engine) as connection:
            added = await connection.execute(_ADD, {"n": 1})
            assert added.rowcount == 1

    other = sqlite3.connect(tmp_path / "store.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    writing = asyncio.create_task(write())
    for _ in range(20):
        await asyncio.sleep(0.005)
        assert await count(engine) == 0  # readers go on
    assert not writing.done()
    other.execute("COMMIT")
    other.close()
    await writing
    assert await count(engine) == 1


async def test_what_fails_is_undone_and_told(engine: AsyncEngine) -> None:
    with pytest.raises(IntegrityError):
        async with transaction(engine) as connection:
            await connection.execute(_ADD, [{"n": n} for n in range(3)])
            await connection.execute(_ADD, {"n": 1})
    assert await count(engine) == 0


async def test_one_connection_is_kept_for_all_that_is_written(engine: AsyncEngine) -> None:
    kept = []
    for n in range(2):
        with pytest.raises(ZeroDivisionError):
            async with transaction(engine) as connection:
                await connection.execute(_ADD, {"n": n})
                raise ZeroDivisionError
        async with transaction(engine) as connection:
            await connection.execute(_ADD, {"n": n})
            kept.append(connection)
    assert kept[0] is kept[1]
    assert await count(engine) == 2


def test_where_no_database_can_be_the_error_is_all_that_is_said(tmp_path: Path) -> None:
    script = (
        "import asyncio, sys\n"
        "from agent.errors import HomeError\n"
        "from agent.store.database import open_engine\n"
        "try: asyncio.run(open_engine(sys.argv[1]))\n"
        "except HomeError as error: print(error)\n"
    )
    url = f"sqlite+aiosqlite:///{tmp_path}/nowhere/parley.db"
    for _ in range(5):
        done = subprocess.run([sys.executable, "-c", script, url], capture_output=True, text=True, check=True)
        assert "can't be opened" in done.stdout
        assert not done.stderr
