"""What a person says a customer's message was about, where the bot took it for something else."""

from agent.errors import InvalidMessage
from agent.ports import EventLog
from agent.types import Event, EventType


async def correct(events: EventLog, conversation_id: str, message: int, intent: str) -> Event:
    """Records it; the last word on a message counts.

    message: number of the message's event. Raises InvalidMessage when it is none.
    """
    about = next((event for event in await events.read(conversation_id, message - 1) if event.n == message), None)
    if about is None or about.type is not EventType.MESSAGE_RECEIVED:
        raise InvalidMessage(f"Event {message} is not a customer's message of this conversation.")
    return await events.append(conversation_id, EventType.TURN_CORRECTED, {"message": message, "intent": intent})
