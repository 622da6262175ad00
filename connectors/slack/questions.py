"""What people ask in Slack becomes messages of conversations; what they change, take back or stop follows."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from agent.conversations import Beginning, Conversations, Customer
from agent.errors import ConversationClosed, InvalidMessage
from agent.types import Event, EventType, InboundMessage
from connectors.slack.files import FilesIn
from connectors.slack.inbox import Inbox, Item
from connectors.slack.phrases import language_of, say
from connectors.slack.reading import called_first, mentions, question_in
from connectors.slack.threads import Posts, Surface, Thread, Threads, is_about, original
from connectors.slack.workspaces import People, Workspace, courtesy, whisper

_LOG = logging.getLogger(__name__)
CHANNEL = "slack"
"""The channel of all messages from Slack."""

_ENDS = frozenset({EventType.REPLY_COMPLETED, EventType.TURN_FAILED, EventType.TURN_STOPPED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question, wherever it was asked. id: the same for the same question."""

    workspace: Workspace
    channel: str
    thread: str
    id: str
    user: str
    text: str
    surface: Surface
    response_url: str = ""
    files: tuple[str, ...] = ()


class Questions:
    """Takes questions into conversations. wake: sees to it that Slack is told what happens in one."""

    def __init__(
        self,
        conversations: Conversations,
        inbox: Inbox,
        threads: Threads,
        posts: Posts,
        people: People,
        files: FilesIn,
        *,
        wake: Callable[[str], None],
    ) -> None:
        self._conversations = conversations
        self._inbox = inbox
        self._threads = threads
        self._posts = posts
        self._people = people
        self._files = files
        self._wake = wake

    async def asked(self, item: Item, workspace: Workspace) -> None:
        """A message in a direct conversation or a thread, or one that calls the app."""
        channel, thread, text = item.text("channel"), item.text("thread"), item.text("text")
        direct, called = bool(item.data.get("direct")), bool(item.data.get("called"))
        known = await self._threads.find(item.team, channel, thread)
        first = called_first(text)
        if not direct and not called and not mentions(text, workspace.bot_user) and (known is None or first):
            return  # not for us: nobody asked us into this thread, or it begins with somebody else's name
        if await self._inbox.knows(gone(item.team, channel, item.text("ts"))):
            return
        question = question_in(text, workspace.bot_user)
        if not question and not item.data.get("files"):
            if called:
                await self._explain(item, workspace)
            return
        await self.take(_asked(item, workspace, question, item.text("ts")), files=item.data.get("files"))

    async def edited(self, item: Item, workspace: Workspace) -> None:
        """A question was changed: it is asked again, and its answer takes the place of the earlier one."""
        known = await self._threads.find(item.team, item.text("channel"), item.text("thread"))
        question = question_in(item.text("text"), workspace.bot_user)
        if known is None or not question:
            if item.data.get("direct") and question:  # told before the message itself
                await self.take(_asked(item, workspace, question, item.text("ts")))
            return
        ts = item.text("ts")
        events = await self._conversations.events.read(known.conversation_id)
        messages = [event for event in events if is_about(event, ts)]
        if not messages:
            if item.data.get("direct"):
                await self.take(_asked(item, workspace, question, ts))
            return
        if str(messages[-1].data.get("text")) == question:
            return
        if _running(events) in {event.n for event in messages}:
            await self._conversations.stop(known.conversation_id)
        await self.take(_asked(item, workspace, question, f"{ts}/{item.text('edited')}"))

    async def deleted(self, item: Item, workspace: Workspace) -> None:
        """A question was taken back: it is no longer answered, and what was answered goes, too."""
        channel, ts = item.text("channel"), item.text("ts")
        await self._inbox.mark(gone(item.team, channel, ts), item.team)
        known = await self._threads.find(item.team, channel, item.text("thread"))
        if known is None:
            return
        events = await self._conversations.events.read(known.conversation_id)
        numbers = {event.n for event in events if is_about(event, ts)}
        if _running(events) in numbers:
            await self._conversations.stop(known.conversation_id)
        for post in await self._posts.all_of(known.conversation_id):
            if post.done and post.ts and original(post.question) == ts:
                await courtesy(partial(workspace.client.chat_delete, channel=channel, ts=post.ts))

    async def stopped(self, item: Item, workspace: Workspace) -> None:
        """Somebody pressed the stop button of the session."""
        channel, thread = item.text("channel"), item.text("thread")
        known = await self._threads.find(item.team, channel, thread)
        if known is None or not await self._conversations.stop(known.conversation_id):
            await courtesy(
                lambda: workspace.client.agents_sessions_setStatus(
                    channel_id=channel, thread_ts=thread, status="active"
                )
            )

    async def command(self, item: Item, workspace: Workspace) -> None:
        """A slash command: the answer is for who asked, alone."""
        await self.take(
            Asked(
                workspace=workspace,
                channel=item.text("channel_id"),
                thread=item.id,
                id=item.id,
                user=item.text("user_id"),
                text=question_in(item.text("text"), workspace.bot_user),
                surface=Surface.PRIVATE,
                response_url=item.text("response_url"),
            )
        )

    async def shortcut(self, item: Item, workspace: Workspace) -> None:
        """ "Answer this" on somebody's message: the answer comes into its thread."""
        channel = item.text("channel")
        await self.take(
            Asked(
                workspace=workspace,
                channel=channel,
                thread=item.text("thread"),
                id=item.text("ts"),
                user=item.text("user"),
                text=question_in(item.text("text"), workspace.bot_user),
                surface=Surface.DIRECT if channel.startswith("D") else Surface.CHANNEL,
                response_url=item.text("response_url"),
            )
        )

    async def take(self, asked: Asked, files: object = None) -> None:
        """Puts a question into its conversation, which begins with it where there is none yet."""
        thread = await self._thread_of(asked)
        fetched = await self._files.fetch(asked.workspace, thread.conversation_id, files)
        unread = fetched.refused
        try:
            if asked.text or fetched.ids or not unread:
                await self._receive(thread, replace(asked, files=fetched.ids))
        except ConversationClosed:
            await self._threads.remove(thread.conversation_id)
            await self.take(asked, files)
            return
        except InvalidMessage as error:
            _LOG.info("a message from Slack cannot be taken: %s", error)
            unread = "too_long" if asked.text else "no_text"
        if unread:
            await self._say_unread(asked, unread)

    async def _say_unread(self, asked: Asked, why: str) -> None:
        """Tells who wrote that their message, or a file of it, was not read."""
        person = await self._people.who(asked.workspace, asked.user)
        language = language_of(asked.text) if asked.text else person.language or "en"
        text = say(why, language, most=self._files.most_megabytes)
        thread = asked.thread if asked.surface is not Surface.PRIVATE else None
        await whisper(asked.workspace, asked.user, text, channel=asked.channel, thread=thread)

    async def _receive(self, thread: Thread, asked: Asked) -> None:
        await self._conversations.receive(
            InboundMessage(
                conversation_id=thread.conversation_id,
                channel=CHANNEL,
                channel_message_id=asked.id,
                text=asked.text,
                customer_id=_customer(asked),
                files=asked.files,
            )
        )
        self._wake(thread.conversation_id)

    async def _thread_of(self, asked: Asked) -> Thread:
        team = asked.workspace.team
        found = await self._threads.find(team, asked.channel, asked.thread)
        if found is not None:
            return found
        person = await self._people.who(asked.workspace, asked.user)
        customer = Customer(id=_customer(asked), name=person.name)
        conversation_id, _ = await self._conversations.create(
            CHANNEL, beginning=Beginning(customer=customer, language=person.language)
        )
        thread = Thread(
            conversation_id=conversation_id,
            team=team,
            enterprise=asked.workspace.enterprise,
            channel=asked.channel,
            thread=asked.thread,
            surface=asked.surface,
            asker=asked.user,
            response_url=asked.response_url,
        )
        if await self._threads.add(thread):
            return thread
        await self._conversations.close(conversation_id)  # another process was first
        first = await self._threads.find(team, asked.channel, asked.thread)
        if first is None:
            raise ConversationClosed("This thread was removed just now; write again.")
        return first

    async def _explain(self, item: Item, workspace: Workspace) -> None:
        """The app was called by name alone."""
        person = await self._people.who(workspace, item.text("user"))
        text = say("ask", person.language or "en")
        await courtesy(
            lambda: workspace.sure.chat_postMessage(
                channel=item.text("channel"), thread_ts=item.text("thread"), text=text
            )
        )


def gone(team: str, channel: str, ts: str) -> str:
    """The mark on a message that was taken back."""
    return f"gone {team} {channel} {ts}"


def _asked(item: Item, workspace: Workspace, question: str, id: str) -> Asked:
    return Asked(
        workspace=workspace,
        channel=item.text("channel"),
        thread=item.text("thread"),
        id=id,
        user=item.text("user"),
        text=question,
        surface=Surface.DIRECT if item.data.get("direct") else Surface.CHANNEL,
    )


def customer_of(team: str, user: str) -> str:
    """The customer's id of somebody in a workspace."""
    return f"{CHANNEL}:{team}:{user}"


def _customer(asked: Asked) -> str:
    return customer_of(asked.workspace.team, asked.user)


def _running(events: list[Event]) -> int:
    """Number of the message that is being answered; 0 where none is."""
    for event in reversed(events):
        if event.type in _ENDS:
            return 0
        if event.type is EventType.TURN_STARTED:
            message = event.data.get("message")
            return message if isinstance(message, int) else 0
    return 0
