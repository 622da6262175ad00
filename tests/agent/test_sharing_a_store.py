"""Several services on one store, as several workers or machines are: each message once, told to all, taken over in need."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text as statement_of

from agent.conversations import Conversations
from agent.store.database import close_engine, open_engine
from agent.store.leases import Leases
from agent.types import Event, EventType, InboundMessage
from tests.support.scripted_runner import DIGESTS, EchoPhrases, ScriptedRunner

pytestmark = pytest.mark.timeout(120)
LAST = {EventType.REPLY_COMPLETED, EventType.TURN_FAILED, EventType.TURN_STOPPED}


@asynccontextmanager
async def services(url: str, *runners: ScriptedRunner) -> AsyncIterator[list[Conversations]]:
    async with AsyncExitStack() as stack:
        opened = []
        for runner in runners:
            engine = await open_engine(url)
            stack.push_async_callback(close_engine, engine)
            opened.append(
                await stack.enter_async_context(Conversations(engine, runner, EchoPhrases(), digests=DIGESTS).running())
            )
        yield opened


def message(conversation_id: str, text: str) -> InboundMessage:
    return InboundMessage(conversation_id=conversation_id, channel="test", channel_message_id=text, text=text)


async def until(service: Conversations, conversation_id: str, ends: int) -> list[Event]:
    events: list[Event] = []
    async with asyncio.timeout(30):
        async for event in service.events.follow(conversation_id):
            events.append(event)
            ends -= event.type in LAST
            if not ends:
                break
    return events


async def test_messages_to_several_services_are_answered_once_each_and_in_turn(url: str) -> None:
    runners = [ScriptedRunner() for _ in range(3)]
    async with services(url, *runners) as opened:
        conversation_id, _ = await opened[0].create("test")
        for number in range(9):
            await opened[number % 3].receive(message(conversation_id, f"slow:0.1 question {number}"))
        seen = await asyncio.gather(*(until(service, conversation_id, 9) for service in opened))
    assert seen[0] == seen[1] == seen[2]
    started = [event.data["message"] for event in seen[0] if event.type is EventType.TURN_STARTED]
    asked = [event.n for event in seen[0] if event.type is EventType.MESSAGE_RECEIVED]
    assert started == asked
    under_way = 0
    for event in seen[0]:
        under_way += (event.type is EventType.TURN_STARTED) - (event.type in LAST)
        assert under_way in {0, 1}


async def test_what_one_service_writes_another_one_tells(url: str) -> None:
    async with services(url, ScriptedRunner(), ScriptedRunner()) as (here, there):
        conversation_id, _ = await here.create("test")
        following = asyncio.create_task(until(there, conversation_id, 1))
        await asyncio.sleep(0.3)
        begun = asyncio.get_running_loop().time()
        await here.receive(message(conversation_id, "hello"))
        await following
        took = asyncio.get_running_loop().time() - begun
    assert took < 1.0


async def test_a_turn_is_stopped_by_whichever_service_is_asked(url: str) -> None:
    async with services(url, ScriptedRunner(), ScriptedRunner()) as (here, there):
        conversation_id, _ = await here.create("test")
        await here.receive(message(conversation_id, "slow:30"))
        async with asyncio.timeout(10):
            while not await there.stop(conversation_id):
                await asyncio.sleep(0.02)
        events = await until(there, conversation_id, 1)
    assert events[-1].type is EventType.TURN_STOPPED


async def test_a_conversation_that_is_deleted_lets_its_followers_go_everywhere(url: str) -> None:
    async with services(url, ScriptedRunner(), ScriptedRunner()) as (here, there):
        conversation_id, _ = await here.create("test")
        async with asyncio.timeout(10):
            following = asyncio.create_task(there.events.follow(conversation_id).__anext__())
            await asyncio.sleep(0.1)
            await here.forget_conversation(conversation_id)
            with pytest.raises(StopAsyncIteration):
                await following


async def test_a_lease_is_taken_from_nobody_who_lives(url: str) -> None:
    async with services(url, ScriptedRunner()) as (service,):
        conversation_id, _ = await service.create("test")
        engine = service.engine
        mine, other = Leases(engine), Leases(engine)
        assert await mine.take(conversation_id)
        assert await mine.take(conversation_id)
        assert not await other.take(conversation_id)
        assert await mine.renew([conversation_id]) == set()
        assert await other.renew([conversation_id]) == {conversation_id}
        await other.release([conversation_id])
        assert not await other.take(conversation_id)
        await mine.release([conversation_id])
        assert await other.take(conversation_id)
        assert await mine.renew([conversation_id]) == {conversation_id}
        await mine.close([])
        await other.close([conversation_id])


@pytest.mark.parametrize(
    ("holder", "heard_of", "free"),
    [
        ("{host} 99999999 dead", 10, True),
        ("{host} {pid} predecessor", 10, True),
        ("{host} 1 lives", 10, False),
        ("elsewhere 99999999 lives", 10, False),
        ("elsewhere 99999999 silent", -1, True),
    ],
)
async def test_a_lease_goes_on_when_its_process_is_dead_or_silent(
    url: str, holder: str, heard_of: int, *, free: bool
) -> None:
    async with services(url, ScriptedRunner()) as (service,):
        conversation_id, _ = await service.create("test")
        leases = Leases(service.engine)
        named = holder.format(host=leases._host, pid=os.getpid())
        async with service.engine.begin() as connection:
            statement = statement_of("UPDATE conversation SET worker = :worker, worker_until = :until")
            until = datetime.now(UTC) + timedelta(seconds=heard_of)
            await connection.execute(
                statement,
                {"worker": named, "until": until if url.startswith("postgresql") else until.strftime("%F %T.%f")},
            )
        assert await leases.take(conversation_id) is free
        await leases.close([conversation_id])


async def test_turns_of_a_service_that_died_are_taken_over(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.conversations.turns._SWEEP_S", 0.2)
    monkeypatch.setattr("agent.store.leases.LEASE_S", 1.0)
    monkeypatch.setattr("agent.store.holding.RENEW_S", 0.3)
    async with services(url, ScriptedRunner(), ScriptedRunner()) as (dying, living):
        conversation_id, _ = await dying.create("test")
        await dying.receive(message(conversation_id, "slow:2"))
        async with asyncio.timeout(10):
            async for event in living.events.follow(conversation_id):
                if event.type is EventType.TURN_STARTED:
                    break
        for task in (*dying._turns._chores, *dying._turns._workers.values(), *dying._turns._running.values()):
            task.cancel()  # it no longer does anything, as a process that hangs
        dying._turns._held._held.clear()
        events = await until(living, conversation_id, 1)
    assert events[-1].type is EventType.REPLY_COMPLETED
    assert [event.data["attempt"] for event in events if event.type is EventType.TURN_STARTED] == [1, 2]


async def test_what_passes_by_is_heard_by_all(url: str) -> None:
    async with services(url, ScriptedRunner(), ScriptedRunner()) as (here, there):
        conversation_id, _ = await here.create("test")
        listeners = (here, there) if url.startswith("postgresql") else (here,)
        async with asyncio.timeout(10):
            first, second = asyncio.Event(), asyncio.Event()
            with (
                listeners[0].passing.listening(conversation_id, first) as one,
                listeners[-1].passing.listening(conversation_id, second) as other,
            ):
                await asyncio.sleep(0.3)
                await here.passing.publish(conversation_id, "agent.typing", {"name": "客服 3"})
                for bell, heard in ((first, one), (second, other)):
                    await bell.wait()
                    assert [said.data for said in heard] == [{"name": "客服 3"}]
