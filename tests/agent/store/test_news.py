"""What a follower hears without reading the store, and how writers wait for each other."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from agent.conversations import Conversations
from agent.store.database import close_engine, open_engine
from agent.store.news import Follower
from agent.types import Event, EventType
from tests.support.scripted_runner import DIGESTS, EchoPhrases, ScriptedRunner

_MANY = 100


def _event(n: int) -> Event:
    return Event(conversation_id="c", n=n, type=EventType.REPLY_DELTA, at=datetime.now(UTC), data={"text": "字"})


@given(
    after=st.integers(0, 5),
    written=st.lists(st.lists(st.integers(1, 12), max_size=3), max_size=40),
    takes=st.sets(st.integers(0, 40)),
)
def test_what_is_heard_goes_on_where_the_follower_stands_or_the_store_is_read(
    after: int, written: Sequence[Sequence[int]], takes: set[int]
) -> None:
    follower, seen = Follower(after), []
    assert follower.take_heard() is None  # whatever was written before it came

    for step, numbers in enumerate(written):
        follower.hear([_event(n) for n in numbers])
        assert follower.bell.is_set()
        if step in takes:
            heard = follower.take_heard()
            if heard is not None:
                seen += [event.n for event in heard]
                follower.after = seen[-1] if heard else follower.after

    assert seen == list(range(after + 1, after + 1 + len(seen)))


def test_a_follower_who_is_told_of_nothing_in_particular_reads_the_store() -> None:
    follower = Follower(0, heard=[])
    follower.hear([_event(1)])
    follower.hear([])
    assert follower.take_heard() is None
    follower.hear([_event(2)])
    assert follower.take_heard() is None  # 1 is missing


def test_a_follower_who_does_not_take_what_is_heard_holds_little_of_it() -> None:
    follower = Follower(0, heard=[])
    for n in range(1, 10_000):
        follower.hear([_event(n)])
    assert follower.take_heard() is None


async def test_who_writes_to_sqlite_waits_in_the_order_of_coming(tmp_path: Path) -> None:
    engine = await open_engine(f"sqlite+aiosqlite:///{tmp_path / 'parley.db'}")
    try:
        async with Conversations(engine, ScriptedRunner(), EchoPhrases(), digests=DIGESTS).running() as conversations:
            opened = [(await conversations.create("web"))[0] for _ in range(_MANY)]
            written: list[str] = []

            async def write(conversation_id: str) -> None:
                await conversations.events.append(conversation_id, EventType.FEEDBACK_GIVEN, {"value": 1})
                written.append(conversation_id)

            await asyncio.gather(*(write(conversation_id) for conversation_id in opened))
            assert written == opened
    finally:
        await close_engine(engine)
