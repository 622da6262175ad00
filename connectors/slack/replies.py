"""What is done under a reply, by a button or a form: the reply is looked up in the log, as nothing that comes back is believed."""

from agent.conversations import Conversations
from agent.types import Event, EventType
from connectors.slack.questions import Asked
from connectors.slack.threads import Thread
from connectors.slack.workspaces import Workspace


async def reply_at(conversations: Conversations, conversation_id: str, number: str) -> Event | None:
    """The reply that is the event of this number; None where it is none."""
    if not number.isdigit():
        return None
    events = await conversations.events.read(conversation_id, int(number) - 1)
    if not events or events[0].n != int(number) or events[0].type is not EventType.REPLY_COMPLETED:
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
