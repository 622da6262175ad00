"""Conversations: idempotent messages, one turn at a time in each, and no turn ever lost."""

import asyncio
import hashlib
import hmac
import logging
import secrets
import uuid
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from agent.conversations.history import taken_over, utterances
from agent.conversations.recording import TurnRecorder
from agent.conversations.text import clean_text
from agent.errors import CallerError, InvalidMessage, NotAllowed, UnknownConversation
from agent.phrases import Phrases
from agent.ports import TurnRunner
from agent.store.event_log import SqlEventLog
from agent.store.tables import FINAL, ConversationRow, TurnRow, TurnState
from agent.types import Event, EventType, InboundMessage, JsonValue, Language

_LOG = logging.getLogger(__name__)
_ATTEMPTS = 2  # a turn that died this often is reported as failed instead of killing the process again
_TURNS_AT_ONCE = 32


class Conversations:
    """The service behind every connector. Open it with `Conversations.open`, which also finishes half-done turns."""

    def __init__(
        self, engine: AsyncEngine, runner: TurnRunner, phrases: Phrases, *, max_message_chars: int = 8000
    ) -> None:
        self.events = SqlEventLog(engine)
        self._engine = engine
        self.runner = runner
        self._phrases = phrases
        self._max_message_chars = max_message_chars
        self._rung: set[str] = set()
        self._workers: dict[str, asyncio.Task[None]] = {}
        self._turns: dict[str, asyncio.Task[None]] = {}
        self._slots = asyncio.Semaphore(_TURNS_AT_ONCE)

    @classmethod
    @asynccontextmanager
    async def open(
        cls, engine: AsyncEngine, runner: TurnRunner, phrases: Phrases, *, max_message_chars: int = 8000
    ) -> AsyncIterator["Conversations"]:
        """A running service; turns that an earlier process left half-done go on at once."""
        service = cls(engine, runner, phrases, max_message_chars=max_message_chars)
        await service._recover()
        try:
            yield service
        finally:
            await service._shut_down()

    async def check(self) -> None:
        """Raises when the store does not answer."""
        async with AsyncSession(self._engine) as session:
            await session.exec(select(ConversationRow.id).limit(1))

    async def create(self, channel: str, customer_id: str | None = None) -> tuple[str, str]:
        """A new conversation: its id, and the token that opens it and no other."""
        conversation_id, token = uuid.uuid4().hex, secrets.token_urlsafe(32)
        async with AsyncSession(self._engine) as session, session.begin():
            session.add(
                ConversationRow(
                    id=conversation_id,
                    channel=channel,
                    customer_id=customer_id,
                    token_hash=_digest(token),
                    created_at=datetime.now(UTC),
                )
            )
        return conversation_id, token

    async def authorize(self, conversation_id: str, token: str) -> None:
        """Raises NotAllowed unless the token opens this conversation; an unknown one is answered alike."""
        async with AsyncSession(self._engine) as session:
            row = await session.get(ConversationRow, conversation_id)
        stored = row.token_hash if row else _digest("")
        if not hmac.compare_digest(stored, _digest(token)) or row is None:
            raise NotAllowed("There is no such conversation, or this token does not open it.")

    async def receive(self, message: InboundMessage) -> Event:
        """Stores a message and starts its turn; the same message again returns the same event and starts nothing.

        Raises InvalidMessage, UnknownConversation, or CallerError when the conversation is closed.
        """
        text = clean_text(message.text, self._max_message_chars)
        try:
            event = await self._claim(message, text)
        except IntegrityError:
            return await self._claimed(message)
        self.events.announce(message.conversation_id)
        self._wake(message.conversation_id)
        return event

    async def _claim(self, message: InboundMessage, text: str) -> Event:
        """The event and the claim on the message's id, in one transaction, before any work."""
        async with AsyncSession(self._engine) as session, session.begin():
            row = await session.get(ConversationRow, message.conversation_id)
            if row is None:
                raise UnknownConversation("There is no such conversation.")
            if row.closed_at is not None:
                if found := await self._existing(session, message):
                    return found
                raise CallerError("This conversation is closed; start a new one.")
            event = await self.events.append_in(
                session,
                message.conversation_id,
                EventType.MESSAGE_RECEIVED,
                {"text": text, "client_id": message.channel_message_id, "channel": message.channel},
            )
            session.add(
                TurnRow(
                    conversation_id=message.conversation_id,
                    message_n=event.n,
                    channel=message.channel,
                    channel_message_id=message.channel_message_id,
                    customer_id=message.customer_id or row.customer_id,
                )
            )
        return event

    async def _claimed(self, message: InboundMessage) -> Event:
        async with AsyncSession(self._engine) as session:
            event = await self._existing(session, message)
        if event is None:  # pragma: no cover - the claim that was refused is there
            raise InvalidMessage("The message could not be stored.")
        return event

    async def _existing(self, session: AsyncSession, message: InboundMessage) -> Event | None:
        turns = await session.exec(
            select(TurnRow).where(
                TurnRow.conversation_id == message.conversation_id,
                TurnRow.channel == message.channel,
                TurnRow.channel_message_id == message.channel_message_id,
            )
        )
        turn = turns.first()
        if turn is None:
            return None
        return (await self.events.read(message.conversation_id, turn.message_n - 1))[0]

    async def stop(self, conversation_id: str) -> bool:
        """Stops the turn that is running; False when none is."""
        turn = self._turns.get(conversation_id)
        if turn is None or turn.done():
            return False
        turn.cancel("stopped")
        await asyncio.wait([turn])
        return True

    async def feedback(self, conversation_id: str, event: int, value: int, comment: str = "") -> Event:
        """Records a customer's verdict on a reply. Raises InvalidMessage when `event` is no reply."""
        about = next((e for e in await self.events.read(conversation_id, event - 1) if e.n == event), None)
        if about is None or about.type not in {EventType.REPLY_COMPLETED, EventType.MESSAGE_AGENT}:
            raise InvalidMessage(f"Event {event} is not a reply of this conversation.")
        data: dict[str, JsonValue] = {"event": event, "value": value, "comment": comment}
        return await self.events.append(conversation_id, EventType.FEEDBACK_GIVEN, data)

    async def close(self, conversation_id: str) -> None:
        """Ends a conversation; again does nothing."""
        async with AsyncSession(self._engine) as session, session.begin():
            closed = await session.exec(
                update(ConversationRow)
                .where(col(ConversationRow.id) == conversation_id, col(ConversationRow.closed_at).is_(None))
                .values(closed_at=datetime.now(UTC))
            )
            if closed.rowcount:
                await self.events.append_in(session, conversation_id, EventType.CONVERSATION_CLOSED, {})
        self.events.announce(conversation_id)

    def _wake(self, conversation_id: str) -> None:
        """Sees to it that someone works on the conversation's waiting turns."""
        self._rung.add(conversation_id)
        worker = self._workers.get(conversation_id)
        if worker is None or worker.done():
            self._workers[conversation_id] = asyncio.create_task(self._work(conversation_id))

    async def _work(self, conversation_id: str) -> None:
        """Runs the conversation's turns, one after the other, until none waits and nobody has rung meanwhile."""
        while conversation_id in self._rung:
            self._rung.discard(conversation_id)
            await self._work_off(conversation_id)
        self._workers.pop(conversation_id, None)

    async def _work_off(self, conversation_id: str) -> None:
        while (turn := await self._next(conversation_id)) is not None:
            async with self._slots:
                task = asyncio.create_task(self._run(turn))
                self._turns[conversation_id] = task
                try:
                    await asyncio.wait([task])
                finally:
                    del self._turns[conversation_id]
                    task.cancel()

    async def _next(self, conversation_id: str) -> TurnRow | None:
        async with AsyncSession(self._engine, expire_on_commit=False) as session:
            turns = await session.exec(
                select(TurnRow)
                .where(TurnRow.conversation_id == conversation_id, col(TurnRow.state).not_in(FINAL))
                .order_by(col(TurnRow.message_n))
                .limit(1)
            )
            return turns.first()

    async def _run(self, turn: TurnRow) -> None:
        """One turn, to its end: completed, stopped or failed; only a dying process leaves it running."""
        recorder = TurnRecorder(self._engine, self.events, turn)
        events = await self.events.read(turn.conversation_id)
        message = next(event for event in events if event.n == turn.message_n)
        text = str(message.data["text"])
        try:
            if turn.attempts >= _ATTEMPTS:
                raise RuntimeError(f"the process died {turn.attempts} times in this turn")
            if taken_over(events):
                await recorder.finish(TurnState.COMPLETED, [])
                return
            await self._begin(turn)
            inbound = InboundMessage(
                conversation_id=turn.conversation_id,
                channel=turn.channel,
                channel_message_id=turn.channel_message_id,
                text=text,
                customer_id=turn.customer_id,
            )
            history = utterances(events, before=turn.message_n)
            await recorder.record(self.runner.run(inbound, history))
        except asyncio.CancelledError as cancelled:
            if "stopped" not in cancelled.args:
                raise
            await recorder.finish(TurnState.STOPPED, [(EventType.TURN_STOPPED, {})])
        except Exception:  # noqa: BLE001 - the rim: whatever it was becomes an event and a polite sentence
            _LOG.exception("a turn failed", extra={"conversation": turn.conversation_id})
            apology: Mapping[str, JsonValue] = {"text": self._phrases.say("failed", _language(text))}
            await recorder.finish(TurnState.FAILED, [(EventType.TURN_FAILED, apology)])

    async def _begin(self, turn: TurnRow) -> None:
        async with AsyncSession(self._engine) as session, session.begin():
            await session.exec(
                update(TurnRow)
                .where(col(TurnRow.conversation_id) == turn.conversation_id, col(TurnRow.message_n) == turn.message_n)
                .values(state=TurnState.RUNNING, attempts=TurnRow.attempts + 1)
            )
            data: dict[str, JsonValue] = {"message": turn.message_n, "attempt": turn.attempts + 1}
            await self.events.append_in(session, turn.conversation_id, EventType.TURN_STARTED, data)
        self.events.announce(turn.conversation_id)

    async def _recover(self) -> None:
        async with AsyncSession(self._engine) as session:
            waiting = await session.exec(
                select(TurnRow.conversation_id).where(col(TurnRow.state).not_in(FINAL)).distinct()
            )
            for conversation_id in waiting.all():
                self._wake(conversation_id)

    async def _shut_down(self) -> None:
        """Leaves running turns to the next start, which finishes them."""
        tasks = [*self._workers.values(), *self._turns.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "ignore")).hexdigest()


def _language(text: str) -> Language:
    return "zh" if any("\u4e00" <= character <= "\u9fff" for character in text) else "en"
