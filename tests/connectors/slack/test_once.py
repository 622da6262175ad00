"""Each message is answered once and in order, however Slack tells of it, and whichever process dies.

PARLEY_TEST_LONG=1 tries 1,000 sequences and 500 turns.
"""

import asyncio
import os
import random
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.slack.threads import Threads
from tests.support.slack_connector import QUICK, Running, connected
from tests.support.slack_home import SOCKET
from tests.support.slack_server import FakeSlack, fake_slack

LONG = os.environ.get("PARLEY_TEST_LONG") == "1"
SEQUENCES, TURNS = (1_000, 500) if LONG else (8, 16)
_SAID = re.compile(r"You said: ([^.]*)\.")


def answers(slack: FakeSlack, channel: str, ts: str) -> list[str]:
    """What was answered in a thread, each whole, by the question that it repeats."""
    found = []
    for message in slack.world.answers(channel, ts):
        said = _SAID.match(message["text"])
        if said and message.get("metadata") and message["text"].count("Word 7") == 1:
            found.append(said[1])
    return found


@st.composite
def sequences(draw: st.DrawFn) -> list[tuple[int, float]]:
    """Which message is told of, and after how many seconds: out of order, several times, late; each at least once."""
    messages = draw(st.integers(1, 4))
    delays = st.sampled_from([0.0, 0.0, 0.005, 0.02, 0.15])
    told = [(number, draw(delays)) for number in range(messages)]
    told += draw(st.lists(st.tuples(st.integers(0, messages - 1), delays), max_size=4))
    return draw(st.permutations(told))


class Workplace:
    """A connector that serves all sequences, so that each costs only what it tells."""

    def __init__(self, slack: FakeSlack, running: Running) -> None:
        self.slack = slack
        self.running = running
        self._people = iter(range(1, 1_000_000))

    async def tells(self, sequence: list[tuple[int, float]]) -> None:
        slack = self.slack
        ada = slack.world.user(f"U{next(self._people)}")
        root, events = slack.writes(ada, "message 0")
        bodies = {0: events[0]}
        for number in range(1, len({number for number, _ in sequence})):
            _, (bodies[number],) = slack.writes(ada, f"message {number}", thread=root)

        async def tell(number: int, after_s: float) -> None:
            await asyncio.sleep(after_s)
            assert (await slack.tell(bodies[number])).acknowledged

        begun = asyncio.get_running_loop().time()
        await asyncio.gather(*(tell(number, after_s) for number, after_s in sequence))
        took = asyncio.get_running_loop().time() - begun
        await slack.until(lambda: len(answers(slack, ada.dm, root)) >= len(bodies))
        shown = answers(slack, ada.dm, root)
        assert sorted(shown) == [f"message {number}" for number in bodies]
        found = await Threads(self.running.conversations.engine).find("T1", ada.dm, root)
        assert found is not None
        events_ = await self.running.conversations.events.read(found.conversation_id)
        received = [str(event.data["text"]) for event in events_ if event.type == "message.received"]
        assert shown == received  # in the order in which they were taken
        if took < QUICK.settle_s:  # told within the moment in which they are put in order
            assert shown == sorted(shown)


@asynccontextmanager
async def workplace(store: str, mode: str) -> AsyncIterator[Workplace]:
    async with fake_slack(mode) as slack, connected(slack, store) as running:
        yield Workplace(slack, running)


@pytest.mark.timeout(1_200)
@pytest.mark.parametrize("mode", ["http", "socket"])
def test_told_again_out_of_order_and_late_each_message_is_answered_once_and_in_order(store: str, mode: str) -> None:
    with asyncio.Runner() as runner:
        place = workplace(store, mode)
        opened = runner.run(place.__aenter__())

        @settings(max_examples=SEQUENCES, deadline=None, suppress_health_check=list(HealthCheck))
        @given(sequences())
        def check(sequence: list[tuple[int, float]]) -> None:
            runner.run(opened.tells(sequence))

        try:
            check()
        finally:
            runner.run(place.__aexit__(None, None, None))


class Processes:
    """Two connector processes on one store, one of which is killed now and then and started again."""

    def __init__(self, slack: FakeSlack, store: str) -> None:
        self._arguments = (sys.executable, "-m", "tests.support.slack_process", store, slack.url)
        self._slack = slack
        self._running: list[asyncio.subprocess.Process] = []
        self.kills = 0

    async def start(self) -> None:
        arguments = (*self._arguments, self._slack.world.team("T1").token)
        root = str(Path(__file__).parents[3])
        self._running.append(await asyncio.create_subprocess_exec(*arguments, cwd=root))

    async def kill_one(self, rng: random.Random) -> None:
        process = self._running.pop(rng.randrange(len(self._running)))
        process.kill()
        await process.wait()
        self.kills += 1

    async def end(self) -> None:
        for process in self._running:
            process.kill()
            await process.wait()


@pytest.mark.timeout(1_800)
@SOCKET
async def test_of_two_processes_one_is_killed_again_and_again_and_nothing_is_lost_or_said_twice(
    slack: FakeSlack, store: str
) -> None:
    rng = random.Random(7)
    slack.delivery.waits = (0.1, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
    processes = Processes(slack, store)
    await processes.start()
    await slack.until(lambda: slack.delivery.sockets, 60)
    await processes.start()
    await slack.until(lambda: len(slack.delivery.sockets) == 2, 60)
    people = [slack.world.user(f"U{number}") for number in range(6)]
    channel = slack.world.channel("C1")
    roots: set[tuple[str, str]] = set()
    telling: list[asyncio.Task[Any]] = []

    async def killer() -> None:
        while True:
            await asyncio.sleep(rng.uniform(0.5, 2.0))
            await processes.kill_one(rng)
            await processes.start()
            await slack.until(lambda: len(slack.delivery.sockets) == 2, 60)

    killing = asyncio.create_task(killer())
    try:
        for number in range(TURNS):
            ada = people[number % len(people)]
            where, called = (ada.dm, "") if number % 3 else (channel, f"{slack.mention()} ")
            text = f"slow:0.{rng.randrange(1, 6)} turn {number}"
            ts, events = slack.writes(ada, called + text, channel=where)
            roots.add((where, ts))
            telling += [slack.tell(event) for event in events]
            await asyncio.sleep(rng.uniform(0.05, 0.35))
        await asyncio.gather(*telling)
        unheard = [one for one in telling if not one.result().acknowledged]
        assert not unheard
        await slack.until(lambda: all(done(slack, *root) for root in roots), 120)
    finally:
        killing.cancel()
        await asyncio.gather(killing, return_exceptions=True)
        await processes.end()
    for root in roots:
        shown = slack.world.answers(*root)
        assert len(shown) == 1, [message["text"][:60] for message in shown]
        assert _whole(shown[0]) or _apology(shown[0])
    apologies = sum(_apology(one) for root in roots for one in slack.world.answers(*root))
    print(f"{processes.kills} kills in {TURNS} turns; {apologies} turns were given up")
    assert apologies <= TURNS / 100
    assert processes.kills


def done(slack: FakeSlack, channel: str, ts: str) -> bool:
    """Whether the whole answer stands there, or the apology for a turn in which four processes died."""
    return any(one.get("metadata") and (_whole(one) or _apology(one)) for one in slack.world.answers(channel, ts))


def _whole(message: dict[str, Any]) -> bool:
    return all(message["text"].count(f"Word {number}") == 1 for number in range(8)) and "…" not in message["text"]


def _apology(message: dict[str, Any]) -> bool:
    return "failed en" in message["text"] and "Word" not in message["text"]
