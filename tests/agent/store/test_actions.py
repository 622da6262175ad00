"""What changes something happens once, whatever crashes between."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from agent.errors import ToolFailed
from agent.store import actions
from agent.store.actions import SqlActions
from agent.store.database import close_engine, open_engine
from agent.store.event_log import SqlEventLog
from agent.store.tables import ConversationRow
from agent.store.transactions import writing
from agent.tools.functions import FunctionOperation
from agent.tools.operation import CallContext
from agent.types import EventType, JsonValue

CONTEXT = CallContext(language="en", today=date(2026, 11, 26), folder=Path(), key="k1")


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    engine = await open_engine(f"sqlite+aiosqlite:///{tmp_path / 'parley.db'}")
    yield engine
    await close_engine(engine)


class Foreign:
    """A system elsewhere, which counts its calls and breaks on demand."""

    name, description, changes, own = "pay", "Pays.", True, False
    schema: Mapping[str, JsonValue] = {"type": "object"}
    words = None
    arguments = ("amount",)

    def __init__(self, *, repeatable: bool = False) -> None:
        self.repeatable = repeatable
        self.called: list[str] = []
        self.breaks: BaseException | None = None

    async def call(self, arguments: Mapping[str, JsonValue], context: CallContext) -> Mapping[str, JsonValue]:
        self.called.append(context.key)
        if self.breaks:
            raise self.breaks
        return {"number": len(self.called)}


async def book(what: str, context: CallContext) -> Mapping[str, JsonValue]:
    """Books something."""
    assert context.records is not None
    await context.records.add("booking", f"B-{what}", {"what": what}, subject=what)
    if what == "bad":
        raise ToolFailed("full")
    return {"number": f"B-{what}"}


async def test_the_same_key_gives_what_the_first_gave(engine: AsyncEngine) -> None:
    actions, pay = SqlActions(engine), Foreign()
    for _ in range(3):
        assert await actions.once(pay, {"amount": 1}, CONTEXT, "") == {"number": 1}
    assert pay.called == ["k1"]


async def test_of_many_at_once_one_does_it(engine: AsyncEngine) -> None:
    booking = FunctionOperation("book", book, changes=True)
    found = await asyncio.gather(*(SqlActions(engine).once(booking, {"what": "a"}, CONTEXT, "") for _ in range(8)))
    assert found == [{"number": "B-a"}] * 8


async def test_what_failed_within_the_store_left_nothing(engine: AsyncEngine) -> None:
    booking = FunctionOperation("book", book, changes=True)
    for _ in range(2):
        with pytest.raises(ToolFailed, match="full"):
            await SqlActions(engine).once(booking, {"what": "bad"}, CONTEXT, "")


async def test_a_number_is_given_once(engine: AsyncEngine) -> None:
    booking = FunctionOperation("book", book, changes=True)
    await SqlActions(engine).once(booking, {"what": "a"}, CONTEXT, "")
    other = CallContext(language="en", today=CONTEXT.today, folder=Path(), key="k2")
    with pytest.raises(ToolFailed) as error:
        await SqlActions(engine).once(booking, {"what": "a"}, other, "")
    assert error.value.reason == "already"


@pytest.mark.parametrize("crash", [asyncio.CancelledError(), ToolFailed("unreachable")])
async def test_after_a_crash_between_nothing_is_done_twice(engine: AsyncEngine, crash: BaseException) -> None:
    pay = Foreign()
    pay.breaks = crash
    with pytest.raises(type(crash)):
        await SqlActions(engine).once(pay, {"amount": 1}, CONTEXT, "")
    pay.breaks = None
    with pytest.raises(ToolFailed) as error:
        await SqlActions(engine).once(pay, {"amount": 1}, CONTEXT, "")
    assert error.value.reason == "unknown_outcome"
    assert pay.called == ["k1"]


@pytest.mark.parametrize("reason", ["unreachable", "unreadable"])
async def test_a_system_that_knows_the_key_is_asked_again_with_it_a_few_times(
    engine: AsyncEngine, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "_PAUSES_S", (0.0, 0.0))
    pay = Foreign(repeatable=True)
    pay.breaks = ToolFailed(reason)
    with pytest.raises(ToolFailed):
        await SqlActions(engine).once(pay, {"amount": 1}, CONTEXT, "")
    assert pay.called == ["k1"] * 3
    pay.breaks = None
    assert await SqlActions(engine).once(pay, {"amount": 1}, CONTEXT, "") == {"number": 4}
    assert pay.called == ["k1"] * 4


async def test_one_answer_that_was_lost_is_asked_for_again_by_itself(engine: AsyncEngine) -> None:
    class LostOnce(Foreign):
        async def call(self, arguments: Mapping[str, JsonValue], context: CallContext) -> Mapping[str, JsonValue]:
            self.breaks = None if self.called else ToolFailed("unreachable")
            return await super().call(arguments, context)

    pay = LostOnce(repeatable=True)
    assert await SqlActions(engine).once(pay, {"amount": 1}, CONTEXT, "") == {"number": 2}
    assert pay.called == ["k1", "k1"]


async def conversation(engine: AsyncEngine) -> str:
    now = datetime.now(UTC)
    async with writing(engine) as session:
        session.add(ConversationRow(id="ours", channel="web", token_hash="", created_at=now))
    return "ours"


async def test_a_function_that_breaks_runs_once_and_is_told_of(engine: AsyncEngine) -> None:
    runs: list[str] = []

    def water_the_garden(plot: str) -> Mapping[str, JsonValue]:
        """Waters."""
        runs.append(plot)
        raise LookupError("the tap is gone")

    watering = FunctionOperation("water", water_the_garden, changes=True)
    ours = await conversation(engine)
    for _ in range(3):
        with pytest.raises(ToolFailed) as error:
            await SqlActions(engine).once(watering, {"plot": "north"}, CONTEXT, ours)
        assert error.value.reason == "error"
    assert runs == ["north"]
    told = [one for one in await SqlEventLog(engine).read(ours) if one.type is EventType.TOOL_FAILED]
    assert [one.data["result"] for one in told] == [{"reason": "error"}]


async def test_what_was_refused_may_be_tried_again(engine: AsyncEngine) -> None:
    pay = Foreign()
    pay.breaks = ToolFailed("refused")
    with pytest.raises(ToolFailed):
        await SqlActions(engine).once(pay, {"amount": 1}, CONTEXT, "")
    pay.breaks = None
    assert await SqlActions(engine).once(pay, {"amount": 1}, CONTEXT, "") == {"number": 2}


async def test_of_attempts_at_the_same_time_one_calls_another_system(engine: AsyncEngine) -> None:
    pay = Foreign()
    tries = (SqlActions(engine).once(pay, {"amount": 1}, CONTEXT, "") for _ in range(8))
    found = await asyncio.gather(*tries, return_exceptions=True)
    assert pay.called == ["k1"]
    assert {"number": 1} in found
    assert {one.reason for one in found if isinstance(one, ToolFailed)} <= {"unknown_outcome"}
    assert all(one == {"number": 1} or isinstance(one, ToolFailed) for one in found)
