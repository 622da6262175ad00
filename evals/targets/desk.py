"""Real conversations of a home, in this process, as its customers have them."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from agent.conversations import Conversations
from agent.types import EventType, InboundMessage
from evals.targets.replies import reply_of_json, usage_of
from evals.targets.target import Answered, Done, TargetFailed

_CHANNEL = "web"
_ENDED = frozenset({EventType.TURN_FAILED, EventType.TURN_STOPPED})


class DeskConversation:
    """Implements `evals.targets.held.Held`."""

    def __init__(self, desk: Conversations, id: str) -> None:
        self._desk = desk
        self._id = id
        self._said = 0

    async def say(self, text: str) -> Answered:
        """As `Held.say`."""
        self._said += 1
        received = await self._desk.receive(
            InboundMessage(conversation_id=self._id, channel=_CHANNEL, channel_message_id=str(self._said), text=text)
        )
        async for event in self._desk.events.follow(self._id, received.n):
            if event.type is EventType.REPLY_COMPLETED:
                reply = reply_of_json(event.data, text, {})
                return Answered(reply=reply, usage=usage_of(reply))
            if event.type in _ENDED:
                raise TargetFailed(f"{event.type}: {dict(event.data)}")
        raise TargetFailed("the events ended without a reply")

    async def done(self) -> tuple[Done, ...]:
        """As `Held.done`, from the store."""
        return tuple(
            Done(tool=str(one.data["tool"]), record=json.dumps(dict(one.data), ensure_ascii=False, default=str))
            for one in await self._desk.events.read(self._id)
            if one.type is EventType.TOOL_COMPLETED
        )


@asynccontextmanager
async def desk_conversation(desk: Conversations) -> AsyncIterator[DeskConversation]:
    """One conversation, which is forgotten after it with what its tools recorded, so that the next finds the store as it was."""
    conversation, _ = await desk.create(_CHANNEL)
    try:
        yield DeskConversation(desk, conversation)
    finally:
        await desk.forget_conversation(conversation)
