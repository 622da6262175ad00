"""Who agreed to being learned from, and what is deleted for good."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from sqlalchemy import delete, func, update
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from agent.errors import UnknownConversation
from agent.forgotten import Digests, Forgettable
from agent.store.event_log import SqlEventLog
from agent.store.tables import ActionRow, ConversationRow, EventRow, FileRow, ForgottenRow, RecordRow, TurnRow
from agent.store.transactions import writing
from agent.store.uninterrupted import uninterrupted

_AT_ONCE = 200  # ids in one statement; SQLite takes 32,766 at most


class Consents:
    """Agreement to learning, and deletion, over a store."""

    def __init__(self, engine: AsyncEngine, digests: Digests) -> None:
        self._engine = engine
        self._digests = digests

    @uninterrupted
    async def set(self, conversation_id: str, *, may_learn: bool) -> None:
        """The customer's word, which replaces an earlier one. Raises UnknownConversation."""
        async with writing(self._engine) as session:
            changed = await session.exec(
                update(ConversationRow).where(col(ConversationRow.id) == conversation_id).values(may_learn=may_learn)
            )
            if not changed.rowcount:
                raise UnknownConversation("There is no such conversation.")

    @uninterrupted
    async def agreed(self) -> list[tuple[str, str, str | None]]:
        """(id, channel, customer id) of the conversations that may be learned from, the oldest first."""
        async with AsyncSession(self._engine) as session:
            rows = await session.exec(
                select(ConversationRow.id, ConversationRow.channel, ConversationRow.customer_id)
                .where(col(ConversationRow.may_learn).is_(True))
                .order_by(col(ConversationRow.created_at), col(ConversationRow.id))
            )
            return list(rows)

    @uninterrupted
    async def left_out(self) -> tuple[int, int]:
        """How many conversations may not be learned from: because nobody was asked, because the customer refused."""
        async with AsyncSession(self._engine) as session:
            counted = await session.exec(
                select(ConversationRow.may_learn, func.count()).group_by(col(ConversationRow.may_learn))
            )
            counts = dict(counted.all())
            return counts.get(None, 0), counts.get(False, 0)

    @uninterrupted
    async def forgotten(self) -> frozenset[str]:
        """The tombstones (`agent.forgotten.Digests`); those that an earlier version put up unsalted are salted now."""
        async with writing(self._engine) as session:
            return await self._tombstones_in(session)

    @uninterrupted
    async def conversations_of(self, customer_id: str) -> list[str]:
        """Ids of a customer's conversations: begun by them, or with a message of theirs."""
        async with AsyncSession(self._engine) as session:
            begun = await session.exec(select(ConversationRow.id).where(ConversationRow.customer_id == customer_id))
            written = await session.exec(
                select(TurnRow.conversation_id).where(TurnRow.customer_id == customer_id).distinct()
            )
            return sorted({*begun.all(), *written.all()})

    @uninterrupted
    async def exists(self, conversation_id: str) -> bool:
        """Whether the store has this conversation."""
        async with AsyncSession(self._engine) as session:
            return await session.get(ConversationRow, conversation_id) is not None

    @uninterrupted
    async def state(self) -> str:
        """Changes whenever something happens in a conversation that may be learned from, or another one may be."""
        async with AsyncSession(self._engine) as session:
            counted = await session.exec(
                select(func.count(), func.sum(ConversationRow.last_n)).where(col(ConversationRow.may_learn).is_(True))
            )
            gone = await session.exec(select(func.count()).select_from(ForgottenRow))
            return f"{tuple(counted.one())} {gone.one()}"

    @uninterrupted
    async def refuse(self, kind: Forgettable, id: str, conversation_ids: Sequence[str]) -> None:
        """Keeps conversations in the store, but from learning, for good; what is imported of them later, too."""
        async with writing(self._engine) as session:
            for some in _some(conversation_ids):
                await session.exec(
                    update(ConversationRow).where(col(ConversationRow.id).in_(some)).values(may_learn=False)
                )
            await self._remember_in(session, kind, id, conversation_ids)

    @uninterrupted
    async def delete(self, kind: Forgettable, id: str, conversation_ids: Sequence[str]) -> None:
        """Deletes conversations with all their turns and events, and puts up tombstones; again does nothing."""
        async with writing(self._engine) as session:
            for some in _some(conversation_ids):
                # Whoever writes an event locks its conversation first: nothing is added between these statements.
                for one in some:
                    await SqlEventLog.hold_in(await session.connection(), one)
                await session.exec(delete(FileRow).where(col(FileRow.conversation_id).in_(some)))
                await session.exec(delete(TurnRow).where(col(TurnRow.conversation_id).in_(some)))
                await session.exec(delete(ActionRow).where(col(ActionRow.conversation_id).in_(some)))
                await session.exec(delete(RecordRow).where(col(RecordRow.conversation_id).in_(some)))
                await session.exec(delete(EventRow).where(col(EventRow.conversation_id).in_(some)))
                await session.exec(delete(ConversationRow).where(col(ConversationRow.id).in_(some)))
            await self._remember_in(session, kind, id, conversation_ids)

    async def _remember_in(
        self, session: AsyncSession, kind: Forgettable, id: str, conversation_ids: Sequence[str]
    ) -> None:
        keys = {self._digests.of(kind, id), *(self._digests.of("conversation", one) for one in conversation_ids)}
        known = await self._tombstones_in(session)
        session.add_all(ForgottenRow(key=key, at=datetime.now(UTC)) for key in sorted(keys - known))

    async def _tombstones_in(self, session: AsyncSession) -> frozenset[str]:
        """The keys of all, salted in the store, too."""
        keys = frozenset(await session.exec(select(ForgottenRow.key)))
        salted = {key: self._digests.salted(key) for key in keys}
        for key in sorted(key for key in keys if salted[key] != key):
            if salted[key] in keys:
                await session.exec(delete(ForgottenRow).where(col(ForgottenRow.key) == key))
            else:
                await session.exec(update(ForgottenRow).where(col(ForgottenRow.key) == key).values(key=salted[key]))
        return frozenset(salted.values())


def _some(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    """The ids in order, so many at once as fit into a statement."""
    for start in range(0, len(ids), _AT_ONCE):
        yield sorted(ids)[start : start + _AT_ONCE]
