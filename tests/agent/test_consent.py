"""Agreement to learning, and deletion, on a real SQLite and a real PostgreSQL."""

import asyncio
import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, text
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from agent.conversations import Conversations
from agent.conversations.consent import Consents
from agent.errors import InvalidMessage, UnknownConversation
from agent.forgotten import digests_of
from agent.home import Home
from agent.store.database import close_engine, open_engine
from agent.store.tables import ForgottenRow
from agent.types import EventType, InboundMessage
from tests.agent.test_conversations import message, opened, until
from tests.support.scripted_runner import DIGESTS, EchoPhrases, ScriptedRunner

pytestmark = pytest.mark.timeout(120)


async def consents_of(url: str) -> tuple[list[str], frozenset[str], tuple[int, int]]:
    engine = await open_engine(url)
    try:
        consents = Consents(engine, DIGESTS)
        return (
            [name for name, _, _ in await consents.agreed()],
            await consents.forgotten(),
            await consents.left_out(),
        )
    finally:
        await close_engine(engine)


async def test_only_who_agreed_is_learned_from(url: str) -> None:
    async with opened(url) as conversations:
        yes, _ = await conversations.create("test", may_learn=True)
        await conversations.create("test", may_learn=False)
        later, _ = await conversations.create("test")
        changed, _ = await conversations.create("test", may_learn=True)
        await conversations.set_consent(later, may_learn=True)
        await conversations.set_consent(changed, may_learn=False)
        with pytest.raises(UnknownConversation):
            await conversations.set_consent("nobody", may_learn=True)
    agreed, _, others = await consents_of(url)
    assert (set(agreed), others) == ({yes, later}, (0, 2))


async def test_the_default_of_a_deployment_is_no_word_of_a_customer(url: str) -> None:
    engine = await open_engine(url)
    try:
        async with Conversations(
            engine, ScriptedRunner(), EchoPhrases(), digests=DIGESTS, may_learn=True
        ).running() as conversations:
            unasked, _ = await conversations.create("test")
            await conversations.create("test", may_learn=False)
    finally:
        await close_engine(engine)
    assert (await consents_of(url))[0] == [unasked]


async def test_a_deleted_customer_is_gone_and_remembered_without_a_name(url: str) -> None:
    unlearned: list[Sequence[str]] = []
    engine = await open_engine(url)
    try:
        async with Conversations(
            engine, ScriptedRunner(), EchoPhrases(), digests=DIGESTS, withdrawn=unlearned.append
        ).running() as conversations:
            mine, token = await conversations.create("test", "mei@example.com", may_learn=True)
            joined, _ = await conversations.create("test", may_learn=True)
            other, _ = await conversations.create("test", "someone-else", may_learn=True)
            for one in (mine, other):
                await conversations.receive(message(one, "我的电话是13812345678"))
                await until(conversations, one)
            await conversations.receive(
                InboundMessage(
                    conversation_id=joined,
                    channel="test",
                    channel_message_id="1",
                    text="slow:20",
                    customer_id="mei@example.com",
                )
            )
            await asyncio.sleep(0.2)
            gone = await conversations.forget_customer("mei@example.com")
            assert sorted(gone) == sorted([mine, joined])
            assert await conversations.events.read(mine) == []
            assert await conversations.events.read(other) != []
            with pytest.raises(UnknownConversation):
                await conversations.receive(message(joined, "more", "2"))
            assert await conversations.forget_customer("mei@example.com") == []
            await conversations.forget_conversation(other)
            del token
    finally:
        await close_engine(engine)
    agreed, forgotten, _ = await consents_of(url)
    assert agreed == []
    assert DIGESTS.of("customer", "mei@example.com") in forgotten
    assert {DIGESTS.of("conversation", one) for one in (mine, joined, other)} <= forgotten
    assert not any("mei" in key for key in forgotten)
    assert sorted(unlearned[0]) == sorted([mine, joined])


async def test_a_persons_correction_is_an_event_about_a_message(url: str) -> None:
    async with opened(url) as conversations:
        conversation_id, _ = await conversations.create("test")
        await conversations.receive(message(conversation_id, "where is my parcel"))
        events = await until(conversations, conversation_id)
        corrected = await conversations.correct(conversation_id, 1, "track_order")
        assert (corrected.type, corrected.data) == (
            EventType.TURN_CORRECTED,
            {"message": 1, "intent": "track_order"},
        )
        with pytest.raises(InvalidMessage):
            await conversations.correct(conversation_id, events[-1].n, "track_order")


async def test_an_older_store_is_brought_up_to_date_and_has_agreed_to_nothing(tmp_path: Path) -> None:
    file = tmp_path / "old.db"
    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", "agent/store/migrations")
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.execute(
            text(
                "INSERT INTO conversation (id, channel, token_hash, last_n, created_at) "
                "VALUES ('old', 'web', '', 0, '2026-01-01')"
            )
        )
    engine.dispose()
    agreed, forgotten, others = await consents_of(f"sqlite+aiosqlite:///{file}")
    assert (agreed, forgotten, others) == ([], frozenset(), (1, 0))


async def test_tombstones_of_an_earlier_version_are_salted_and_go_on_working(url: str) -> None:
    engine = await open_engine(url)
    unsalted = hashlib.sha256(b"customer\nmei@example.com").hexdigest()
    try:
        async with AsyncSession(engine) as session, session.begin():
            session.add(ForgottenRow(key=unsalted, at=datetime.now(UTC)))
        consents = Consents(engine, DIGESTS)
        assert await consents.forgotten() == {DIGESTS.of("customer", "mei@example.com")}
        await consents.refuse("customer", "mei@example.com", [])
        async with AsyncSession(engine) as session:
            (kept,) = await session.exec(select(ForgottenRow.key))
        assert kept == DIGESTS.of("customer", "mei@example.com") != unsalted
    finally:
        await close_engine(engine)


def test_the_salt_of_a_home_is_made_once_and_is_its_owner_s(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    with ThreadPoolExecutor(8) as threads:
        found = {one.of("customer", "梅") for one in threads.map(digests_of, [home] * 8)}
    assert len(found) == 1
    (file,) = home.root.iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    assert digests_of(Home(tmp_path / "other")).of("customer", "梅") not in found
    assert digests_of(home).salted(found.pop()) == digests_of(home).of("customer", " 梅 ")
