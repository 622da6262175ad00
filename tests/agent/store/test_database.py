"""A database is brought to this version's tables once; one of a newer version is left alone."""

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
