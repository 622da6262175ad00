"""Buttons that people press under answers: verdicts reach the event log, a private answer is shared by who asked."""

import logging

import aiohttp
from slack_sdk.webhook.async_client import AsyncWebhookClient

from agent.conversations import Conversations
from agent.errors import CallerError
from agent.types import Event, EventType
from connectors.slack.beside import RESOLVED, mark, unmark
from connectors.slack.inbox import Item
from connectors.slack.people.desks import Desks
from connectors.slack.phrases import language_of, say
from connectors.slack.rendering import clip, escape
from connectors.slack.replies import named_in
from connectors.slack.showing import pages_of
from connectors.slack.threads import Thread, Threads, original
from connectors.slack.workspaces import People, Workspace

_LOG = logging.getLogger(__name__)


class Buttons:
    """What pressing does. Whoever presses must be where the answer stands; sharing is for the asker alone."""

    def __init__(
        self,
        conversations: Conversations,
        threads: Threads,
        people: People,
        session: aiohttp.ClientSession,
        desks: Desks | None = None,
    ) -> None:
        """desks: which colleague has taken a conversation over; None where none can."""
        self._desks = desks
        self._conversations = conversations
        self._people = people
        self._threads = threads
        self._session = session

    async def feedback(self, item: Item, workspace: Workspace) -> None:
        """A verdict on an answer."""
        found = await self._about(item)
        if found is None:
            return
        thread, n, value = found
        try:
            await self._conversations.feedback(thread.conversation_id, n, value)
        except CallerError as error:
            _LOG.warning("a verdict from Slack is about nothing: %s", error)
            return
        if item.text("user") in await self._whose(thread):
            await self._resolved(thread, n, workspace, value)
        person = await self._people.who(workspace, item.text("user"))
        await self._answer(item, say("thanks" if value > 0 else "sorry", person.language or "en"))

    async def _whose(self, thread: Thread) -> set[str]:
        """Whose word it is that settles a matter: that of who asked, or of the colleague who has taken it over."""
        desk = await self._desks.get(thread.conversation_id) if self._desks else None
        return {thread.asker, desk.holder or ""} if desk else {thread.asker}

    async def _resolved(self, thread: Thread, n: int, workspace: Workspace, value: int) -> None:
        """In a channel the others see by the question whether its answer was good."""
        events = await self._conversations.events.read(thread.conversation_id)
        asked = next((one for one in events if one.n == _asked(events, n)), None)
        if asked is not None:
            ts = original(str(asked.data.get("client_id", "")))
            await (mark if value > 0 else unmark)(thread, workspace, ts, RESOLVED)

    async def share(self, item: Item, workspace: Workspace) -> None:
        """Shows a private answer to the channel, as the asker wants it."""
        found = await self._about(item)
        if found is None:
            return
        thread, n, _ = found
        events = await self._conversations.events.read(thread.conversation_id)
        reply = next((event for event in events if event.n == n and event.type is EventType.REPLY_COMPLETED), None)
        question = _question(events, n) if reply else ""
        language = language_of(question)
        if thread.asker != item.text("user") or reply is None or reply.data.get("private"):
            _LOG.warning("refused: %s of %s pressed what only the asker may", item.text("user"), item.team)
            await self._answer(item, say("not_yours", language))
            return
        webhook = AsyncWebhookClient(item.text("response_url"), session=self._session)
        asked = say("asked", language, user=thread.asker, question=escape(clip(question, 1_000)))
        heading = {"type": "section", "text": {"type": "mrkdwn", "text": asked}}
        for number, page in enumerate(pages_of(reply.data, language, f"{thread.conversation_id} {n}")[:3]):
            blocks = [*([heading] if number == 0 else []), *page.blocks]
            await webhook.send(text=page.note, blocks=blocks, response_type="in_channel", replace_original=False)
        await webhook.send(delete_original=True)

    async def _about(self, item: Item) -> tuple[Thread, int, int] | None:
        """The conversation, the number and the verdict that a button names; None, logged, where it is not of this place."""
        named = named_in(item.text("value"))
        thread = await self._threads.get(named[0]) if named else None
        if named is None or thread is None or (thread.team, thread.channel) != (item.team, item.text("channel")):
            _LOG.warning(
                "refused: a button of another place, pressed by %s in %s of %s",
                item.text("user"),
                item.text("channel"),
                item.team,
            )
            return None
        n, *verdict = named[1]
        return thread, n, 1 if verdict == [] or verdict[0] > 0 else -1

    async def _answer(self, item: Item, text: str) -> None:
        if url := item.text("response_url"):
            webhook = AsyncWebhookClient(url, session=self._session)
            await webhook.send(text=text, response_type="ephemeral", replace_original=False)


def _asked(events: list[Event], n: int) -> int | None:
    """Number of the message that the reply n answers."""
    message = next((one.data.get("message") for one in events if one.n == n), None)
    return message if isinstance(message, int) else None


def _question(events: list[Event], n: int) -> str:
    asked = _asked(events, n)
    return next((str(one.data.get("text", "")) for one in events if one.n == asked), "")
