"""Conversations on a real SQLite and a real PostgreSQL: once, in order, stoppable, and never lost."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text as statement_of
from sqlalchemy.ext.asyncio import create_async_engine

from agent.conversations import TURNS_AT_ONCE, Conversations, clean_text
from agent.errors import ConversationClosed, HomeError, InvalidMessage, NotAllowed, UnknownConversation
from agent.store.database import close_engine, open_engine
from agent.types import Event, EventType, InboundMessage, Utterance
from tests.support.scripted_runner import DIGESTS, EchoPhrases, ScriptedRunner

pytestmark = pytest.mark.timeout(120)
LAST = {EventType.REPLY_COMPLETED, EventType.TURN_FAILED, EventType.TURN_STOPPED}


@asynccontextmanager
async def opened(
    url: str, runner: ScriptedRunner | None = None, at_once: int = TURNS_AT_ONCE
) -> AsyncIterator[Conversations]:
    engine = await open_engine(url)
    try:
        async with Conversations(
            engine, runner or ScriptedRunner(), EchoPhrases(), digests=DIGESTS, at_once=at_once
        ).running() as conversations:
            yield conversations
    finally:
        await close_engine(engine)


def message(conversation_id: str, text: str, id: str = "1") -> InboundMessage:
    return InboundMessage(conversation_id=conversation_id, channel="test", channel_message_id=id, text=text)


async def until(conversations: Conversations, conversation_id: str, ends: int = 1) -> list[Event]:
    events: list[Event] = []
    async with asyncio.timeout(20):
        async for event in conversations.events.follow(conversation_id):
            events.append(event)
            ends -= event.type in LAST
            if not ends:
                return events
    raise AssertionError


def heard(events: list[Event]) -> str:
    text = ""
    for event in events:
        if event.type is EventType.REPLY_DELTA:
            text = "" if event.data.get("reset") else text + str(event.data["text"])
    return text


async def test_a_turn_is_recorded_in_order_without_gaps(url: str) -> None:
    async with opened(url) as conversations:
        conversation_id, _ = await conversations.create("test")
        await conversations.receive(message(conversation_id, "hello"))
        events = await until(conversations, conversation_id)
    assert [event.n for event in events] == list(range(1, len(events) + 1))
    kinds = list(dict.fromkeys(event.type.value for event in events))
    assert kinds == [
        "message.received",
        "turn.started",
        "turn.understood",
        "turn.decided",
        "turn.retrieved",
        "reply.delta",
        "reply.completed",
    ]
    assert heard(events) == events[-1].data["text"]


async def test_the_same_message_twice_is_one_message(url: str) -> None:
    async with opened(url) as conversations:
        conversation_id, _ = await conversations.create("test")
        sent = [conversations.receive(message(conversation_id, "hello")) for _ in range(10)]
        received = await asyncio.gather(*sent)
        await until(conversations, conversation_id)
        again = await conversations.receive(message(conversation_id, "hello"))
        events = await conversations.events.read(conversation_id)
    assert {event.n for event in (*received, again)} == {1}
    assert sum(event.type is EventType.REPLY_COMPLETED for event in events) == 1


async def test_more_turns_than_the_limit_wait_and_none_is_lost(url: str) -> None:
    runner = ScriptedRunner()
    async with opened(url, runner, at_once=2) as conversations:
        ids = [(await conversations.create("test"))[0] for _ in range(5)]
        for conversation_id in ids:
            await conversations.receive(message(conversation_id, "slow:0.05"))
        for conversation_id in ids:
            assert (await until(conversations, conversation_id))[-1].type is EventType.REPLY_COMPLETED
    assert runner.most_running == 2


async def test_one_turn_at_a_time_in_a_conversation_many_conversations_at_once(url: str) -> None:
    runner = ScriptedRunner()
    async with opened(url, runner) as conversations:
        ids = [(await conversations.create("test"))[0] for _ in range(3)]
        for number in range(3):
            for conversation_id in ids:
                await conversations.receive(message(conversation_id, f"slow:0.3 {number}", str(number)))
        logs = [await until(conversations, conversation_id, 3) for conversation_id in ids]
    assert 1 < runner.most_running <= 3
    for events in logs:
        replies = [str(event.data["text"]) for event in events if event.type is EventType.REPLY_COMPLETED]
        assert [f"slow:0.3 {number}" in reply for number, reply in enumerate(replies)] == [True] * 3


async def test_history_is_what_was_said_before(url: str) -> None:
    runner = ScriptedRunner()
    async with opened(url, runner) as conversations:
        conversation_id, _ = await conversations.create("test")
        await conversations.receive(message(conversation_id, "first", "1"))
        await conversations.receive(message(conversation_id, "second", "2"))
        await until(conversations, conversation_id, 2)
    assert runner.histories[0] == ()
    assert runner.histories[1][0] == Utterance(role="user", content="first")
    assert runner.histories[1][1].role == "assistant"


async def test_a_failed_turn_is_an_apology_without_a_trace(url: str) -> None:
    async with opened(url) as conversations:
        conversation_id, _ = await conversations.create("test")
        await conversations.receive(message(conversation_id, "fail"))
        events = await until(conversations, conversation_id)
        await conversations.receive(message(conversation_id, "hello", "2"))
        assert (await until(conversations, conversation_id, 2))[-1].type is EventType.REPLY_COMPLETED
    assert events[-1].type is EventType.TURN_FAILED
    assert events[-1].data["text"] == "<failed en>"


async def test_a_turn_can_be_stopped(url: str) -> None:
    async with opened(url) as conversations:
        conversation_id, _ = await conversations.create("test")
        await conversations.receive(message(conversation_id, "slow:30"))
        await asyncio.sleep(0.2)
        assert await conversations.stop(conversation_id)
        assert (await until(conversations, conversation_id))[-1].type is EventType.TURN_STOPPED
        assert not await conversations.stop(conversation_id)


async def test_what_a_model_took_back_is_reset_for_the_reader(url: str) -> None:
    async with opened(url) as conversations:
        conversation_id, _ = await conversations.create("test")
        await conversations.receive(message(conversation_id, "retract"))
        events = await until(conversations, conversation_id)
    assert heard(events) == events[-1].data["text"]


async def test_a_hand_over_is_requested(url: str) -> None:
    async with opened(url) as conversations:
        conversation_id, _ = await conversations.create("test")
        await conversations.receive(message(conversation_id, "handoff"))
        await until(conversations, conversation_id)
        events = await conversations.events.read(conversation_id)
    assert events[-1].type is EventType.HANDOFF_REQUESTED


async def test_a_turn_cut_off_by_a_shutdown_is_finished_at_the_next_start(url: str) -> None:
    async with opened(url) as conversations:
        conversation_id, _ = await conversations.create("test")
        await conversations.receive(message(conversation_id, "slow:2"))
        await asyncio.sleep(0.5)
    async with opened(url) as conversations:
        events = await until(conversations, conversation_id)
    assert events[-1].type is EventType.REPLY_COMPLETED
    assert sum(event.type is EventType.TURN_STARTED for event in events) == 2


async def test_reading_resumes_after_any_event_without_loss_or_repetition(url: str) -> None:
    async with opened(url) as conversations:
        conversation_id, _ = await conversations.create("test")
        await conversations.receive(message(conversation_id, "hello"))
        events = await until(conversations, conversation_id)
        for event in events:
            rest = await conversations.events.read(conversation_id, event.n)
            assert rest == events[event.n :]


async def test_tokens_open_one_conversation(url: str) -> None:
    async with opened(url) as conversations:
        one, token = await conversations.create("test")
        other, _ = await conversations.create("test")
        await conversations.authorize(one, token)
        for conversation_id, wrong in [(one, "x"), (other, token), ("none", token), ("none", "")]:
            with pytest.raises(NotAllowed):
                await conversations.authorize(conversation_id, wrong)


async def test_a_closed_conversation_takes_no_new_message(url: str) -> None:
    async with opened(url) as conversations:
        conversation_id, _ = await conversations.create("test")
        first = await conversations.receive(message(conversation_id, "hello"))
        await until(conversations, conversation_id)
        await conversations.close(conversation_id)
        await conversations.close(conversation_id)
        assert await conversations.receive(message(conversation_id, "hello")) == first
        with pytest.raises(ConversationClosed):
            await conversations.receive(message(conversation_id, "more", "2"))


async def test_feedback_is_about_a_reply(url: str) -> None:
    async with opened(url) as conversations:
        conversation_id, _ = await conversations.create("test")
        await conversations.receive(message(conversation_id, "hello"))
        reply = (await until(conversations, conversation_id))[-1]
        assert (await conversations.feedback(conversation_id, reply.n, 1)).type is EventType.FEEDBACK_GIVEN
        with pytest.raises(InvalidMessage):
            await conversations.feedback(conversation_id, 1, 1)


async def test_an_unknown_conversation_is_named_as_such(url: str) -> None:
    async with opened(url) as conversations:
        with pytest.raises(UnknownConversation):
            await conversations.receive(message("none", "hello"))


async def test_a_database_that_is_none_is_an_error_for_the_operator(tmp_path: Path) -> None:
    (tmp_path / "parley.db").write_bytes(b"not a database" * 100)
    with pytest.raises(HomeError, match="database"):
        await open_engine(f"sqlite+aiosqlite:///{tmp_path / 'parley.db'}")


@pytest.mark.parametrize("text", ["", "   \n", "\x00\x01", "\ud800", "x" * 101, "x" * 1_000_000])
def test_what_cannot_be_a_message(text: str) -> None:
    with pytest.raises(InvalidMessage):
        clean_text(text, 100)


@given(st.text(max_size=120))
def test_clean_text_is_clean_and_stays_so(text: str) -> None:
    try:
        cleaned = clean_text(text, 100)
    except InvalidMessage:
        return
    assert clean_text(cleaned, 100) == cleaned
    assert "\x00" not in cleaned
    cleaned.encode("utf-8")


async def test_stopping_twice_at_once_is_stopping_once(url: str) -> None:
    async with opened(url) as conversations:
        conversation_id, _ = await conversations.create("test")
        await conversations.receive(message(conversation_id, "slow:30"))
        await asyncio.sleep(0.2)
        stopped = await asyncio.gather(*(conversations.stop(conversation_id) for _ in range(5)))
        await conversations.receive(message(conversation_id, "hello", "2"))
        events = await until(conversations, conversation_id, 2)
    assert stopped == [True] * 5
    assert [event.type for event in events if event.type in LAST] == [EventType.TURN_STOPPED, EventType.REPLY_COMPLETED]


async def test_a_turn_stopped_at_any_moment_ends_once(url: str) -> None:
    async with opened(url) as conversations:
        for number in range(40):
            conversation_id, _ = await conversations.create("test")
            await conversations.receive(message(conversation_id, "hello"))
            await asyncio.sleep(number / 500)
            await conversations.stop(conversation_id)
            await until(conversations, conversation_id)
            await asyncio.sleep(0.02)
            events = await conversations.events.read(conversation_id)
            assert sum(event.type in LAST for event in events) == 1
            assert [event.n for event in events] == list(range(1, len(events) + 1))


async def test_a_turn_outlives_a_store_that_fails_for_a_while(url: str) -> None:
    async with opened(url) as conversations:
        conversation_id, _ = await conversations.create("test")
        await conversations.receive(message(conversation_id, "slow:0.5"))
        await asyncio.sleep(0.2)
        await execute(url, "ALTER TABLE event RENAME TO away")
        await asyncio.sleep(1)
        await execute(url, "ALTER TABLE away RENAME TO event")
        events = await until(conversations, conversation_id)
    assert events[-1].type is EventType.REPLY_COMPLETED


async def execute(url: str, statement: str) -> None:
    """As another program would, which has the database open too."""
    engine = create_async_engine(url, connect_args={"timeout": 30})  # seconds: a busy machine
    async with engine.begin() as connection:
        await connection.execute(statement_of(statement))
    await engine.dispose()


async def test_a_message_that_meets_the_close_comes_before_it_or_not_at_all(url: str) -> None:
    async with opened(url) as conversations:
        for _ in range(10):
            conversation_id, _ = await conversations.create("test")
            sent = [conversations.receive(message(conversation_id, "hello", str(number))) for number in range(5)]
            got = await asyncio.gather(
                *sent[:3], conversations.close(conversation_id), *sent[3:], return_exceptions=True
            )
            assert all(isinstance(one, Event | ConversationClosed | None) for one in got)
            received = [e for e in got if isinstance(e, Event)]
            events = await conversations.events.read(conversation_id)
            closed = next(event.n for event in events if event.type is EventType.CONVERSATION_CLOSED)
            assert all(event.n < closed for event in received)
