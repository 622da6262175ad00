"""Which conversation is which thread in Slack, how far Slack has been told of it, and by which messages."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from agent.store.tables import ConversationRow
from agent.store.transactions import writing
from agent.store.uninterrupted import uninterrupted
from agent.types import Event, EventType
from connectors.slack.tables import PostRow, ThreadRow


def original(id: str) -> str:
    """Time stamp of the message that a question's id begins with; what follows a slash says how it came from that one."""
    return id.partition("/")[0]


def is_about(event: Event, ts: str) -> bool:
    """Whether an event is a customer's message with this time stamp, or what they made of it later."""
    return event.type is EventType.MESSAGE_RECEIVED and original(str(event.data.get("client_id", ""))) == ts


class Surface(StrEnum):
    """Where an answer is shown."""

    DIRECT = "direct"
    CHANNEL = "channel"
    PRIVATE = "private"


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """A conversation in Slack. thread: time stamp of its first message; asker: the person who began it.

    response_url: where an answer is shown to the asker alone, "" where there is no such address.
    """

    conversation_id: str
    team: str
    enterprise: str | None
    channel: str
    thread: str
    surface: Surface
    asker: str
    response_url: str = ""
    delivered_n: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A message that shows something: see `connectors.slack.tables.PostRow`."""

    key: str
    question: str = ""
    ts: str | None = None
    done: bool = False


class Threads:
    """The threads in the store."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    @uninterrupted
    async def find(self, team: str, channel: str, thread: str) -> Thread | None:
        """The conversation in a thread; None where Parley was never asked there."""
        async with AsyncSession(self._engine) as session:
            rows = await session.exec(
                select(ThreadRow).where(
                    ThreadRow.team == team, ThreadRow.channel == channel, ThreadRow.thread == thread
                )
            )
            row = rows.first()
        return _thread(row) if row else None

    @uninterrupted
    async def get(self, conversation_id: str) -> Thread | None:
        """The thread of a conversation; None where it is not in Slack, or was deleted."""
        async with AsyncSession(self._engine) as session:
            row = await session.get(ThreadRow, conversation_id)
        return _thread(row) if row else None

    @uninterrupted
    async def add(self, thread: Thread) -> bool:
        """Enters a thread; False where another process was first."""
        try:
            async with writing(self._engine) as session:
                session.add(
                    ThreadRow(
                        id=thread.conversation_id,
                        team=thread.team,
                        enterprise=thread.enterprise,
                        channel=thread.channel,
                        thread=thread.thread,
                        surface=thread.surface,
                        asker=thread.asker,
                        response_url=thread.response_url,
                    )
                )
        except IntegrityError:
            return False
        return True

    @uninterrupted
    async def remove(self, conversation_id: str) -> None:
        """The thread is another conversation from now on: this one was closed."""
        async with writing(self._engine) as session:
            await session.exec(delete(PostRow).where(col(PostRow.id) == conversation_id))
            await session.exec(delete(ThreadRow).where(col(ThreadRow.id) == conversation_id))

    @uninterrupted
    async def delivered(self, conversation_id: str, n: int) -> None:
        """Slack has been told everything up to event n."""
        async with writing(self._engine) as session:
            await session.exec(update(ThreadRow).where(col(ThreadRow.id) == conversation_id).values(delivered_n=n))

    @uninterrupted
    async def behind(self) -> list[str]:
        """Conversations of which Slack has not been told everything."""
        async with AsyncSession(self._engine) as session:
            ids = await session.exec(
                select(ThreadRow.id)
                .join(ConversationRow, col(ConversationRow.id) == col(ThreadRow.id))
                .where(col(ConversationRow.last_n) > col(ThreadRow.delivered_n))
            )
            return list(ids)

    @uninterrupted
    async def of_asker(self, team: str, asker: str, most: int = 10) -> list[Thread]:
        """The threads that somebody began."""
        async with AsyncSession(self._engine) as session:
            rows = await session.exec(
                select(ThreadRow)
                .where(ThreadRow.team == team, ThreadRow.asker == asker)
                .order_by(col(ThreadRow.thread).desc())
                .limit(most)
            )
            return [_thread(row) for row in rows]

    @uninterrupted
    async def forget_team(self, team: str) -> list[str]:
        """A workspace is gone: nothing more is told there; the conversations stay. Their ids."""
        async with writing(self._engine) as session:
            ids = list(await session.exec(select(ThreadRow.id).where(ThreadRow.team == team)))
            await session.exec(
                delete(PostRow).where(col(PostRow.id).in_(select(ThreadRow.id).where(ThreadRow.team == team)))
            )
            await session.exec(delete(ThreadRow).where(col(ThreadRow.team) == team))
        return ids


class Posts:
    """The messages in the store: what is about to be posted is written down before, what arrived after."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    @uninterrupted
    async def get(self, conversation_id: str, key: str) -> Post | None:
        """The message that shows `key`; None where nobody has tried to post it."""
        async with AsyncSession(self._engine) as session:
            row = await session.get(PostRow, (conversation_id, key))
        return _post(row) if row else None

    @uninterrupted
    async def put(self, conversation_id: str, post: Post) -> None:
        """Writes down how it stands."""
        async with writing(self._engine) as session:
            row = await session.get(PostRow, (conversation_id, post.key))
            if row is None:
                row = PostRow(id=conversation_id, key=post.key)
                session.add(row)
            row.question, row.ts, row.done = post.question, post.ts, post.done

    @uninterrupted
    async def all_of(self, conversation_id: str) -> Sequence[Post]:
        """All messages of a conversation."""
        wanted = select(PostRow).where(PostRow.id == conversation_id)
        async with AsyncSession(self._engine) as session:
            return [_post(row) for row in await session.exec(wanted.order_by(col(PostRow.ts)))]


def _thread(row: ThreadRow) -> Thread:
    return Thread(
        conversation_id=row.id,
        team=row.team,
        enterprise=row.enterprise,
        channel=row.channel,
        thread=row.thread,
        surface=Surface(row.surface),
        asker=row.asker,
        response_url=row.response_url,
        delivered_n=row.delivered_n,
    )


def _post(row: PostRow) -> Post:
    return Post(key=row.key, question=row.question, ts=row.ts, done=row.done)
