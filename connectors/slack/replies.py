"""What is done under a reply, by a button or a form: the reply is looked up in the log, as nothing that comes back is believed."""

import re

from agent.conversations import Conversations
from agent.types import Event, EventType
from connectors.slack.questions import Asked
from connectors.slack.threads import Thread
from connectors.slack.workspaces import Workspace

_NAMED = re.compile(r"(\w{1,64})((?: -?[0-9]{1,9}){1,2})", re.ASCII)


def named_in(value: str) -> tuple[str, list[int]] | None:
    """The conversation and the one or two numbers that a button names; None where it has not the form of ours.

    Whatever else comes back is not asked for in the store, which would fail on it again and again.
    """
    found = _NAMED.fullmatch(value)
    return (found[1], [int(number) for number in found[2].split()]) if found else None


async def reply_at(conversations: Conversations, conversation_id: str, number: int) -> Event | None:
    """The reply that is the event of this number; None where it is none."""
    events = await conversations.events.read(conversation_id, number - 1)
    if not events or events[0].n != number or events[0].type is not EventType.REPLY_COMPLETED:
        return None
    return events[0]


def as_written(workspace: Workspace, thread: Thread, id: str, text: str) -> Asked:
    """What who asked has chosen or filled in, as if they had written it in the thread."""
    return Asked(
        workspace=workspace,
        channel=thread.channel,
        thread=thread.thread,
        id=id,
        user=thread.asker,
        text=text,
        surface=thread.surface,
        response_url=thread.response_url,
    )
