"""Bundles switched under a running server, by commands and by another process: no turn fails, and none waits."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from agent.home import Home
from agent.training.bundle import Task
from agent.training.speakers import Mode
from agent.training.versions import versions_of
from tests.support.bundles import small_bundle
from tests.support.commands import parley_here
from tests.support.customer import Customer
from tests.support.homes import small_home
from tests.support.parley_process import ParleyServer

pytestmark = pytest.mark.timeout(300)
MESSAGES = ("where is my parcel?", "我的包裹在哪？")
SOON_S, LATEST_S = 2.0, 60.0


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """One whose customers may ask as fast as they are answered."""
    home = Home(small_home(tmp_path / "small"))
    with home.settings_file.open("a", encoding="utf-8") as settings:
        settings.write("\n[server.limits]\naddress_per_minute = 0\nconversation_per_minute = 0\n")
    return home


@pytest.fixture
async def server(home: Home, tmp_path: Path) -> AsyncIterator[ParleyServer]:
    """A server with a first version that speaks, and a second one that does not yet."""
    versions = versions_of(home, Task.INTENT)
    first, _ = (versions.add(small_bundle(tmp_path / name, name)) for name in ("first", "second"))
    versions.promote(first)
    server = ParleyServer(home.root)
    await server.start()
    yield server
    await server.kill()


async def learn(home: Home, *arguments: str) -> Any:
    finished = await parley_here(home.root, "learn", *arguments, "--json")
    assert finished.status == 0, finished.err
    return json.loads(finished.out)


class Asking:
    """A customer who asks all the time. heard: (best intent, version) of each turn."""

    def __init__(self, url: str) -> None:
        self.customer = Customer(url)
        self.heard: list[tuple[str, str]] = []
        self._asked = 0

    async def ask(self) -> tuple[str, str]:
        """One turn; its best intent, and the version that said so. Fails where the turn does."""
        self._asked += 1
        client_id = str(self._asked)
        await self.customer.send(MESSAGES[self._asked % 2], client_id)
        n = self.customer.accepted[client_id]
        await self.customer.sees("reply.completed", n, within_s=LATEST_S)
        data = next(e.data for e in self.customer.seen if e.type == "turn.understood" and e.data["message"] == n)
        found = data["intents"][0]["name"], data["versions"]["intent"]
        self.heard.append(found)
        return found

    async def hears(self, intent: str, version: str) -> None:
        """Waits, while somebody else asks, until the last turn was understood by this version."""
        async with asyncio.timeout(LATEST_S):
            while self.heard[-1:] != [(intent, version)]:
                await asyncio.sleep(0.02)

    async def asks_until(self, intent: str, version: str) -> None:
        """Asks until a turn is understood by this version."""
        async with asyncio.timeout(LATEST_S):
            while await self.ask() != (intent, version):
                await asyncio.sleep(0.1)

    async def ask_until(self, done: asyncio.Event) -> None:
        while not done.is_set():
            await self.ask()
            await asyncio.sleep(0.02)


async def test_a_promotion_while_turns_run_fails_none_and_speaks_within_two_seconds(
    home: Home, server: ParleyServer
) -> None:
    versions = versions_of(home, Task.INTENT)
    first, second = versions.names()
    asking = [Asking(server.url) for _ in range(3)]
    done, lags = asyncio.Event(), []
    try:
        for one in asking:
            await one.customer.begin()
        async with asyncio.TaskGroup() as turns:
            for one in asking:
                turns.create_task(one.ask_until(done))
            for one in asking:
                await one.hears("first", first)
            for version, intent in ((second, "second"), (first, "first")):
                await asyncio.to_thread(versions.promote, version)
                switched = time.monotonic()
                for one in asking:
                    await one.hears(intent, version)
                lags.append(time.monotonic() - switched)
                settled = {one: len(one.heard) for one in asking}
                await asyncio.sleep(0.5)
                assert {turn for one in asking for turn in one.heard[settled[one] :]} <= {(intent, version)}
            done.set()
    finally:
        for one in asking:
            await one.customer.leave()
    assert min(lags) < SOON_S  # one of them: a busy machine may take its time
    assert b"Traceback" not in server.printed
    assert b"ERROR" not in server.printed


async def test_commands_switch_back_and_forth_and_a_broken_bundle_changes_nothing(
    home: Home, server: ParleyServer
) -> None:
    versions = versions_of(home, Task.INTENT)
    first, second = versions.names()
    one = Asking(server.url)
    try:
        await one.customer.begin()
        assert await one.ask() == ("first", first)
        assert (await learn(home, "promote", "intent", second))["speaks"] == second
        await one.asks_until("second", second)
        await learn(home, "rollback")
        await one.asks_until("first", first)
        # Damaged behind the command's back, in a way that only loading shows.
        numbers = versions.folder(second) / "numbers.npz"
        whole = numbers.read_bytes()
        await asyncio.to_thread(versions.promote, second)
        numbers.write_bytes(whole[: len(whole) // 2])
        await asyncio.sleep(SOON_S)
        intent, version = await one.ask()
        assert (intent, version) in {("first", first), ("second", second)}  # whichever was quicker
    finally:
        await one.customer.leave()


async def test_a_shadow_is_recorded_after_the_turn_and_a_share_stays_with_its_conversation(
    home: Home, server: ParleyServer
) -> None:
    versions = versions_of(home, Task.INTENT)
    first, second = versions.names()
    asking = [Asking(server.url) for _ in range(16)]
    try:
        await asyncio.to_thread(versions.try_out, second, Mode.SHADOW)
        one = asking[0]
        await one.customer.begin()
        async with asyncio.timeout(LATEST_S):
            while not any(event.type == "turn.shadowed" for event in one.customer.seen):
                assert await one.ask() == ("first", first)
                await asyncio.sleep(0.1)
        kinds = [event.type for event in one.customer.seen]
        n = one.customer.seen[kinds.index("turn.shadowed")].data["message"]
        ended = [
            event.n for event in one.customer.seen if event.type == "reply.completed" and event.data["message"] == n
        ]
        assert one.customer.seen[kinds.index("turn.shadowed")].n > ended[0]
        opinion = one.customer.seen[kinds.index("turn.shadowed")].data["intent"]
        assert (opinion["version"], opinion["intents"][0]["name"]) == (second, "second")
        assert opinion["ms"] > 0
        assert opinion["ms_speaking"] > 0

        await asyncio.to_thread(versions.try_out, second, Mode.SHARE, percent=50)
        for other in asking[1:]:
            await other.customer.begin()
        async with asyncio.timeout(LATEST_S):
            while len({each.heard[-1] for each in asking if each.heard}) < 2:
                await asyncio.gather(*(each.ask() for each in asking))
        for _ in range(3):
            await asyncio.gather(*(each.ask() for each in asking))
        arms = [set(each.heard[-3:]) for each in asking]
        assert all(len(arm) == 1 for arm in arms)
        assert set().union(*arms) == {("first", first), ("second", second)}  # fails once in 32,768 by chance
    finally:
        for each in asking:
            await each.customer.leave()
    assert b"ERROR" not in server.printed
