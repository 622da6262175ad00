"""Colleagues, identity and files on a real SQLite and a real PostgreSQL, where what passes by reaches other processes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from agent.conversations import Beginning, Conversations, Customer
from agent.conversations.history import utterances
from agent.errors import TooMuch, WrongState
from agent.store.database import close_engine, open_engine
from agent.store.tables import Handoff
from agent.types import Event, EventType, InboundMessage
from tests.support.postgres_server import PostgresServer
from tests.support.scripted_runner import DIGESTS, EchoPhrases, ScriptedRunner


@asynccontextmanager
async def opened(url: str, files: Path) -> AsyncIterator[Conversations]:
    engine = await open_engine(url)
    try:
        async with Conversations(
            engine, ScriptedRunner(), EchoPhrases(), digests=DIGESTS, files=files, max_files_bytes=10
        ).running() as conversations:
            yield conversations
    finally:
        await close_engine(engine)


async def test_a_handoff_waits_for_one_colleague_and_no_more(url: str, tmp_path: Path) -> None:
    async with opened(url, tmp_path / "files") as conversations:
        beginning = Beginning(customer=Customer(id="42", name="王小明"), language="zh", consented=True)
        one, _ = await conversations.create("web", beginning=beginning)
        message = InboundMessage(conversation_id=one, channel="web", channel_message_id="1", text="handoff")
        await conversations.receive(message)
        async with asyncio.timeout(20):
            async for event in conversations.events.follow(one):
                if event.type is EventType.HANDOFF_REQUESTED:
                    break
        colleagues = conversations.colleagues
        (waiting,) = await colleagues.conversations(Handoff.WAITING)
        assert (waiting.id, waiting.customer and waiting.customer["name"], waiting.language) == (one, "王小明", "zh")
        took = await asyncio.gather(
            *(colleagues.accept(one, name) for name in ("Mei", "Tom", "Ann")), return_exceptions=True
        )
        assert sorted(isinstance(result, WrongState) for result in took) == [False, True, True]
        said = await asyncio.gather(*(colleagues.reply(one, "hello", "Mei", "r1") for _ in range(4)))
        assert len({event.n for event in said}) == 1
        await colleagues.give_back(one)
        assert not await colleagues.conversations(Handoff.WITH_PERSON)


async def test_the_customer_takes_back_the_call_for_a_colleague(url: str, tmp_path: Path) -> None:
    async with opened(url, tmp_path / "files") as conversations:
        one, _ = await conversations.create("web")

        async def say(text: str) -> list[Event]:
            message = InboundMessage(conversation_id=one, channel="web", channel_message_id=text, text=text)
            received = await conversations.receive(message)
            async with asyncio.timeout(20):
                async for event in conversations.events.follow(one, received.n):
                    if event.type is EventType.REPLY_COMPLETED:
                        break
            return await conversations.events.read(one)

        events = await say("handoff")
        assert [said.waiting for said in utterances(events, before=events[-1].n + 1)] == [False, True]
        events = await say("withdraw")
        assert events[-1].type is EventType.HANDOFF_CLOSED
        assert not any(said.waiting for said in utterances(events, before=events[-1].n + 1))
        assert not await conversations.colleagues.conversations(Handoff.WAITING)
        await say("handoff again")
        await conversations.colleagues.accept(one, "Mei")
        events = await conversations.events.read(one)
        assert not any(said.waiting for said in utterances(events, before=events[-1].n + 1))


async def test_what_a_colleague_changes_or_takes_back_is_so_in_the_history(url: str, tmp_path: Path) -> None:
    async with opened(url, tmp_path / "files") as conversations:
        one, _ = await conversations.create("web")
        colleagues = conversations.colleagues
        await colleagues.accept(one, "小梅")
        for client_id, text in (("a", "三天"), ("b", "oops"), ("c", "bye")):
            await colleagues.reply(one, text, "小梅", client_id)
        changed = await asyncio.gather(*(colleagues.change(one, "五天", "a") for _ in range(3)))
        gone = await asyncio.gather(*(colleagues.take_back(one, "b") for _ in range(3)))
        assert sum(event is not None for event in changed) == 1
        assert sum(event is not None for event in gone) == 1
        assert await colleagues.change(one, "again", "b") is None
        assert await colleagues.take_back(one, "never said") is None
        events = await conversations.events.read(one)
        assert [utterance.content for utterance in utterances(events, before=events[-1].n + 1)] == ["五天", "bye"]
        assert next(event.data["text"] for event in events if event.type is EventType.MESSAGE_AGENT) == "三天"


async def test_a_conversation_is_one_customers_whoever_is_quicker(url: str, tmp_path: Path) -> None:
    async with opened(url, tmp_path / "files") as conversations:
        one, _ = await conversations.create("web")
        claims = await asyncio.gather(
            *(conversations.customers.identify(one, Customer(id=name)) for name in "abc"), return_exceptions=True
        )
        assert sorted(isinstance(claim, WrongState) for claim in claims) == [False, True, True]


async def test_files_that_come_at_once_do_not_exceed_what_a_conversation_may_hold(url: str, tmp_path: Path) -> None:
    async with opened(url, tmp_path / "files") as conversations:
        one, _ = await conversations.create("web")
        assert conversations.files
        sent = await asyncio.gather(
            *(conversations.files.add(one, "a.txt", "text/plain", b"1234") for _ in range(5)), return_exceptions=True
        )
        assert sum(isinstance(result, TooMuch) for result in sent) == 3
        assert len(list((tmp_path / "files" / one).iterdir())) == 2


@pytest.mark.postgres
async def test_typing_reaches_who_reads_at_another_process(postgres: PostgresServer, tmp_path: Path) -> None:
    url = postgres.new_database()
    async with opened(url, tmp_path / "files") as here, opened(url, tmp_path / "files") as there:
        one, _ = await here.create("web")
        with there.passing.listening(one, asyncio.Event()) as heard:
            for _ in range(50):  # until the other has begun to listen
                await here.passing.publish(one, "agent.typing", {"name": "小梅"})
                if heard:
                    break
                await asyncio.sleep(0.1)
            assert heard[0].data == {"name": "小梅"}
