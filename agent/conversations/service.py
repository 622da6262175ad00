"""Conversations: made, opened by their token, written to once per message, rated, closed."""

import asyncio
import hashlib
import hmac
import secrets
import uuid
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias

import sqlalchemy
from sqlalchemy import bindparam, insert, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from agent.conversations.colleagues import Colleagues
from agent.conversations.consent import Consents
from agent.conversations.correcting import correct
from agent.conversations.customers import Beginning, Customers
from agent.conversations.files import Files
from agent.conversations.passing import PassingByNews
from agent.conversations.saying import said_in, said_text
from agent.conversations.shadowing import Shadowing
from agent.conversations.turns import Turns
from agent.errors import ConversationClosed, InvalidMessage, NotAllowed
from agent.forgotten import Digests, Forgettable
from agent.phrases import Phrases
from agent.ports import Passing, Picker, Shadow, TurnRunner
from agent.store.event_log import SqlEventLog
from agent.store.tables import ConversationRow, TurnRow, columns_of
from agent.store.transactions import transaction
from agent.store.uninterrupted import uninterrupted
from agent.tools.accounts import KnownAccounts
from agent.types import Event, EventType, InboundMessage, JsonValue

Withdrawn: TypeAlias = Callable[[Sequence[str]], None]
"""Called in a thread with the ids of conversations that must be unlearned: agreement withdrawn, or deleted."""

_CONVERSATION = columns_of(ConversationRow)
_THIS = _CONVERSATION.c.id == bindparam("conversation")
_OPENING = sqlalchemy.select(_CONVERSATION.c.token_hash).where(_THIS)
_STANDING = sqlalchemy.select(_CONVERSATION.c.closed_at, _CONVERSATION.c.customer_id).where(_THIS)
_NEW_TURN = insert(columns_of(TurnRow))

TURNS_AT_ONCE = 32
"""Where a turn is processor work: more at the same time would only make all of them late."""


def _nobody(_: Sequence[str]) -> None:
    """Where nothing was learned, nothing is unlearned."""


class Conversations:
    """The service behind every connector. It works within `running`, which also finishes half-done turns."""

    def __init__(
        self,
        engine: AsyncEngine,
        runner: TurnRunner,
        phrases: Phrases,
        *,
        digests: Digests,
        events: SqlEventLog | None = None,
        shadow: Shadow | None = None,
        max_message_chars: int = 8000,
        may_learn: bool = False,
        withdrawn: Withdrawn = _nobody,
        files: Path | None = None,
        max_files_bytes: int = 25 * 1024 * 1024,
        at_once: int = TURNS_AT_ONCE,
        picker: Picker | None = None,
        accounts: KnownAccounts | None = None,
    ) -> None:
        """digests: by which the deleted are remembered; may_learn: what holds for a new conversation whose customer has not
        said; withdrawn: told what to unlearn.

        engine: public, too, for what a connector keeps beside conversations.
        files: folder of what customers send; None where they can send nothing; max_files_bytes: of one conversation.
        events: the log, where others write into it, too.
        shadow: is asked about each turn after it, without a word in it.
        at_once: turns at the same time, of different conversations.
        picker: public, too, for what a connector shows beside answers; None where there is no model.
        accounts: public, too: connectors that know of accounts elsewhere add them.
        """
        self.events = events or SqlEventLog(engine)
        self.passing: Passing = PassingByNews(self.events.news)
        self.files = Files(engine, files, max_files_bytes) if files else None
        self.customers = Customers(engine)
        self._consents = Consents(engine, digests)
        self._may_learn = may_learn
        self._withdrawn = withdrawn
        self.runner = runner
        self.engine = engine
        self.picker = picker
        self.accounts = accounts or KnownAccounts()
        self._turns = Turns(engine, self.events, runner, phrases, Shadowing(self.events, shadow), at_once=at_once)
        self._max_message_chars = max_message_chars
        self.colleagues = Colleagues(engine, self.events, self._turns, max_message_chars)

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Conversations"]:
        """Runs the turns; those that an earlier process left half-done go on at once."""
        async with self.events.news.listening():
            await self._turns.start()
            try:
                yield self
            finally:
                await self._turns.shut_down()

    @uninterrupted
    async def check(self) -> None:
        """Raises when the store does not answer."""
        async with AsyncSession(self.engine) as session:
            await session.exec(select(ConversationRow.id).limit(1))

    @uninterrupted
    async def create(
        self,
        channel: str,
        customer_id: str | None = None,
        *,
        may_learn: bool | None = None,
        beginning: Beginning = Beginning(),  # noqa: B008 - frozen
    ) -> tuple[str, str]:
        """A new conversation: its id, and the token that opens it and no other.

        may_learn: the customer's word on learning from it; None where they were not asked.
        """
        conversation_id, token, now = uuid.uuid4().hex, secrets.token_urlsafe(32), datetime.now(UTC)
        customer = beginning.customer
        async with transaction(self.engine) as connection:
            row = ConversationRow(
                id=conversation_id,
                channel=channel,
                customer_id=customer.id if customer else customer_id,
                token_hash=_digest(token),
                created_at=now,
                may_learn=(self._may_learn or None) if may_learn is None else may_learn,
                customer=customer.as_json() if customer else None,
                form=dict(beginning.form) or None,
                language=beginning.language,
                site=beginning.site or None,
                consented_at=now if beginning.consented else None,
            )
            await connection.execute(insert(_CONVERSATION), row.model_dump())
        return conversation_id, token

    @uninterrupted
    async def authorize(self, conversation_id: str, token: str) -> None:
        """Raises NotAllowed unless the token opens this conversation; an unknown one is answered alike."""
        async with self.engine.connect() as connection:
            found = await connection.execute(_OPENING, {"conversation": conversation_id})
        stored: str | None = found.scalar()
        if not hmac.compare_digest(stored or _digest(""), _digest(token)) or stored is None:
            raise NotAllowed("There is no such conversation, or this token does not open it.")

    async def exists(self, conversation_id: str) -> bool:
        """Whether there is such a conversation."""
        return await self._consents.exists(conversation_id)

    async def receive(self, message: InboundMessage) -> Event:
        """Stores a message and starts its turn; the same message again returns the same event and starts nothing.

        Raises InvalidMessage, UnknownConversation, or ConversationClosed.
        """
        text = said_text(message, self._max_message_chars)
        try:
            event = await self._claim(message, text)
        except (IntegrityError, ConversationClosed):
            if found := await self._existing(message):
                return found
            raise
        self.events.announce(message.conversation_id, event)
        self._turns.wake(message.conversation_id)
        return event

    @uninterrupted
    async def _claim(self, message: InboundMessage, text: str) -> Event:
        """The event and the claim on the message's id, in one transaction, before any work."""
        async with transaction(self.engine) as connection:
            said = await said_in(connection, message, text)
            # Taking the number locks the conversation, so that nobody closes it between the look and the commit.
            event = await self.events.append_in(connection, message.conversation_id, EventType.MESSAGE_RECEIVED, said)
            found = await connection.execute(_STANDING, {"conversation": message.conversation_id})
            closed_at, customer_id = found.one()
            if closed_at is not None:
                raise ConversationClosed("This conversation is closed; start a new one.")
            turn = TurnRow(
                conversation_id=message.conversation_id,
                message_n=event.n,
                channel=message.channel,
                channel_message_id=message.channel_message_id,
                customer_id=message.customer_id or customer_id,
            )
            await connection.execute(_NEW_TURN, turn.model_dump())
        return event

    @uninterrupted
    async def _existing(self, message: InboundMessage) -> Event | None:
        """The event of a message that was claimed before."""
        async with AsyncSession(self.engine) as session:
            turns = await session.exec(
                select(TurnRow.message_n).where(
                    TurnRow.conversation_id == message.conversation_id,
                    TurnRow.channel == message.channel,
                    TurnRow.channel_message_id == message.channel_message_id,
                )
            )
            n = turns.first()
        return None if n is None else (await self.events.read(message.conversation_id, n - 1))[0]

    async def stop(self, conversation_id: str) -> bool:
        """Stops the turn that is running; False when none is."""
        return await self._turns.stop(conversation_id)

    async def feedback(self, conversation_id: str, event: int, value: int, comment: str = "") -> Event:
        """Records a customer's verdict on a reply. Raises InvalidMessage when `event` is no reply."""
        about = next((e for e in await self.events.read(conversation_id, event - 1) if e.n == event), None)
        if about is None or about.type not in {EventType.REPLY_COMPLETED, EventType.MESSAGE_AGENT}:
            raise InvalidMessage(f"Event {event} is not a reply of this conversation.")
        data: dict[str, JsonValue] = {"event": event, "value": value, "comment": comment}
        return await self.events.append(conversation_id, EventType.FEEDBACK_GIVEN, data)

    async def rate(self, conversation_id: str, score: int, comment: str = "") -> Event:
        """Records how satisfied the customer was with the whole, 1 to 5; the last word counts, also after the end."""
        data: dict[str, JsonValue] = {"score": score, "comment": comment}
        return await self.events.append(conversation_id, EventType.CONVERSATION_RATED, data)

    @uninterrupted
    async def close(self, conversation_id: str) -> None:
        """Ends a conversation; again does nothing."""
        async with transaction(self.engine) as connection:
            closed = await connection.execute(
                update(_CONVERSATION)
                .where(col(ConversationRow.id) == conversation_id, col(ConversationRow.closed_at).is_(None))
                .values(closed_at=datetime.now(UTC), handoff=None, handoff_at=None)
            )
            if closed.rowcount:
                await self.events.append_in(connection, conversation_id, EventType.CONVERSATION_CLOSED, {})
        self.events.announce(conversation_id)

    async def set_consent(self, conversation_id: str, *, may_learn: bool) -> None:
        """The customer's word on learning; withdrawn, the conversation goes from all that is being learned from.

        Raises UnknownConversation.
        """
        await self._consents.set(conversation_id, may_learn=may_learn)
        if not may_learn:
            await asyncio.to_thread(self._withdrawn, [conversation_id])

    async def correct(self, conversation_id: str, message: int, intent: str) -> Event:
        """Records what a person says a customer's message was about. Raises InvalidMessage."""
        return await correct(self.events, conversation_id, message, intent)

    async def forget_customer(self, customer_id: str) -> list[str]:
        """Deletes all conversations of a customer, with their events and turns; returns their ids."""
        return await self._forget("customer", customer_id, await self._consents.conversations_of(customer_id))

    async def forget_conversation(self, conversation_id: str) -> None:
        """Deletes one conversation, with its events and turns; one that is not there is kept from being imported."""
        await self._forget("conversation", conversation_id, [conversation_id])

    async def _forget(self, kind: Forgettable, id: str, conversation_ids: list[str]) -> list[str]:
        for conversation_id in conversation_ids:
            await self._turns.stop(conversation_id)
        await self._consents.delete(kind, id, conversation_ids)
        for conversation_id in conversation_ids:
            self.events.news.part(conversation_id)
        if self.files:
            await self.files.remove(conversation_ids)
        await asyncio.to_thread(self._withdrawn, conversation_ids)
        return conversation_ids


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "ignore")).hexdigest()
