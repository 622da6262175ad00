"""Short replies to press under a question back: who asked chooses one, and it is taken as if they had written it."""

import logging
from collections.abc import Sequence

from agent.conversations import Conversations
from connectors.slack.choices import choices_of
from connectors.slack.inbox import Item
from connectors.slack.phrases import language_of, say
from connectors.slack.questions import Questions
from connectors.slack.replies import as_written, named_in, reply_at
from connectors.slack.threads import Threads
from connectors.slack.workspaces import Workspace, whisper

_LOG = logging.getLogger(__name__)


class Choosing:
    """What pressing one does. It is for who asked, in the place where it was asked."""

    def __init__(self, conversations: Conversations, threads: Threads, questions: Questions) -> None:
        self._conversations = conversations
        self._threads = threads
        self._questions = questions

    async def chosen(self, item: Item, workspace: Workspace) -> None:
        """Takes the choice as a message; pressed again, it is the same one."""
        named = named_in(item.text("value"))
        thread = await self._threads.get(named[0]) if named else None
        if named is None or thread is None or (thread.team, thread.channel) != (item.team, item.text("channel")):
            _LOG.warning("refused: a choice of another place, pressed by %s of %s", item.text("user"), item.team)
            return
        choice = await self._choice(*named)
        if choice is None:
            _LOG.warning("refused: a choice that was not offered, pressed by %s of %s", item.text("user"), item.team)
            return
        if thread.asker != item.text("user"):
            _LOG.warning("refused: %s of %s pressed what only the asker may", item.text("user"), item.team)
            refusal = say("not_yours", language_of(choice))
            await whisper(workspace, item.text("user"), refusal, channel=thread.channel, thread=thread.thread)
            return
        pressed = f"{item.text('ts')}/{'-'.join(map(str, named[1]))}"
        await self._questions.take(as_written(workspace, thread, pressed, choice))

    async def _choice(self, conversation_id: str, numbers: Sequence[int]) -> str | None:
        if len(numbers) != 2:
            return None
        n, place = numbers
        reply = await reply_at(self._conversations, conversation_id, n)
        offered = choices_of(reply.data) if reply else []
        return offered[place] if 0 <= place < len(offered) else None
