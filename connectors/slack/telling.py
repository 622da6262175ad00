"""Tells one thread what happens in its conversation, event by event."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from slack_sdk.errors import SlackClientError

from agent.conversations import Conversations
from agent.types import Event, EventType, Language
from connectors.slack.answers import Answer, Pace, PrivateAnswer, ShownAnswer
from connectors.slack.beside import Beside
from connectors.slack.blocks.tasks import task_of
from connectors.slack.people.cases import state_of
from connectors.slack.phrases import language_of, say
from connectors.slack.posting import Posting, Undeliverable, refusal
from connectors.slack.reacting import Reacting
from connectors.slack.rendering import quiet
from connectors.slack.showing import Page
from connectors.slack.threads import Post, Posts, Surface, Threads, original

_LOG = logging.getLogger(__name__)
_IDLE_S = 0.5  # how long a thread in which nothing is under way is listened to
_PATIENCE_S = 120.0  # how long one is where nothing comes, as while a colleague is with the customer
_CORRECTS = frozenset({EventType.MESSAGE_CHANGED, EventType.MESSAGE_DELETED})
_COMES_AND_GOES = {
    EventType.HANDOFF_ACCEPTED: "people_joined",
    EventType.HANDOFF_CLOSED: "people_left",
    EventType.CONVERSATION_CLOSED: "people_ended",
}
_OUTSIDE = frozenset({"not_in_channel", "channel_not_found"})
_ENDS = frozenset({EventType.REPLY_COMPLETED, EventType.TURN_FAILED, EventType.TURN_STOPPED})


class Telling:
    """From the last event told to the last there is, and on while a turn is under way."""

    def __init__(
        self,
        conversations: Conversations,
        threads: Threads,
        posts: Posts,
        posting: Posting,
        pace: Pace,
        *,
        reacting: Reacting,
        is_gone: Callable[[str], Awaitable[bool]],
    ) -> None:
        """is_gone: whether the question with this time stamp was taken back."""
        self._conversations = conversations
        self._events = conversations.events
        self._is_gone_question = is_gone
        self._asked = self._said = ""
        self._language: Language = "en"
        self._threads = threads
        self._posts = posts
        self._posting = posting
        self._pace = pace
        self._thread = posting.thread
        self._beside = Beside(posting.thread, posting.workspace, reacting)
        self._question = ""  # as it was understood
        self._answer: Answer | None = None
        self._of = 0  # number of the message that is being answered
        self._waiting = 0
        self._told = self._noted = self._thread.delivered_n

    async def run(self) -> None:
        """Returns when there is nothing more to tell now."""
        events = self._events.follow(self._thread.conversation_id, self._thread.delivered_n)
        upcoming = asyncio.ensure_future(anext(events))
        try:
            while True:
                done, _ = await asyncio.wait({upcoming}, timeout=self._patience())
                if not done:
                    if not await self._flush():
                        await self._note()
                        return
                    continue
                try:
                    event = upcoming.result()
                except StopAsyncIteration:
                    return
                upcoming = asyncio.ensure_future(anext(events))
                await self._tell(event)
        finally:
            upcoming.cancel()
            await asyncio.gather(upcoming, return_exceptions=True)
            await self._beside.close()
            await events.aclose()  # type: ignore[attr-defined]

    def _patience(self) -> float:
        if self._answer is None:
            return _PATIENCE_S if self._waiting else _IDLE_S
        due = self._answer.due_in()
        return _PATIENCE_S if due is None else due

    async def _flush(self) -> bool:
        """Tells what is due; False where nothing is, and nothing will be soon."""
        if self._answer is None or self._answer.due_in() is None:
            return False
        await self._safely(self._answer.flush)
        return True

    async def _tell(self, event: Event) -> None:
        if event.type is EventType.MESSAGE_RECEIVED:
            self._waiting += 1
            self._beside.received(event)
        elif event.type is EventType.TURN_STARTED:
            await self._start(event)
        elif event.type is EventType.MESSAGE_AGENT:
            await self._safely(lambda: self._say(event))
        elif event.type in _CORRECTS or event.type in _COMES_AND_GOES:
            await self._safely(lambda: self._of_people(event))
        elif self._answer is not None:
            await self._go_on(event, self._answer)
        if event.type is EventType.CONVERSATION_CLOSED:
            self._beside.closed()
        if event.type is EventType.TOOL_COMPLETED:
            self._beside.settled()
        if event.type in _ENDS:
            self._answer, self._waiting = None, max(0, self._waiting - 1)
        if self._answer is None:  # while an answer is under way, another process would have to begin with it
            self._told = event.n
            if event.type is not EventType.MESSAGE_RECEIVED:
                await self._note()

    async def _note(self) -> None:
        if self._told > self._noted:
            self._noted = self._told
            await self._threads.delivered(self._thread.conversation_id, self._told)

    async def _start(self, event: Event) -> None:
        message = _number(event, "message")
        if self._answer is not None and self._of == message:
            await self._safely(self._answer.take_back)  # its process has died, and the turn begins again
            return
        said = (await self._events.read(self._thread.conversation_id, message - 1))[0]
        text, asked = str(said.data.get("text", "")), str(said.data.get("client_id", ""))
        self._of, self._asked, self._said, self._language = message, asked, text, language_of(text)
        answer = self._answer = await self._new_answer(str(message), asked)
        if await self._is_gone():
            await self._conversations.stop(self._thread.conversation_id)
        else:
            await self._safely(lambda: answer.begin(text))

    async def _is_gone(self) -> bool:
        return await self._is_gone_question(original(self._asked))

    async def _new_answer(self, key: str, asked: str) -> Answer:
        if self._thread.surface is Surface.PRIVATE:
            return PrivateAnswer(self._posting, key, asked, self._language)
        answer = ShownAnswer(self._posting, key, asked, self._language, self._pace)
        if "/" in asked and (earlier := await self._earlier(key, asked)) is not None:
            answer.replace(earlier)
        return answer

    async def _earlier(self, key: str, asked: str) -> Post | None:
        """The message that answers the question as it was before it was changed."""
        posts = [
            post
            for post in await self._posts.all_of(self._thread.conversation_id)
            if original(post.question) == original(asked) and post.ts and post.key != key and "." not in post.key
        ]
        return posts[-1] if posts else None

    async def _go_on(self, event: Event, answer: Answer) -> None:
        match event.type:
            case EventType.TURN_UNDERSTOOD:
                self._question = str(event.data.get("question", ""))
                self._beside.understood(event, self._asked, self._said)
            case EventType.TURN_DECIDED | EventType.TURN_RETRIEVED:
                if (task := task_of(event, self._language)) is not None:
                    answer.work(task)
            case EventType.REPLY_DELTA if event.data.get("reset"):
                await self._safely(answer.take_back)
            case EventType.REPLY_DELTA:
                answer.add(str(event.data.get("text", "")))
            case EventType.REPLY_COMPLETED | EventType.TURN_FAILED | EventType.TURN_STOPPED if await self._is_gone():
                await self._safely(answer.vanish)
            case EventType.REPLY_COMPLETED:
                await self._safely(lambda: answer.finish(event.data, event.n))
                if self._of > 1:
                    events = await self._events.read(self._thread.conversation_id)
                    self._beside.answered(events, event.n, self._question)
            case EventType.TURN_FAILED:
                await self._safely(lambda: answer.finish(event.data, 0))
            case EventType.TURN_STOPPED:
                await self._safely(answer.stop)
            case _:
                pass

    async def _say(self, event: Event) -> None:
        """What a colleague wrote."""
        key = f"a{event.n}"
        if await self._posting.begun(key) is not None:
            return
        text = str(event.data.get("text", ""))
        page = _said_by(str(event.data.get("name", "")), text)
        await ShownAnswer(self._posting, key, "", language_of(text), self._pace).show(page)

    async def _of_people(self, event: Event) -> None:
        """People come and go, change what they wrote, and take it back."""
        if event.type in _CORRECTS:
            earlier = await self._posting.begun(f"a{event.data.get('event')}")
            if earlier is not None and earlier.ts:
                await self._correct(event, earlier.ts)
            return
        key = f"p{event.n}"
        if await self._posting.begun(key) is not None:
            return
        events = await self._events.read(self._thread.conversation_id)
        if event.type is EventType.HANDOFF_CLOSED and state_of([one for one in events if one.n < event.n])[0] != "with":
            return  # nobody had come
        customers = [str(one.data.get("text", "")) for one in events if one.type is EventType.MESSAGE_RECEIVED]
        language = language_of(customers[-1] if customers else "")
        text = say(_COMES_AND_GOES[event.type], language, name=str(event.data.get("name", "")))
        await ShownAnswer(self._posting, key, "", language, self._pace).show(Page(text=quiet(text)))

    async def _correct(self, event: Event, ts: str) -> None:
        client, channel = self._posting.workspace.client, self._thread.channel
        try:
            if event.type is EventType.MESSAGE_DELETED:
                await client.chat_delete(channel=channel, ts=ts)
                return
            events = await self._events.read(self._thread.conversation_id)
            said = next(one for one in events if one.n == event.data["event"])
            page = _said_by(str(said.data.get("name", "")), str(event.data.get("text", "")))
            await client.chat_update(channel=channel, ts=ts, text=page.note, blocks=page.blocks)
        except SlackClientError as error:
            raise refusal(error) from error

    async def _safely(self, call: Callable[[], Awaitable[object]]) -> None:
        """What Slack will never take is not tried for ever."""
        try:
            await call()
        except Undeliverable as error:
            if str(error) in _OUTSIDE:
                await self._posting.tell_asker(say("invite", self._language))
            _LOG.error("Slack does not take an answer in conversation %s: %s", self._thread.conversation_id, error)


def _said_by(person: str, text: str) -> Page:
    said = say("said_by", language_of(text), person=person, text=text) if person else text
    return Page(text=quiet(said))


def _number(event: Event, name: str) -> int:
    value = event.data.get(name)
    return value if isinstance(value, int) else 0
