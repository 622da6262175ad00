"""A database is brought to this version's tables once; one of a newer version is left alone."""

import asyncio
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from agent.errors import HomeError
from agent.store.database import close_engine, open_engine


async def test_what_is_up_to_date_is_opened_without_what_migrates(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'parley.db'}"
    await close_engine(await open_engine(url))
    with monkeypatch.context() as patch:
        patch.setitem(sys.modules, "alembic", None)
        engine = await open_engine(url)
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    await close_engine(engine)
    with pytest.raises(HomeError, match="newer Parley"):
        await open_engine(url)


async def test_one_of_an_older_version_is_brought_up(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'parley.db'}"
    engine = await open_engine(url)
    async with engine.begin() as connection:
        await connection.execute(text("DROP TABLE action"))
        await connection.execute(text("DROP TABLE record"))
        await connection.execute(text("UPDATE alembic_version SET version_num = '0007'"))
    await close_engine(engine)
    engine = await open_engine(url)
    async with engine.connect() as connection:
        assert (await connection.execute(text("SELECT count(*) FROM action"))).scalar() == 0
    await close_engine(engine)


async def test_of_several_processes_that_find_an_empty_one_each_gets_all_tables(url: str) -> None:
    script = (
        "import asyncio, sys\n"
        "from agent.store.database import close_engine, open_engine\n"
        "async def main(): await close_engine(await open_engine(sys.argv[1]))\n"
        "asyncio.run(main())\n"
    )
    processes = [
        await asyncio.create_subprocess_exec(sys.executable, "-c", script, url, stderr=asyncio.subprocess.PIPE)
        for _ in range(4)
    ]
    said = [(await process.communicate())[1].decode() for process in processes]
    assert [process.returncode for process in processes] == [0] * 4, said
