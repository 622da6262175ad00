"""One answer while it comes about: streamed natively in direct messages, edited in place elsewhere, or told to one alone."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from slack_sdk.errors import SlackClientError
from slack_sdk.webhook.async_client import AsyncWebhookClient

from agent.types import JsonValue, Language
from connectors.slack.blocks.tasks import Task, task_block, task_chunk
from connectors.slack.phrases import say
from connectors.slack.posting import Posting, Undeliverable, refusal
from connectors.slack.rendering import Quieting, quiet
from connectors.slack.rendering.splitting import LIMIT
from connectors.slack.showing import Page, pages_of
from connectors.slack.threads import Post, Surface
from connectors.slack.workspaces import TRANSPORT, courtesy, error_name, is_unsure

_ROOM = 500  # characters kept free in a stream for what ends it
_MORE = " …"
_TITLE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Seconds between what Slack is told: before the first words, between pieces of a stream, between edits."""

    first_s: float = 0.15
    stream_s: float = 0.7
    edit_s: float = 1.2


class Answer(Protocol):
    """What the delivery tells, in the order in which it happens in the event log."""

    async def begin(self, question: str) -> None: ...

    def add(self, text: str) -> None: ...

    def work(self, task: Task) -> None:
        """What the turn does, beside the words."""
        ...

    async def take_back(self) -> None: ...

    def due_in(self) -> float | None:
        """Seconds until `flush` has something to tell; None where it has not."""
        ...

    async def flush(self) -> None: ...

    async def finish(self, reply: Mapping[str, JsonValue], n: int) -> None:
        """The whole reply. n: number of its event, by which it can be judged; 0 where it is none."""
        ...

    async def stop(self) -> None: ...

    async def vanish(self) -> None:
        """The question was taken back: nothing is shown of its answer."""
        ...


class ShownAnswer:
    """In a thread that others may see, too. key: what it shows; asked: time stamp of the question."""

    def __init__(self, posting: Posting, key: str, asked: str, language: Language, pace: Pace) -> None:
        self._posting = posting
        self._thread, self._client = posting.thread, posting.workspace.client
        self._key, self._asked, self._language, self._pace = key, asked, language, pace
        self._text = ""
        self._quieting = Quieting()
        self._told = 0  # characters of the text that Slack has
        self._tasks: dict[str, Task] = {}
        self._ts: str | None = None
        self._streams = posting.thread.surface is Surface.DIRECT
        self._open = False
        self._over = False
        self._next: float | None = None

    async def begin(self, question: str) -> None:
        """Shows that somebody is at it, and takes up what an earlier process began."""
        post = await self._posting.begun(self._key)
        if post is not None:
            self._over, self._ts, self._streams = post.done, post.ts, False
            self._open = not post.done and post.ts is not None and self._thread.surface is Surface.DIRECT
        if self._over:  # the earlier process may not have come to say so
            await courtesy(lambda: self._set_session("active"))
            return
        await courtesy(lambda: self._set_session("processing", question))
        await courtesy(self._set_status)

    def replace(self, post: Post) -> None:
        """Shows the answer in this message, whose question was changed."""
        self._ts, self._streams, self._open = post.ts, False, False

    def add(self, text: str) -> None:
        self._text += self._quieting.feed(text)
        self._schedule()

    def work(self, task: Task) -> None:
        self._tasks[task.id] = task

    async def take_back(self) -> None:
        """What was said does not hold: a stream cannot be unsaid, but a message can be edited."""
        self._text, self._told, self._quieting = "", 0, Quieting()
        if self._ts is not None:
            await self._close_stream()

    def due_in(self) -> float | None:
        if self._next is None or self._over:
            return None
        return max(0.0, self._next - _now())

    async def flush(self) -> None:
        self._next = None
        if self._over or self._told >= len(self._text):
            return
        if self._streams and len(self._text) < LIMIT - _ROOM:
            await self._stream()
        elif len(self._text) < LIMIT:
            tasks = tuple(task_block(task).to_dict() for task in self._tasks.values())
            await self._edit([Page(text=self._text + _MORE, tail=tasks)])
            self._told = len(self._text)
        self._schedule()

    async def finish(self, reply: Mapping[str, JsonValue], n: int) -> None:
        if self._over:
            return
        text = quiet(str(reply.get("text") or ""))
        pages = pages_of(reply, self._language, self._about(n))
        if self._streams and len(pages) == 1 and text.startswith(self._text[: self._told]):
            self._text = text
            await self._end_stream(pages[0])
        else:
            await self._edit(pages, done=True)
        self._over = True

    async def stop(self) -> None:
        """Somebody has stopped it: what was said stays."""
        if self._over:
            return
        said = self._text + self._quieting.end()
        page = Page(text=f"{said.rstrip()}\n\n{say('stopped', self._language)}".strip())
        await self._edit([page], done=True)
        self._over = True

    async def vanish(self) -> None:
        if self._ts is not None:
            await self._close_stream()
            await courtesy(lambda: self._client.chat_delete(channel=self._thread.channel, ts=str(self._ts)))
        await self._posting.note(Post(key=self._key, question=self._asked, ts=self._ts, done=True))
        await courtesy(lambda: self._set_session("active"))
        self._over = True

    async def show(self, page: Page) -> None:
        """A message that is whole from the beginning."""
        post = await self._post(self._key, page)
        await self._posting.note(Post(key=self._key, question=self._asked, ts=post.ts, done=True))

    def _schedule(self) -> None:
        if self._next is None and self._told < len(self._text):
            began = self._ts is not None
            wait = (self._pace.stream_s if self._streams else self._pace.edit_s) if began else self._pace.first_s
            self._next = _now() + wait

    def _about(self, n: int) -> str:
        return f"{self._thread.conversation_id} {n}" if n else ""

    async def _set_session(self, status: str, title: str = "") -> None:
        await self._client.agents_sessions_setStatus(
            channel_id=self._thread.channel,
            thread_ts=self._thread.thread,
            status=status,
            title=title[:_TITLE] or None,
            initiator_user_id=self._thread.asker if title else None,
        )

    async def _set_status(self) -> None:
        await self._client.assistant_threads_setStatus(
            channel_id=self._thread.channel,
            thread_ts=self._thread.thread,
            status=say("thinking", self._language),
            loading_messages=say("loading", self._language).split("\n"),
        )

    async def _stream(self) -> None:
        """Starts the stream, or goes on; one that cannot be is given up for a message that is edited."""
        piece = self._text[self._told :]
        if not self._open:
            await self._start_stream()
            return
        try:
            await self._posting.workspace.sure.chat_appendStream(
                channel=self._thread.channel, ts=str(self._ts), chunks=[_words(piece)]
            )
            self._told = len(self._text)
        except (SlackClientError, *TRANSPORT) as error:
            _streams_no_more(error)
            await self._close_stream()

    async def _start_stream(self) -> None:
        piece = self._text[self._told :]
        try:
            post = await self._posting.once(
                self._key,
                self._asked,
                lambda: self._posting.workspace.sure.chat_startStream(
                    channel=self._thread.channel,
                    thread_ts=self._thread.thread,
                    recipient_team_id=self._thread.team,
                    recipient_user_id=self._thread.asker,
                    chunks=[*map(_card, self._tasks.values()), *([_words(piece)] if piece else [])],
                ),
            )
        except SlackClientError as error:
            if error_name(error) != "ratelimited":
                raise
            self._streams = False
            return
        self._ts, self._open, self._told = post.ts, True, len(self._text)

    async def _end_stream(self, page: Page) -> None:
        if not self._open:
            await self._start_stream()
        if not self._open:  # no stream is to be had now
            await self._edit([page], done=True)
            return
        rest = self._text[self._told :]
        try:
            await self._posting.workspace.sure.chat_stopStream(
                channel=self._thread.channel,
                ts=str(self._ts),
                chunks=[*self._done(), *([_words(rest)] if rest else [])] or None,
                blocks=list(page.tail),
                metadata=self._posting.metadata(self._key),
                session_status="active",
            )
        except (SlackClientError, *TRANSPORT) as error:
            _streams_no_more(error)
            await self._close_stream()
            await self._edit([page], done=True)
            return
        await self._posting.note(Post(key=self._key, question=self._asked, ts=self._ts, done=True))

    def _done(self) -> list[dict[str, Any]]:
        """Whatever was still under way is done with the answer."""
        under_way = [task for task in self._tasks.values() if task.status == "in_progress"]
        return [_card(replace(task, status="complete")) for task in under_way]

    async def _close_stream(self) -> None:
        """From now on the message is edited."""
        if self._open:
            try:
                await self._client.chat_stopStream(channel=self._thread.channel, ts=str(self._ts))
            except (SlackClientError, *TRANSPORT) as error:
                _streams_no_more(error)
        self._open, self._streams, self._told = False, False, 0

    async def _edit(self, pages: Sequence[Page], *, done: bool = False) -> None:
        """The message says this now; further pages follow it."""
        await self._close_stream()
        if self._ts is None:
            self._ts = (await self._post(self._key, pages[0])).ts
        else:
            await self._update(str(self._ts), pages[0])
        for number, page in enumerate(pages[1:], 2):
            key = f"{self._key}.{number}"
            begun = await self._posting.begun(key)
            post = begun or await self._post(key, page)
            await self._posting.note(Post(key=key, question=self._asked, ts=post.ts, done=True))
        if done:
            await self._posting.note(Post(key=self._key, question=self._asked, ts=self._ts, done=True))
            await courtesy(lambda: self._set_session("active"))

    async def _update(self, ts: str, page: Page) -> None:
        try:
            await self._client.chat_update(
                channel=self._thread.channel,
                ts=ts,
                text=page.note,
                blocks=page.blocks,
                metadata=self._posting.metadata(self._key),
            )
        except SlackClientError as error:
            raise refusal(error) from error

    async def _post(self, key: str, page: Page) -> Post:
        return await self._posting.once(
            key,
            self._asked,
            lambda: self._posting.workspace.sure.chat_postMessage(
                channel=self._thread.channel,
                thread_ts=self._thread.thread,
                text=page.note,
                blocks=page.blocks,
                metadata=self._posting.metadata(key),
                unfurl_links=False,
            ),
        )


class PrivateAnswer:
    """For the asker alone, by the address that came with a command: told when it is whole, as nothing can be edited."""

    def __init__(self, posting: Posting, key: str, asked: str, language: Language) -> None:
        self._posting, self._key, self._asked, self._language = posting, key, asked, language
        self._over = False
        self._said = ""

    async def begin(self, question: str) -> None:
        begun = await self._posting.peek(self._key)
        self._over = begun is not None and begun.done

    def add(self, text: str) -> None:
        self._said += text

    def work(self, task: Task) -> None:
        """Nothing is shown of it."""

    async def take_back(self) -> None:
        self._said = ""

    def due_in(self) -> float | None:
        return None

    async def flush(self) -> None:
        """Nothing is told before the end."""

    async def finish(self, reply: Mapping[str, JsonValue], n: int) -> None:
        if not self._over:
            about = f"{self._posting.thread.conversation_id} {n}" if n else ""
            await self._tell(pages_of(reply, self._language, about, private=True))

    async def stop(self) -> None:
        if not self._over:
            await self._tell([Page(text=f"{quiet(self._said)}\n\n{say('stopped', self._language)}".strip())])

    async def vanish(self) -> None:
        self._over = True

    async def _tell(self, pages: Sequence[Page]) -> None:
        webhook = AsyncWebhookClient(self._posting.thread.response_url, session=self._posting.workspace.client.session)
        await self._posting.note(Post(key=self._key, question=self._asked))
        for page in pages[:4]:  # an address takes five answers
            answered = await webhook.send(text=page.note, blocks=page.blocks, response_type="ephemeral")
            if answered.status_code >= 500 or answered.status_code == 429:
                raise ConnectionError(f"response_url answered {answered.status_code}")
            if answered.status_code >= 400:
                raise Undeliverable(answered.body[:80])
        await self._posting.note(Post(key=self._key, question=self._asked, done=True))
        self._over = True


def _streams_no_more(error: Exception) -> None:
    """The stream is over, or may be, so that its message is edited. Raises what says anything else."""
    if error_name(error) != "message_not_in_streaming_state" and not is_unsure(error):
        raise refusal(error) from error


def _card(task: Task) -> dict[str, Any]:
    card: dict[str, Any] = task_chunk(task).to_dict()
    return card


def _words(text: str) -> dict[str, str]:
    return {"type": "markdown_text", "text": text}


def _now() -> float:
    return asyncio.get_running_loop().time()
