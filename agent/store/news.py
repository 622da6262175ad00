"""Tells followers what is new in a conversation, also when another process, or another machine, wrote it.

PostgreSQL carries the news (LISTEN/NOTIFY): within milliseconds, and only for what was committed. The processes that have one
SQLite file open tell each other. Where neither can be, and as long as a connection is broken, one look every second or two at
all followed conversations finds it.
"""

import asyncio
import json
import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from agent.store.neighbours import Neighbours
from agent.store.tables import ConversationRow
from agent.store.transactions import transaction
from agent.store.uninterrupted import uninterrupted
from agent.types import Event

if TYPE_CHECKING:
    import asyncpg  # type: ignore[import-untyped]

_LOG = logging.getLogger(__name__)
_CHANNEL = "parley"
_LOOK_S = 1.5
_AT_ONCE = 400  # conversations asked about in one query
_AGAIN_S = 2.0
_MOST_HEARD = 64  # events kept for one follower; one who reads so slowly reads the store

Heard = Callable[[str, str], None]
"""Called with the conversation and a word about it that is not stored, such as `stop`."""


@dataclass(eq=False, slots=True)
class Follower:
    """Someone who waits for what comes after event `after`. gone: the conversation is deleted.

    heard: events that this process has just written, so that they need not be read; None: look into the store.
    """

    after: int
    bell: asyncio.Event = field(default_factory=asyncio.Event)
    gone: bool = False
    heard: list[Event] | None = None

    def hear(self, events: Sequence[Event]) -> None:
        """Rings the bell: these were written, or, where there are none, something may have been."""
        if not events or self.heard is None or len(self.heard) + len(events) > _MOST_HEARD:
            self.heard = None
        else:
            self.heard += events
        self.bell.set()

    def take_heard(self) -> list[Event] | None:
        """What was heard and not yet passed on; None unless it is all there is, as far as this process knows."""
        heard, self.heard = self.heard, []
        if heard is None:
            return None
        new = [event for event in heard if event.n > self.after]
        return new if all(event.n == n for n, event in enumerate(new, self.after + 1)) else None


class News:
    """What is new in the conversations of one store."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._followers: dict[str, set[Follower]] = defaultdict(set)
        self._heard: list[Heard] = []
        self._notifies = engine.dialect.name == "postgresql"
        file = engine.url.database
        self._neighbours: Neighbours | None = None
        if file and file != ":memory:" and not self._notifies:
            self._neighbours = Neighbours(Path(file).with_name(f".{Path(file).name}-news"), self._told_of)

    @contextmanager
    def following(self, conversation_id: str, after: int) -> Iterator[Follower]:
        """A follower whose bell rings whenever there may be something new."""
        follower = Follower(after)
        self._followers[conversation_id].add(follower)
        try:
            yield follower
        finally:
            self._followers[conversation_id].discard(follower)
            if not self._followers[conversation_id]:
                del self._followers[conversation_id]

    def ring(self, conversation_id: str, *events: Event) -> None:
        """Wakes the followers of a conversation in this process; events: what was written, where it is at hand."""
        for follower in self._followers.get(conversation_id, ()):
            follower.hear(events)

    def ring_all(self) -> None:
        """Wakes every follower in this process."""
        for conversation_id in tuple(self._followers):
            self.ring(conversation_id)

    def part(self, conversation_id: str) -> None:
        """Lets the followers of a deleted conversation go."""
        for follower in self._followers.get(conversation_id, ()):
            follower.gone = True
        self.ring(conversation_id)

    def on_word(self, heard: Heard) -> None:
        """Calls `heard` for each word that any process says, this one too."""
        self._heard.append(heard)

    def announce(self, conversation_id: str, *events: Event) -> None:
        """Wakes the followers of a conversation, once a transaction is committed; events: as for `ring`."""
        self.ring(conversation_id, *events)
        if self._neighbours:
            self._neighbours.tell(conversation_id)

    async def announce_in(self, connection: AsyncConnection, conversation_id: str) -> None:
        """Tells the other processes over PostgreSQL, once the transaction is committed."""
        if self._notifies:
            await connection.execute(_notify(conversation_id, ""))

    async def say(self, conversation_id: str, word: str) -> None:
        """Says a word about a conversation in every process; it is not stored."""
        if not self._notifies:
            self._hear(conversation_id, word)
            if self._neighbours:
                self._neighbours.tell(conversation_id, word)
            return
        await self._say(conversation_id, word)

    @uninterrupted
    async def _say(self, conversation_id: str, word: str) -> None:
        async with transaction(self._engine) as connection:
            await connection.execute(_notify(conversation_id, word))

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        """Hears what other processes write, for as long as this is open."""
        tasks = [asyncio.create_task(self._look())]
        if self._notifies:
            tasks.append(asyncio.create_task(self._listen()))
        try:
            with self._neighbours.listening() if self._neighbours else nullcontext():
                yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _listen(self) -> None:
        """Holds a connection of its own that PostgreSQL tells the news; a broken one is made again."""
        import asyncpg  # imported here: an extra that SQLite does not need

        address = self._engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        while True:
            ended = asyncio.Event()
            try:
                connection = await asyncpg.connect(address)
                try:
                    connection.add_termination_listener(lambda _, ended=ended: ended.set())
                    await connection.add_listener(_CHANNEL, self._told)
                    self.ring_all()  # what was written while nobody listened
                    await ended.wait()
                finally:
                    with suppress(Exception):
                        await connection.close(timeout=1)
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                _LOG.warning("the database does not tell the news (%s); looking every %.1f s", error, _LOOK_S)
            await asyncio.sleep(_AGAIN_S)

    def _told(self, _: "asyncpg.Connection", __: int, ___: str, payload: str) -> None:
        told = json.loads(payload)
        self._told_of(told["conversation"], told["word"])

    def _told_of(self, conversation_id: str, word: str) -> None:
        """Another process wrote something there, or says a word about it."""
        if word:
            self._hear(conversation_id, word)
        else:
            self.ring(conversation_id)

    def _hear(self, conversation_id: str, word: str) -> None:
        for heard in self._heard:
            heard(conversation_id, word)

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(_LOOK_S)
            try:
                followed = list(self._followers)
                for start in range(0, len(followed), _AT_ONCE):
                    some = followed[start : start + _AT_ONCE]
                    self._compare(some, await self._numbers(some))
            except Exception:  # noqa: BLE001 - the rim: a store that fails now is asked again
                _LOG.warning("looking for news failed", exc_info=True)

    @uninterrupted
    async def _numbers(self, conversation_ids: Sequence[str]) -> dict[str, int]:
        async with AsyncSession(self._engine) as session:
            rows = await session.exec(
                select(ConversationRow.id, ConversationRow.last_n).where(col(ConversationRow.id).in_(conversation_ids))
            )
            return dict(rows.all())

    def _compare(self, looked_at: Sequence[str], numbers: dict[str, int]) -> None:
        for conversation_id in looked_at:
            if conversation_id not in numbers:
                self.part(conversation_id)
                continue
            for follower in self._followers.get(conversation_id, ()):
                if follower.after < numbers[conversation_id]:
                    follower.hear(())


def _notify(conversation_id: str, word: str) -> TextClause:
    payload = json.dumps({"conversation": conversation_id, "word": word})
    return text("SELECT pg_notify(:channel, :payload)").bindparams(channel=_CHANNEL, payload=payload)
