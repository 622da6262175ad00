"""Conversations that wait for a person of the company, or are with one: how each stands, and the list of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import func, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from agent.store.tables import ConversationRow, EventRow, Handoff, aware, columns_of
from agent.store.uninterrupted import uninterrupted
from agent.types import EventType


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOver:
    """A conversation in the list. since: when it came into this state; message: the customer's last, its text and time.

    customer, form: whom the site vouched for, and what they filled in before.
    sentiment: of the last message that was understood; None where none was.
    """

    id: str
    state: Handoff
    since: datetime
    colleague: str | None
    language: str | None
    customer: dict[str, object] | None
    form: dict[str, object] | None
    message: tuple[str, datetime] | None
    sentiment: dict[str, object] | None


async def ask_in(connection: AsyncConnection, conversation_id: str) -> None:
    """The conversation waits for a person, unless it does already or is with one."""
    await connection.execute(
        update(columns_of(ConversationRow))
        .where(
            col(ConversationRow.id) == conversation_id,
            col(ConversationRow.handoff).is_(None),
            col(ConversationRow.closed_at).is_(None),
        )
        .values(handoff=Handoff.WAITING, handoff_at=datetime.now(UTC))
    )


async def take_back_in(connection: AsyncConnection, conversation_id: str) -> bool:
    """The conversation waits for nobody any more; False where it did not, as when a person has just come."""
    taken_back = await connection.execute(
        update(columns_of(ConversationRow))
        .where(col(ConversationRow.id) == conversation_id, col(ConversationRow.handoff) == Handoff.WAITING)
        .values(handoff=None, handoff_at=None)
    )
    return bool(taken_back.rowcount)


@uninterrupted
async def handed_over(engine: AsyncEngine, state: Handoff, most: int) -> list[HandedOver]:
    """The conversations in a state, those that have been in it longest first."""
    async with AsyncSession(engine) as session:
        rows = (
            await session.exec(
                select(ConversationRow)
                .where(ConversationRow.handoff == state)
                .order_by(col(ConversationRow.handoff_at), col(ConversationRow.id))
                .limit(most)
            )
        ).all()
        ids = [row.id for row in rows]
        messages = await _last(session, ids, EventType.MESSAGE_RECEIVED)
        understood = await _last(session, ids, EventType.TURN_UNDERSTOOD)
    return [_handed_over(row, messages.get(row.id), understood.get(row.id)) for row in rows]


async def _last(session: AsyncSession, ids: Sequence[str], type: EventType) -> dict[str, EventRow]:
    """The last event of a type in each of these conversations."""
    last = (
        select(EventRow.conversation_id, func.max(EventRow.n).label("n"))
        .where(col(EventRow.conversation_id).in_(ids), EventRow.type == type)
        .group_by(col(EventRow.conversation_id))
        .subquery()
    )
    rows = await session.exec(
        select(EventRow).join(
            last, (col(EventRow.conversation_id) == last.c.conversation_id) & (col(EventRow.n) == last.c.n)
        )
    )
    return {row.conversation_id: row for row in rows}


def _handed_over(row: ConversationRow, message: EventRow | None, understood: EventRow | None) -> HandedOver:
    sentiment = understood.data.get("sentiment") if understood else None
    return HandedOver(
        id=row.id,
        state=Handoff(row.handoff or Handoff.WAITING),
        since=aware(row.handoff_at or row.created_at),
        colleague=row.colleague,
        language=row.language,
        customer=row.customer,
        form=row.form,
        message=(str(message.data.get("text", "")), aware(message.at)) if message else None,
        sentiment=sentiment if isinstance(sentiment, dict) else None,
    )
