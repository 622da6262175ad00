"""`parley serve --workers`: several processes at one address, over one SQLite file and no other server."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from tests.connectors.test_killed import QUESTION, SENTENCES, check_whole, home_with_one_article
from tests.support.customer import ENDS, Customer
from tests.support.openai_server import model_server, writes
from tests.support.parley_process import ParleyServer, run_parley

pytestmark = pytest.mark.timeout(180)
SETTINGS = {"PARLEY_KNOWLEDGE__EMBEDDER": "corpus", "PARLEY_SERVER__WORKERS": "2"}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return asyncio.run(home_with_one_article(tmp_path_factory.mktemp("workers")))


@asynccontextmanager
async def served(home: Path, **settings: str) -> AsyncIterator[ParleyServer]:
    server = ParleyServer(home, SETTINGS | settings)
    await server.start()
    try:
        yield server
    finally:
        await server.kill()


def workers_of(server: ParleyServer) -> list[int]:
    """Those of its children that serve."""
    children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text("ascii").split()
    return [int(child) for child in children if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()]


async def said(server: ParleyServer, what: bytes) -> None:
    async with asyncio.timeout(60):
        while what not in server.printed:
            await asyncio.sleep(0.05)


async def answered(url: str, count: int) -> list[Customer]:
    """So many customers, each with an answer; each request is a connection of its own, to whichever process takes it."""
    customers = [Customer(url) for _ in range(count)]
    for customer in customers:
        await customer.begin()
    await asyncio.gather(*(customer.send(QUESTION, "1") for customer in customers))
    for customer in customers:
        await customer.sees_all_answered()
        await customer.leave()
    return customers


async def test_each_message_is_answered_once_and_the_end_is_clean(home: Path) -> None:
    async with served(home) as server:
        assert len(workers_of(server)) == 2
        for customer in await answered(server.url, 12):
            assert [event.n for event in customer.seen] == list(range(1, len(customer.seen) + 1))
            assert sum(event.type in ENDS for event in customer.seen) == 1
        assert await server.stop(signal.SIGTERM) == 0
    lines = server.printed.decode().splitlines()
    assert [line.split(":")[0].split(";")[0] for line in lines] == [
        "Loading knowledge and models …",
        "Parley is ready",
        "Parley has stopped",
    ]
    assert "2 processes" in lines[1]
    assert not list((home / ".parley.db-news").iterdir())


async def test_of_one_that_dies_in_the_middle_another_goes_on_and_a_new_one_begins(home: Path) -> None:
    words = " ".join(f"{sentence[:-1]} [1]." for sentence in SENTENCES).split(" ")
    async with model_server(writes([f"{word} " for word in words], pause_s=0.03)) as model:
        model.models = ("slow",)
        async with served(home, PARLEY_MODEL__BASE_URL=model.url) as server:
            customer = Customer(server.url)
            await customer.begin()
            first = workers_of(server)
            for number, worker in enumerate(first):
                await customer.send(QUESTION, str(number))
                await customer.sees("reply.delta", customer.accepted[str(number)])
                os.kill(worker, signal.SIGKILL)
                await customer.sees_all_answered()
                await check_whole(customer)
                await said(server, f"process {worker} ended with status -9".encode())
                async with asyncio.timeout(60):
                    while len(now := workers_of(server)) < 2 or worker in now:
                        await asyncio.sleep(0.05)
            assert set(first).isdisjoint(workers_of(server))
            await customer.leave()


async def test_all_are_renewed_while_the_others_answer(home: Path) -> None:
    async with served(home) as server, httpx.AsyncClient(base_url=server.url, timeout=30) as client:
        before, broken = workers_of(server), 0
        os.kill(server.pid, signal.SIGHUP)
        while b"all processes are new" not in server.printed:
            try:
                assert (await client.get("/readyz")).status_code == 200
            except httpx.TransportError:  # a connection that was kept when its process ended
                broken += 1
            await asyncio.sleep(0.02)
        assert broken <= 2
        assert len(workers_of(server)) == 2
        assert set(before).isdisjoint(workers_of(server))
        await answered(server.url, 2)


async def test_none_outlives_a_server_that_is_killed(home: Path) -> None:
    async with served(home) as server:
        before = workers_of(server)
        os.kill(server.pid, signal.SIGKILL)
        async with asyncio.timeout(30):
            while any(Path(f"/proc/{worker}").exists() for worker in before):
                await asyncio.sleep(0.05)


async def test_what_keeps_the_first_from_serving_is_said_once_and_ends_all(home: Path) -> None:
    settings = SETTINGS | {"PARLEY_STORE__URL": f"sqlite+aiosqlite:///{home}/nowhere/parley.db"}
    printed = await run_parley("--home", str(home), "serve", "--port", "0", settings=settings, status=2)
    assert printed.count("the database can't be opened") == 1
    assert "Traceback" not in printed
    assert "Parley has stopped" not in printed
