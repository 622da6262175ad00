"""Threads for people, in the store."""

from dataclasses import dataclass

from sqlalchemy import and_, delete, or_, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from agent.store.tables import ConversationRow
from agent.store.transactions import writing
from agent.store.uninterrupted import uninterrupted
from connectors.slack.people.tables import DeskPostRow, DeskRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """See `connectors.slack.people.tables.DeskRow`."""

    conversation_id: str
    team: str
    enterprise: str | None
    channel: str
    thread: str | None = None
    holder: str | None = None
    suggested: str = ""
    delivered_n: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Who asks in a conversation. channel: by which they came (`web`, `slack`)."""

    name: str
    channel: str
    language: str | None


class Desks:
    """The threads."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    @uninterrupted
    async def behind(self) -> list[str]:
        """Conversations that want a person and have no thread yet, or of which their thread was not told everything."""
        untold = or_(
            and_(col(DeskRow.id).is_(None), col(ConversationRow.handoff).is_not(None)),
            col(ConversationRow.last_n) > col(DeskRow.delivered_n),
        )
        async with AsyncSession(self._engine) as session:
            ids = await session.exec(
                select(ConversationRow.id)
                .join(DeskRow, col(DeskRow.id) == col(ConversationRow.id), isouter=True)
                .where(untold)
            )
            return list(ids)

    @uninterrupted
    async def get(self, conversation_id: str) -> Desk | None:
        """The thread of a conversation."""
        async with AsyncSession(self._engine) as session:
            row = await session.get(DeskRow, conversation_id)
        return _desk(row) if row else None

    @uninterrupted
    async def at(self, team: str, channel: str, thread: str) -> Desk | None:
        """What a thread is about; None where it is none of these."""
        async with AsyncSession(self._engine) as session:
            rows = await session.exec(
                select(DeskRow).where(DeskRow.thread == thread, DeskRow.team == team, DeskRow.channel == channel)
            )
            row = rows.first()
        return _desk(row) if row else None

    @uninterrupted
    async def opening(self, team: str, channel: str) -> bool:
        """Whether a thread is being opened in a channel, which may be there before it is known here."""
        async with AsyncSession(self._engine) as session:
            found = await session.exec(
                select(DeskRow.id)
                .where(DeskRow.team == team, DeskRow.channel == channel, col(DeskRow.thread).is_(None))
                .limit(1)
            )
            return found.first() is not None

    @uninterrupted
    async def add(self, desk: Desk) -> None:
        """Enters one; nothing where there is one."""
        try:
            async with writing(self._engine) as session:
                session.add(
                    DeskRow(id=desk.conversation_id, team=desk.team, enterprise=desk.enterprise, channel=desk.channel)
                )
        except IntegrityError:
            return

    @uninterrupted
    async def opened(self, conversation_id: str, thread: str, n: int) -> None:
        """The thread is there, and was told everything up to event n."""
        await self._set(conversation_id, thread=thread, delivered_n=n)

    @uninterrupted
    async def suggested(self, conversation_id: str, text: str) -> None:
        """This may be sent with one press."""
        await self._set(conversation_id, suggested=text)

    @uninterrupted
    async def held(self, conversation_id: str, holder: str | None) -> None:
        """Somebody took over in Slack, or gave back."""
        await self._set(conversation_id, holder=holder)

    @uninterrupted
    async def delivered(self, conversation_id: str, n: int) -> None:
        """The thread was told everything up to event n."""
        await self._set(conversation_id, delivered_n=n)

    @uninterrupted
    async def reopen(self, conversation_id: str) -> None:
        """The thread is no more."""
        async with writing(self._engine) as session:
            await session.exec(delete(DeskPostRow).where(col(DeskPostRow.id) == conversation_id))
            await session.exec(update(DeskRow).where(col(DeskRow.id) == conversation_id).values(thread=None))

    async def _set(self, conversation_id: str, **values: object) -> None:
        async with writing(self._engine) as session:
            await session.exec(update(DeskRow).where(col(DeskRow.id) == conversation_id).values(**values))

    @uninterrupted
    async def post_of(self, conversation_id: str, n: int) -> tuple[bool, str | None]:
        """Whether somebody has tried to post event n, and the message's time stamp where it is known."""
        async with AsyncSession(self._engine) as session:
            row = await session.get(DeskPostRow, (conversation_id, n))
        return row is not None, row.ts if row else None

    @uninterrupted
    async def posted(self, conversation_id: str, n: int, ts: str | None) -> None:
        """Event n is about to be posted, or is this message."""
        async with writing(self._engine) as session:
            row = await session.get(DeskPostRow, (conversation_id, n))
            if row is None:
                row = DeskPostRow(id=conversation_id, n=n)
                session.add(row)
            row.ts = ts

    @uninterrupted
    async def asking(self, conversation_id: str) -> Asking:
        """Who asks."""
        async with AsyncSession(self._engine) as session:
            row = await session.get_one(ConversationRow, conversation_id)
        about = {**(row.form or {}), **(row.customer or {})}
        name = next((str(about[key]) for key in ("name", "email", "id") if about.get(key)), "")
        return Asking(name=name, channel=row.channel, language=row.language)

    @uninterrupted
    async def forget_team(self, team: str) -> None:
        """A workspace is gone: nothing is told there any more."""
        async with writing(self._engine) as session:
            theirs = select(DeskRow.id).where(DeskRow.team == team)
            await session.exec(delete(DeskPostRow).where(col(DeskPostRow.id).in_(theirs)))
            await session.exec(delete(DeskRow).where(col(DeskRow.team) == team))


def _desk(row: DeskRow) -> Desk:
    return Desk(
        conversation_id=row.id,
        team=row.team,
        enterprise=row.enterprise,
        channel=row.channel,
        thread=row.thread,
        holder=row.holder,
        suggested=row.suggested,
        delivered_n=row.delivered_n,
    )
