"""A conversation, locked for a transaction."""

from sqlmodel.ext.asyncio.session import AsyncSession

from agent.errors import UnknownConversation
from agent.store.event_log import SqlEventLog
from agent.store.tables import ConversationRow


async def held(session: AsyncSession, conversation_id: str) -> ConversationRow:
    """Its row, which nobody else changes until the transaction ends. Raises UnknownConversation."""
    await SqlEventLog.hold_in(await session.connection(), conversation_id)
    row = await session.get(ConversationRow, conversation_id)
    if row is None:
        raise UnknownConversation("There is no such conversation.")
    return row
