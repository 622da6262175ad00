"""What people do in a thread of the support channel: take over, write, send the suggested reply, give back, close."""

import asyncio
import hashlib
import logging
import re
from collections.abc import Awaitable, Callable
from functools import partial

from agent.conversations import Conversations
from agent.errors import CallerError, ConversationClosed, WrongState
from agent.learning.imports.slack_text import plain_slack
from agent.types import Language
from connectors.slack.blocks.sealing import ForeignPress, Press, Seal
from connectors.slack.inbox import Item
from connectors.slack.people.blocks import CLAIM, CLOSE, RETURN, SEND
from connectors.slack.people.cases import state_of
from connectors.slack.people.desks import Desk, Desks
from connectors.slack.people.telling import CLIENT, taken_back
from connectors.slack.phrases import language_of, say
from connectors.slack.rendering import escape
from connectors.slack.threads import is_about
from connectors.slack.workspaces import People, Workspace, courtesy, whisper

_LOG = logging.getLogger(__name__)
_ASIDE = "//"
_OPENS_S = (0.1, 0.3, 0.6, 1.0, 2.0)  # between looks
_LINK = re.compile(r"<(https?://[^<>|\s]+)\|([^<>]+)>")


class PeopleActing:
    """Each returns whether it was about a thread for people, so that nothing else need be done with it."""

    def __init__(self, conversations: Conversations, desks: Desks, people: People, seal: Seal) -> None:
        self._conversations = conversations
        self._colleagues = conversations.colleagues
        self._desks = desks
        self._people = people
        self._seal = seal

    async def pressed(self, item: Item, workspace: Workspace) -> None:
        """A button of the thread's first message."""
        user = item.text("user")
        try:
            press = self._seal.open(item.text("value"), team=item.team, user=user)
        except ForeignPress as error:
            _LOG.warning("refused: a button in %s of %s: %s", item.text("channel"), item.team, error)
            return
        desk = await self._desks.get(press.conversation)
        if desk is None or (desk.team, desk.channel) != (item.team, item.text("channel")):
            _LOG.warning("refused: %s of %s pressed a button of another channel", user, item.team)
            return
        person = await self._people.who(workspace, user)
        await self._do(press, desk, person.name or user, user, workspace, person.language or "en")

    async def _do(
        self, press: Press, desk: Desk, name: str, user: str, workspace: Workspace, language: Language
    ) -> None:
        one = desk.conversation_id
        steps: dict[str, Callable[[], Awaitable[None]]] = {
            CLAIM: partial(self._claim, desk, name, user),
            SEND: partial(self._send, desk, name, user),
            RETURN: partial(self._give_back, desk),
            CLOSE: partial(self._conversations.close, one),
        }
        try:
            await steps[press.what]()
        except KeyError:
            _LOG.warning("refused: a button of %s has no such step", desk.team)
        except CallerError as error:
            await self._tell(workspace, desk, user, await self._why(error, desk, language))

    async def _why(self, error: CallerError, desk: Desk, language: Language) -> str:
        state, colleague = state_of(await self._conversations.events.read(desk.conversation_id))
        if isinstance(error, ConversationClosed):
            return say("people_is_closed", language)
        if isinstance(error, WrongState) and state == "with":
            return say("people_taken", language, name=escape(colleague))
        return say("people_not_sent", language, reason=escape(str(error)))

    async def _claim(self, desk: Desk, name: str, user: str) -> None:
        await self._colleagues.accept(desk.conversation_id, name)
        await self._desks.held(desk.conversation_id, user)

    async def _send(self, desk: Desk, name: str, user: str) -> None:
        """Whoever sends it has taken over."""
        await self._claim(desk, name, user)
        once = f"suggested {hashlib.sha256(desk.suggested.encode()).hexdigest()[:16]}"
        await self._colleagues.reply(desk.conversation_id, desk.suggested, name, once)

    async def _give_back(self, desk: Desk) -> None:
        await self._colleagues.give_back(desk.conversation_id)
        await self._desks.held(desk.conversation_id, None)

    async def said(self, item: Item, workspace: Workspace) -> bool:
        """Somebody wrote in the thread: whoever took over writes to the customer."""
        desk = await self._desk_of(item)
        if desk is None:
            return False
        text, user = written(item.text("text")), item.text("user")
        if not text or text.startswith(_ASIDE):
            return True
        person = await self._people.who(workspace, user)
        language = person.language or language_of(text)
        state, colleague = state_of(await self._conversations.events.read(desk.conversation_id))
        name = person.name or user
        mine = desk.holder == user if desk.holder else colleague == name
        if state == "with" and mine:
            try:
                await self._colleagues.reply(desk.conversation_id, text, colleague, _client_id(item))
            except CallerError as error:
                await self._tell(workspace, desk, user, await self._why(error, desk, language))
        elif state == "with":
            await self._tell(workspace, desk, user, say("people_not_yours", language, name=escape(colleague)))
        else:
            unsent = "people_is_closed" if state == "closed" else "people_take_over_first"
            await self._tell(workspace, desk, user, say(unsent, language))
        return True

    async def _desk_of(self, item: Item) -> Desk | None:
        """What the thread is about. Somebody may write in it before Slack has confirmed that it is there."""
        for pause in _OPENS_S:
            desk = await self._desks.at(item.team, item.text("channel"), item.text("thread"))
            if desk is not None or not await self._desks.opening(item.team, item.text("channel")):
                return desk
            await asyncio.sleep(pause)
        return await self._desks.at(item.team, item.text("channel"), item.text("thread"))

    async def edited(self, item: Item, workspace: Workspace) -> bool:
        """A colleague changed what they wrote: the customer sees it so."""
        desk = await self._desks.at(item.team, item.text("channel"), item.text("thread"))
        if desk is None:
            return False
        text = written(item.text("text"))
        try:
            if text and not text.startswith(_ASIDE):
                await self._colleagues.change(desk.conversation_id, text, _client_id(item))
        except CallerError as error:
            user = item.text("user")
            language = (await self._people.who(workspace, user)).language or language_of(text)
            await self._tell(workspace, desk, user, await self._why(error, desk, language))
        return True

    async def deleted(self, item: Item, workspace: Workspace) -> bool:
        """A colleague took back what they wrote: the customer no longer sees it."""
        desk = await self._desks.at(item.team, item.text("channel"), item.text("thread"))
        if desk is None:
            return False
        try:
            await self._colleagues.take_back(desk.conversation_id, _client_id(item))
        except ConversationClosed:
            _LOG.info("a message was taken back after the conversation had ended")
        return True

    async def customer_took_back(
        self, conversation_id: str, ts: str, of: Callable[[Desk], Awaitable[Workspace | None]]
    ) -> None:
        """A customer in Slack deleted a message: the thread no longer shows it."""
        desk = await self._desks.get(conversation_id)
        workspace = await of(desk) if desk else None
        if desk is None or workspace is None:
            return
        for event in await self._conversations.events.read(conversation_id):
            if is_about(event, ts):
                shown = (await self._desks.post_of(conversation_id, event.n))[1]
                if shown:
                    blocks, text = taken_back(language_of(str(event.data.get("text", ""))))
                    update = partial(workspace.client.chat_update, channel=desk.channel, ts=shown)
                    await courtesy(partial(update, text=text, blocks=blocks))

    async def _tell(self, workspace: Workspace, desk: Desk, user: str, text: str) -> None:
        await whisper(workspace, user, text, channel=desk.channel, thread=desk.thread)


def written(text: str) -> str:
    """What somebody wrote in Slack, as Markdown: links stay links, people are not called."""
    return plain_slack(_LINK.sub(r"[\2](\1)", text)).strip()


def _client_id(item: Item) -> str:
    return f"{CLIENT} {item.team} {item.text('channel')} {item.text('ts')}"
