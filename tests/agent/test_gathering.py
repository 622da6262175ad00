"""What happens in a turn is written in order, together, and without losing or doubling anything."""

import asyncio
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.conversations.gathering import Gathering, together
from agent.store.event_log import Happened
from agent.types import EventType

DELTA, NOTED = EventType.REPLY_DELTA, EventType.TURN_UNDERSTOOD


class Log:
    """A log whose transactions take a while, and may fail."""

    def __init__(self, takes_s: float = 0.0) -> None:
        self.transactions: list[list[Happened]] = []
        self.takes_s = takes_s
        self.broken = False

    async def write(self, happened: Sequence[Happened]) -> None:
        await asyncio.sleep(self.takes_s)
        if self.broken:
            raise OSError("the disk is full")
        self.transactions.append(list(happened))


def said(happened: Sequence[Happened]) -> str:
    text = ""
    for _, data in happened:
        text = str(data["text"]) if data.get("reset") else text + str(data["text"])
    return text


async def test_the_first_words_wait_for_nothing_and_the_next_for_each_other() -> None:
    log = Log()
    gathering = Gathering(log.write)
    gathering.put(NOTED, {"text": ""})
    await asyncio.sleep(0.01)
    gathering.put(DELTA, {"text": "Lamps"})
    await asyncio.sleep(0.01)
    assert log.transactions == [[(NOTED, {"text": ""})], [(DELTA, {"text": "Lamps"})]]
    for word in (" and", " 台灯"):
        gathering.put(DELTA, {"text": word})
    await asyncio.sleep(0.01)
    assert len(log.transactions) == 2
    await asyncio.sleep(0.08)
    assert log.transactions[2:] == [[(DELTA, {"text": " and 台灯"})]]
    await gathering.close()


async def test_what_follows_a_transaction_of_another_is_written_together_and_words_at_once() -> None:
    log = Log()
    gathering = Gathering(log.write)
    gathering.written()
    for text in ("understood", "decided"):
        gathering.put(NOTED, {"text": text})
        await asyncio.sleep(0)
    assert log.transactions == []
    gathering.put(DELTA, {"text": "Lamps"})
    await asyncio.sleep(0.01)
    assert [len(one) for one in log.transactions] == [3]
    await gathering.close()


async def test_what_is_not_written_is_handed_over_once() -> None:
    log = Log(takes_s=0.02)
    gathering = Gathering(log.write)
    gathering.put(DELTA, {"text": "one "})
    await asyncio.sleep(0.01)  # under way
    gathering.put(DELTA, {"text": "two "})
    gathering.put(DELTA, {"text": "three"})
    rest = await gathering.rest()
    await gathering.close()
    assert (log.transactions, rest) == ([[(DELTA, {"text": "one "})]], [(DELTA, {"text": "two three"})])
    assert await gathering.rest() == []


async def test_nothing_is_written_where_the_rest_was_taken_first() -> None:
    log = Log(takes_s=0.02)
    gathering = Gathering(log.write)
    gathering.put(NOTED, {"text": ""})
    await asyncio.sleep(0.01)  # under way
    gathering.put(DELTA, {"text": "one"})  # in a hurry
    assert await gathering.rest() == [(DELTA, {"text": "one"})]
    await asyncio.sleep(0.05)
    assert log.transactions == [[(NOTED, {"text": ""})]]
    await gathering.close()


async def test_a_failure_is_told_to_who_speaks_on() -> None:
    log = Log()
    gathering = Gathering(log.write)
    log.broken = True
    gathering.put(NOTED, {"text": ""})
    await asyncio.sleep(0.01)
    with pytest.raises(OSError, match="disk"):
        gathering.put(DELTA, {"text": "words"})
    with pytest.raises(OSError, match="disk"):
        await gathering.rest()
    await gathering.close()


@given(st.lists(st.tuples(st.text(max_size=3), st.booleans())))
def test_pieces_together_say_the_same(pieces: list[tuple[str, bool]]) -> None:
    happened: list[Happened] = [
        (DELTA, {"text": "", "reset": True} if reset else {"text": text}) for text, reset in pieces
    ]
    joined = together(happened)
    assert said(joined) == said(happened)
    assert [data for _, data in joined if data.get("reset")] == [data for _, data in happened if data.get("reset")]
    assert len(joined) <= 2 * sum(reset for _, reset in pieces) + 1
