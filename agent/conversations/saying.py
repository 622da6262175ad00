"""What a customer's message becomes in the event log."""

from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel.ext.asyncio.session import AsyncSession

from agent.conversations.files import files_in
from agent.conversations.text import clean_text
from agent.errors import InvalidMessage
from agent.store.event_log import SqlEventLog
from agent.store.tables import EventRow
from agent.types import EventType, InboundMessage, JsonValue


def said_text(message: InboundMessage, max_chars: int) -> str:
    """The cleaned text; "" where files say it, or an earlier message. Raises InvalidMessage."""
    if message.again is not None or (message.files and not message.text.strip()):
        return ""
    return clean_text(message.text, max_chars)


async def said_in(connection: AsyncConnection, message: InboundMessage, text: str) -> dict[str, JsonValue]:
    """The data of the message's event, within a transaction. Raises InvalidMessage."""
    data: dict[str, JsonValue] = {"text": text, "client_id": message.channel_message_id, "channel": message.channel}
    if message.again is not None or message.files:
        # The lock first: a transaction that has read may be too late to write.
        await SqlEventLog.hold_in(connection, message.conversation_id)
    if message.again is not None:
        async with AsyncSession(connection) as session:
            about = await session.get(EventRow, (message.conversation_id, message.again))
        if about is None or about.type != EventType.MESSAGE_RECEIVED:
            raise InvalidMessage(f"again: event {message.again} is not a customer's message of this conversation.")
        data |= {"text": str(about.data["text"]), "again": message.again}
    elif message.files:
        async with AsyncSession(connection) as session:
            files = await files_in(session, message.conversation_id, message.files)
        data["files"] = [file.as_json() for file in files]
    return data
