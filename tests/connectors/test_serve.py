"""`parley serve` as whoever starts it sees it."""

import asyncio
import signal
import socket
import time
from pathlib import Path

import pytest

from tests.support.commands import parley_here
from tests.support.customer import Customer
from tests.support.parley_process import ParleyServer, run_parley

SETTINGS = {"PARLEY_KNOWLEDGE__EMBEDDER": "corpus"}


@pytest.fixture
async def home(tmp_path: Path) -> Path:
    assert (await parley_here(tmp_path / "home", "init", "--empty")).status == 0
    return tmp_path / "home"


async def test_a_taken_port_is_named_with_the_remedy_before_anything_is_loaded(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        printed = await run_parley("--home", str(home), "serve", "--port", str(port), status=2)
    assert f"port {port} of 127.0.0.1 is taken" in printed
    assert "--port" in printed
    assert printed.count("\n") == 1


async def test_an_address_that_is_not_ours_is_named(home: Path) -> None:
    printed = await run_parley("--home", str(home), "serve", "--host", "192.0.2.1", status=2)
    assert "--host" in printed
    assert printed.count("\n") == 1


async def test_a_number_that_is_no_port_is_refused(home: Path) -> None:
    assert "65535" in (await parley_here(home, "serve", "--port", "99999")).err


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
async def test_it_ends_at_once_and_without_a_trace_though_someone_listens(home: Path, sent: signal.Signals) -> None:
    server = ParleyServer(home, SETTINGS)
    await server.start()
    customer = Customer(server.url)
    try:
        await customer.begin()
        await customer.send("hello", "1")
        await customer.sees_all_answered()
        began = time.monotonic()
        assert await server.stop(sent) == 0
        assert time.monotonic() - began < 20  # streams that were waited for would be complained of, see the lines
    finally:
        await customer.leave()
        await server.kill()
    lines = server.printed.decode().splitlines()
    assert [line.split(":")[0].split(";")[0] for line in lines] == [
        "Loading knowledge and models …",
        "Parley is ready",
        "Parley has stopped",
    ]


@pytest.mark.parametrize("after_s", [0.05, 0.2, 0.5])
async def test_ctrl_c_while_it_loads_ends_it_too(home: Path, after_s: float) -> None:
    server = ParleyServer(home, SETTINGS)
    starting = asyncio.create_task(server.start())
    try:
        while b"Loading" not in server.printed:
            await asyncio.sleep(0.02)
        await asyncio.sleep(after_s)
        assert await server.stop() == 0
        await asyncio.gather(starting, return_exceptions=True)
    finally:
        await server.kill()
    assert b"Traceback" not in server.printed
