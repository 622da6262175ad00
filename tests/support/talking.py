"""A conversation of a real service, message by message."""

from agent.conversations import Conversations
from agent.types import Event, EventType, InboundMessage


async def said(conversations: Conversations, id: str, n: str, text: str, again: int | None = None) -> Event:
    """The completed reply to a message. n: the message's own id; again: the number of the message to answer once more."""
    message = InboundMessage(conversation_id=id, channel="web", channel_message_id=n, text=text, again=again)
    received = await conversations.receive(message)
    async for event in conversations.events.follow(id, received.n):
        if event.type is EventType.REPLY_COMPLETED:
            return event
        assert event.type not in {EventType.TURN_FAILED, EventType.TURN_STOPPED}
    raise AssertionError("no reply")
