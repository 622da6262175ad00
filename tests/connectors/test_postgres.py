"""`parley serve` and `parley doctor` with their conversations in a real PostgreSQL."""

from pathlib import Path

import httpx
import pytest

from tests.support.homes import QUESTION, small_home
from tests.support.parley_process import ParleyServer, run_parley
from tests.support.postgres_server import PostgresServer
from tests.support.web_client import ask, events

pytestmark = [pytest.mark.postgres, pytest.mark.timeout(240)]


async def test_conversations_in_postgres_outlive_a_killed_server(postgres: PostgresServer, tmp_path: Path) -> None:
    home, settings = small_home(tmp_path), {"PARLEY_STORE__URL": postgres.new_database()}
    server = ParleyServer(home, settings)
    await server.start()
    try:
        async with httpx.AsyncClient(base_url=server.url, timeout=60, trust_env=False) as client:
            path, headers = await ask(client, QUESTION)
            before = await events(client, path, headers)
        assert "30 days" in before[-1]["data"]["text"]
        await server.kill()
        await server.start()
        async with httpx.AsyncClient(base_url=server.url, timeout=60, trust_env=False) as client:
            assert await events(client, path, headers) == before
    finally:
        await server.stop()
    assert not (home / "parley.db").exists()


async def test_doctor_sees_the_database(postgres: PostgresServer, tmp_path: Path) -> None:
    settings = {"PARLEY_STORE__URL": postgres.new_database()}
    await run_parley("--home", str(small_home(tmp_path)), "doctor", settings=settings)


async def test_a_database_that_is_not_there_is_named(postgres: PostgresServer, tmp_path: Path) -> None:
    url = postgres.new_database() + "_gone"
    printed = await run_parley(
        "--home", str(small_home(tmp_path)), "serve", settings={"PARLEY_STORE__URL": url}, status=2
    )
    assert "Check [store] url" in " ".join(printed.split())
    assert "Traceback" not in printed
