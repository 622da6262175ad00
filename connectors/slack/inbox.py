"""What Slack told: kept once before it is acknowledged, handed out in order, and forgotten when it is old."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from agent.store.transactions import writing
from agent.store.uninterrupted import uninterrupted
from agent.types import JsonValue
from connectors.slack.tables import InboxRow

_KEPT = timedelta(days=2)
"""How long an id is remembered; Slack repeats an event within hours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing that Slack told, with what is needed of it.

    id: the same for the same thing, however often it is told; place, sort_key: what is in one place is handled in the
    order of sort_key.
    """

    id: str
    kind: str
    team: str
    enterprise: str | None = None
    place: str
    sort_key: str
    data: Mapping[str, JsonValue] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """A value of `data` as text; "" where there is none."""
        value = self.data.get(name)
        return value if isinstance(value, str) else ""


class Inbox:
    """The items in the store, shared by all processes."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    @uninterrupted
    async def keep(self, item: Item) -> bool:
        """Keeps an item; False where it, or another one of its id, was kept before."""
        try:
            async with writing(self._engine) as session:
                session.add(
                    InboxRow(
                        id=item.id,
                        kind=item.kind,
                        team=item.team,
                        enterprise=item.enterprise,
                        place=item.place,
                        sort_key=item.sort_key,
                        data=dict(item.data),
                        received_at=datetime.now(UTC),
                    )
                )
        except IntegrityError:
            return False
        return True

    async def mark(self, id: str, team: str) -> None:
        """Claims an id for which nothing is to be done."""
        if await self.keep(Item(id=id, kind="mark", team=team, place=id, sort_key="")):
            await self.done(id)

    @uninterrupted
    async def knows(self, id: str) -> bool:
        """Whether an item of this id was kept."""
        async with AsyncSession(self._engine) as session:
            return await session.get(InboxRow, id) is not None

    @uninterrupted
    async def pending(self, place: str) -> list[Item]:
        """What is still to be handled in a place, in order."""
        async with AsyncSession(self._engine) as session:
            rows = await session.exec(
                select(InboxRow)
                .where(col(InboxRow.done_at).is_(None), InboxRow.place == place)
                .order_by(col(InboxRow.sort_key), col(InboxRow.id))
            )
            return [_item(row) for row in rows]

    @uninterrupted
    async def done(self, id: str) -> None:
        """It was handled: nobody handles it again, and what it said is gone."""
        async with writing(self._engine) as session:
            await session.exec(
                update(InboxRow).where(col(InboxRow.id) == id).values(done_at=datetime.now(UTC), data=None)
            )

    @uninterrupted
    async def left(self, older_than_s: float) -> list[str]:
        """Places with items that nobody has handled for so long: their process has died, or is slow."""
        before = datetime.now(UTC) - timedelta(seconds=older_than_s)
        async with AsyncSession(self._engine) as session:
            places = await session.exec(
                select(InboxRow.place).where(col(InboxRow.done_at).is_(None), InboxRow.received_at < before).distinct()
            )
            return list(places)

    @uninterrupted
    async def forget_old(self) -> None:
        """Removes what was handled long ago."""
        async with writing(self._engine) as session:
            await session.exec(delete(InboxRow).where(col(InboxRow.done_at) < datetime.now(UTC) - _KEPT))

    @uninterrupted
    async def forget_team(self, team: str) -> None:
        """Removes what is still to be handled for a workspace."""
        async with writing(self._engine) as session:
            await session.exec(delete(InboxRow).where(col(InboxRow.team) == team, col(InboxRow.done_at).is_(None)))


def _item(row: InboxRow) -> Item:
    return Item(
        id=row.id,
        kind=row.kind,
        team=row.team,
        enterprise=row.enterprise,
        place=row.place,
        sort_key=row.sort_key,
        data=row.data or {},  # type: ignore[arg-type]
    )
