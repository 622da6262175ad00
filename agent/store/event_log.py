"""The event log: append-only, numbered within each conversation, followed live or from any number."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any, TypeAlias, cast

from sqlalchemy import Row, Select, bindparam, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from agent.errors import UnknownConversation
from agent.store.news import Follower, News
from agent.store.tables import ConversationRow, EventRow, aware, columns_of
from agent.store.transactions import transaction
from agent.store.uninterrupted import uninterrupted
from agent.types import Event, EventType, JsonValue

# Of tables, not of the classes mapped to them: the mapping costs twice what a statement does, and a turn runs dozens.
_CONVERSATION, _EVENT = columns_of(ConversationRow), columns_of(EventRow)
_THIS = _CONVERSATION.c.id == bindparam("conversation")
_HOLD = update(_CONVERSATION).where(_THIS).values(last_n=_CONVERSATION.c.last_n)
_TAKE_NUMBERS = (
    update(_CONVERSATION)
    .where(_THIS)
    .values(last_n=_CONVERSATION.c.last_n + bindparam("count"))
    .returning(_CONVERSATION.c.last_n)
)
_ADD = insert(_EVENT)
_READ = (
    select(_EVENT)
    .where(_EVENT.c.conversation_id == bindparam("conversation"), _EVENT.c.n > bindparam("after"))
    .order_by(_EVENT.c.n)
)


@cache
def _reading(types: frozenset[EventType]) -> Select[tuple[Any, ...]]:
    """Events of these types alone; the few kinds of them that are asked for are worded once."""
    return _READ.where(or_(*(_EVENT.c.type == one.value for one in sorted(types))))


Happened: TypeAlias = tuple[EventType, Mapping[str, JsonValue]]
"""What happened, not yet in the log: its type and its data."""


class SqlEventLog:
    """Implements `agent.ports.EventLog` on SQLite or PostgreSQL."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self.news = News(engine)
        self.ended = False

    async def append(self, conversation_id: str, type: EventType, data: Mapping[str, JsonValue]) -> Event:
        """Adds one event in a transaction of its own. Raises UnknownConversation."""
        return (await self.append_all(conversation_id, [(type, data)]))[0]

    @uninterrupted
    async def append_all(self, conversation_id: str, happened: Sequence[Happened]) -> list[Event]:
        """Adds events, in this order, in a transaction of their own. Raises UnknownConversation."""
        async with transaction(self._engine) as connection:
            events = await self.append_all_in(connection, conversation_id, happened)
        self.announce(conversation_id, *events)
        return events

    async def append_in(
        self, connection: AsyncConnection, conversation_id: str, type: EventType, data: Mapping[str, JsonValue]
    ) -> Event:
        """Adds one event within a transaction; the caller announces it once committed. Raises UnknownConversation."""
        return (await self.append_all_in(connection, conversation_id, [(type, data)]))[0]

    async def append_all_in(
        self, connection: AsyncConnection, conversation_id: str, happened: Sequence[Happened]
    ) -> list[Event]:
        """Adds events within a transaction, in this order; the caller announces them once committed.

        Their numbers are taken by an UPDATE, which locks the conversation's row: two writers never get the same one.
        Raises UnknownConversation.
        """
        taken = await connection.execute(_TAKE_NUMBERS, {"conversation": conversation_id, "count": len(happened)})
        last = taken.scalar_one_or_none()
        if last is None:
            raise UnknownConversation("There is no such conversation.")
        now = datetime.now(UTC)
        events = [
            Event(conversation_id=conversation_id, n=n, type=kind, at=now, data=data)
            for n, (kind, data) in enumerate(happened, last - len(happened) + 1)
        ]
        rows = [
            {"conversation_id": conversation_id, "n": one.n, "type": one.type.value, "at": now, "data": dict(one.data)}
            for one in events
        ]
        await connection.execute(_ADD, rows)
        await self.news.announce_in(connection, conversation_id)
        return events

    @staticmethod
    async def hold_in(connection: AsyncConnection, conversation_id: str) -> None:
        """Locks the conversation for a transaction that changes a turn before it adds events.

        Whoever locks both takes the conversation first; in two orders, PostgreSQL finds transactions in deadlock.
        """
        await connection.execute(_HOLD, {"conversation": conversation_id})

    @uninterrupted
    async def read(
        self, conversation_id: str, after: int = 0, types: Collection[EventType] | None = None
    ) -> list[Event]:
        """Events after `after`, in order; types: only those of these."""
        asked = _READ if types is None else _reading(frozenset(types))
        async with self._engine.connect() as connection:
            rows = await connection.execute(asked, {"conversation": conversation_id, "after": after})
        return [event_of(row) for row in rows]

    async def follow(self, conversation_id: str, after: int = 0) -> AsyncIterator[Event]:
        """All events after `after`, then new ones as they happen.

        It ends when the caller stops listening, the conversation is deleted, or all is ended.
        """
        with self.news.following(conversation_id, after) as follower:
            while not self.ended and not follower.gone:
                follower.bell.clear()
                for event in await self.new(conversation_id, follower):
                    yield event
                await follower.bell.wait()

    async def new(self, conversation_id: str, follower: Follower) -> list[Event]:
        """What comes after all that a follower was given before; to be asked for when its bell rings, and at first."""
        heard = follower.take_heard()
        events = await self.read(conversation_id, follower.after) if heard is None else heard
        if events:
            follower.after = events[-1].n
        return events

    def end(self) -> None:
        """Lets every follower go: this process is about to stop."""
        self.ended = True
        self.news.ring_all()

    def announce(self, conversation_id: str, *events: Event) -> None:
        """Wakes the followers of a conversation; events: what was written, in order, where it is at hand."""
        self.news.announce(conversation_id, *events)


def event_of(row: EventRow | Row[tuple[str, int, str, datetime, dict[str, object]]]) -> Event:
    """A row of the log as an event."""
    return Event(
        conversation_id=row.conversation_id,
        n=row.n,
        type=EventType(row.type),
        at=aware(row.at),
        data=cast("Mapping[str, JsonValue]", row.data),
    )
