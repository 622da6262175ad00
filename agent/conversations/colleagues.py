"""People of the company in a conversation: they take it over, write, and give it back."""

from collections.abc import Mapping
from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from agent.conversations.held import held
from agent.conversations.history import standing
from agent.conversations.text import clean_text
from agent.conversations.turns import Turns
from agent.conversations.waiting import HandedOver, handed_over
from agent.errors import ConversationClosed, WrongState
from agent.store.event_log import SqlEventLog, event_of
from agent.store.tables import ConversationRow, EventRow, Handoff
from agent.store.transactions import writing
from agent.store.uninterrupted import uninterrupted
from agent.types import Event, EventType, JsonValue


class Colleagues:
    """What they do in conversations. While one is with the customer, Parley is silent."""

    def __init__(self, engine: AsyncEngine, events: SqlEventLog, turns: Turns, max_message_chars: int) -> None:
        self._engine = engine
        self._events = events
        self._turns = turns
        self._max_message_chars = max_message_chars

    async def accept(self, conversation_id: str, name: str) -> None:
        """A colleague takes over, whether or not one was asked for; what Parley was about to say is stopped.

        Raises UnknownConversation, ConversationClosed, or WrongState where another colleague was first.
        """
        await self._accept(conversation_id, name)
        self._events.announce(conversation_id)
        await self._turns.stop(conversation_id)

    @uninterrupted
    async def _accept(self, conversation_id: str, name: str) -> None:
        async with writing(self._engine) as session:
            row = await _open_row(session, conversation_id)
            if row.handoff == Handoff.WITH_PERSON:
                if row.colleague == name:
                    return
                raise WrongState(f"{row.colleague} is already with this customer.")
            row.handoff, row.handoff_at, row.colleague = Handoff.WITH_PERSON, datetime.now(UTC), name
            await session.flush()
            await self._events.append_in(
                await session.connection(), conversation_id, EventType.HANDOFF_ACCEPTED, {"name": name}
            )

    async def reply(self, conversation_id: str, text: str, name: str, client_id: str) -> Event:
        """What a colleague writes; the same client_id again is the same message.

        Raises InvalidMessage, UnknownConversation, ConversationClosed, or WrongState where nobody has taken over.
        """
        cleaned = clean_text(text, self._max_message_chars)
        event = await self._reply(conversation_id, {"text": cleaned, "name": name, "client_id": client_id})
        self._events.announce(conversation_id)
        return event

    @uninterrupted
    async def _reply(self, conversation_id: str, data: Mapping[str, JsonValue]) -> Event:
        async with writing(self._engine) as session:
            row = await _open_row(session, conversation_id)
            said = await session.exec(
                select(EventRow).where(
                    EventRow.conversation_id == conversation_id, col(EventRow.type) == EventType.MESSAGE_AGENT
                )
            )
            if again := next((one for one in said if one.data.get("client_id") == data["client_id"]), None):
                return event_of(again)
            if row.handoff != Handoff.WITH_PERSON:
                raise WrongState("Nobody has taken over this conversation: accept it first.")
            return await self._events.append_in(
                await session.connection(), conversation_id, EventType.MESSAGE_AGENT, data
            )

    async def change(self, conversation_id: str, text: str, client_id: str) -> Event | None:
        """What a colleague wrote now reads so; the log keeps both. None where no such message was sent, or it reads so.

        Raises InvalidMessage, UnknownConversation or ConversationClosed.
        """
        return await self._correct(
            conversation_id, client_id, EventType.MESSAGE_CHANGED, {"text": clean_text(text, self._max_message_chars)}
        )

    async def take_back(self, conversation_id: str, client_id: str) -> Event | None:
        """What a colleague wrote is no longer shown; None where no such message was sent, or it is not shown any more.

        Raises UnknownConversation or ConversationClosed.
        """
        return await self._correct(conversation_id, client_id, EventType.MESSAGE_DELETED, {})

    @uninterrupted
    async def _correct(
        self, conversation_id: str, client_id: str, type: EventType, data: Mapping[str, JsonValue]
    ) -> Event | None:
        async with writing(self._engine) as session:
            await _open_row(session, conversation_id)
            rows = await session.exec(
                select(EventRow).where(EventRow.conversation_id == conversation_id).order_by(col(EventRow.n))
            )
            shown = standing([event_of(row) for row in rows])
            said = next((one for one in shown if _is(one, client_id)), None)
            if said is None or (type is EventType.MESSAGE_CHANGED and said.data.get("text") == data["text"]):
                return None
            event = await self._events.append_in(
                await session.connection(), conversation_id, type, {"event": said.n, **data}
            )
        self._events.announce(conversation_id, event)
        return event

    @uninterrupted
    async def give_back(self, conversation_id: str) -> None:
        """Parley answers again; where nobody had taken over, nobody is waited for any more.

        Raises UnknownConversation or ConversationClosed.
        """
        async with writing(self._engine) as session:
            row = await _open_row(session, conversation_id)
            if row.handoff is None:
                return
            row.handoff = row.handoff_at = row.colleague = None
            await session.flush()
            await self._events.append_in(await session.connection(), conversation_id, EventType.HANDOFF_CLOSED, {})
        self._events.announce(conversation_id)

    async def conversations(self, state: Handoff, most: int = 100) -> list[HandedOver]:
        """Those that wait for a colleague, or are with one."""
        return await handed_over(self._engine, state, most)


def _is(event: Event, client_id: str) -> bool:
    return event.type is EventType.MESSAGE_AGENT and event.data.get("client_id") == client_id


async def _open_row(session: AsyncSession, conversation_id: str) -> ConversationRow:
    """The conversation, locked for the transaction."""
    row = await held(session, conversation_id)
    if row.closed_at is not None:
        raise ConversationClosed("This conversation is closed.")
    return row
