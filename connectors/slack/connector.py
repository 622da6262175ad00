"""Slack, whole: what it tells is kept, handled in order, and answered; the same behind Socket Mode and HTTP."""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackClientError
from sqlalchemy.exc import SQLAlchemyError

from agent.conversations import Conversations
from agent.settings.web import UploadSettings
from connectors.slack.accounts import SlackAccounts, UserTokens
from connectors.slack.answers import Pace
from connectors.slack.app import ENDINGS, slack_app
from connectors.slack.blocks.home import HomeView
from connectors.slack.blocks.prompts import PromptRule
from connectors.slack.blocks.sealing import Seal
from connectors.slack.buttons import Buttons
from connectors.slack.choosing import Choosing
from connectors.slack.delivery import Deliveries
from connectors.slack.files import FilesIn
from connectors.slack.forms import Forms
from connectors.slack.inbox import Inbox, Item
from connectors.slack.people.acting import PeopleActing
from connectors.slack.people.joining import PeopleFirst
from connectors.slack.people.support import Locate, Support
from connectors.slack.posting import Posting
from connectors.slack.pressure import Pressure
from connectors.slack.prompting import Prompting
from connectors.slack.questions import Questions, gone
from connectors.slack.reacting import Allowed, Reacting
from connectors.slack.surfaces import Knowledge, Suggestions, Surfaces
from connectors.slack.telling import Telling
from connectors.slack.threads import Posts, Thread, Threads
from connectors.slack.workspaces import TRANSPORT, People, Tokens, Workspace, Workspaces, new_session

_LOG = logging.getLogger(__name__)
_LONGEST_PAUSE_S = 30.0
_AT_ONCE = 3  # places in which questions are taken up at once: what is told meanwhile must be acknowledged soon
_FORGET_S = 3600.0
_TRIES = 5  # of what neither the store's nor Slack's recovery will mend
_SAID = frozenset({"asked", "edited", "deleted"})

Handle = Callable[[Item, Workspace], Awaitable[None]]
TokensOver = Callable[[aiohttp.ClientSession], Tokens]


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How the connector works. settle_s: how long what is said in a thread is waited for, to be put in order;

    sweep_s: seconds between looks for what a dead process left; after left_s without being handled, an item is left;
    pause_s: before what failed is tried again, then twice as long each time;
    patience_s: how long a question waits at most for this process to keep up with what it is told.
    support: where people take over; it needs a seal for its buttons.
    user_tokens: of people who let the app read as them, which they do at connect_url; None where nothing is read so.
    """

    home: HomeView
    api_url: str = "https://slack.com/api/"
    settle_s: float = 0.1
    sweep_s: float = 2.0
    left_s: float = 5.0
    pause_s: float = 0.5
    patience_s: float = 0.5
    pace: Pace = field(default_factory=Pace)
    uploads: UploadSettings = field(default_factory=UploadSettings)
    suggestions: Suggestions = lambda language: ()
    knowledge: Knowledge | None = None
    editors: Sequence[str] = ()
    support: Locate | None = None
    prompts: Sequence[PromptRule] = ()
    seal: Seal | None = None
    reactions: Allowed = field(default_factory=dict)
    user_tokens: UserTokens | None = None
    connect_url: str = ""


class SlackConnector:
    """A running connector. app: what Socket Mode and HTTP mode hand requests to."""

    def __init__(
        self, conversations: Conversations, tokens: Tokens, session: aiohttp.ClientSession, options: Options
    ) -> None:
        engine = conversations.engine
        self._conversations = conversations
        self._options = options
        self._inbox, self._threads, self._posts = Inbox(engine), Threads(engine), Posts(engine)
        self._workspaces = Workspaces(tokens, options.api_url, session)
        people = People()
        self._reacting = Reacting(options.reactions, conversations.picker)
        self._deliveries = Deliveries(
            conversations, self._threads, self._telling, gone=self._forget, sweep_s=options.sweep_s
        )
        self._accounts: SlackAccounts | None = None
        if options.user_tokens is not None:
            self._accounts = SlackAccounts(self._threads, options.user_tokens, options.connect_url)
            conversations.accounts.add(self._accounts)
        surfaces = Surfaces(
            conversations,
            self._threads,
            people,
            accounts=self._accounts,
            suggestions=options.suggestions,
            home=options.home,
            knowledge=options.knowledge,
            editors=options.editors,
            prompts=options.prompts,
        )
        questions = Questions(
            conversations,
            self._inbox,
            self._threads,
            self._posts,
            people,
            FilesIn(conversations, options.uploads, session),
            wake=self._deliveries.wake,
        )
        prompting = Prompting(questions, people)
        forms = Forms(conversations, self._threads, questions)
        self._support: Support | None = None
        said: Questions | PeopleFirst = questions
        with_people: dict[str, Handle] = {}
        if options.support is not None and options.seal is not None:
            self._support = Support(
                conversations, self._workspaces, options.seal, options.support, sweep_s=options.sweep_s / 2
            )
            acting = PeopleActing(conversations, self._support.desks, people, options.seal)
            said = PeopleFirst(acting, questions, self._threads, self._workspaces)
            with_people = {"people": acting.pressed}
        desks = self._support.desks if self._support else None
        buttons = Buttons(conversations, self._threads, people, session, desks)
        self._handlers: Mapping[str, Handle] = {
            "asked": said.asked,
            "edited": said.edited,
            "deleted": said.deleted,
            **with_people,
            "agent_session_stopped": questions.stopped,
            "command": questions.command,
            "shortcut": questions.shortcut,
            "feedback": buttons.feedback,
            "prompt": prompting.pressed,
            "choice": Choosing(conversations, self._threads, questions).chosen,
            "form": forms.sent,
            "share": buttons.share,
            "app_home_opened": surfaces.opened,
            "app_context_changed": surfaces.looks_at,
            "link_shared": surfaces.linked,
            "article": surfaces.added,
        }
        self.app: AsyncApp = slack_app(self._workspaces, surfaces, forms, prompting, self._take)
        self._handling = asyncio.Semaphore(_AT_ONCE)
        self._pressure = Pressure(options.patience_s)
        self._rung: set[str] = set()
        self._failures: Counter[str] = Counter()
        self._workers: dict[str, asyncio.Task[None]] = {}
        self._chores: list[asyncio.Task[None]] = []

    @classmethod
    @asynccontextmanager
    async def open(
        cls, conversations: Conversations, tokens: TokensOver, options: Options
    ) -> AsyncIterator["SlackConnector"]:
        """A running connector; what an earlier process left is gone on with at once."""
        async with new_session() as session:
            connector = cls(conversations, tokens(session), session, options)
            await connector._deliveries.start()
            if connector._support:
                await connector._support.start()
            connector._chores = [
                asyncio.create_task(work)
                for work in (connector._sweep(), connector._tidy(), connector._pressure.watch())
            ]
            try:
                yield connector
            finally:
                await connector._shut_down()

    async def _shut_down(self) -> None:
        tasks: list[asyncio.Task[Any]] = [*self._chores, *self._workers.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._support:
            await self._support.shut_down()
        await self._deliveries.shut_down()
        await self._inbox.close()

    async def _take(self, item: Item) -> None:
        """Keeps it, once, and sees to it that it is handled."""
        if await self._inbox.keep(item):
            self._ring(item.place, settle=item.kind in _SAID)

    def _ring(self, place: str, *, settle: bool = False) -> None:
        self._rung.add(place)
        worker = self._workers.get(place)
        if worker is None or worker.done():
            self._workers[place] = asyncio.create_task(self._work(place, self._options.settle_s if settle else 0))

    async def _work(self, place: str, settle_s: float) -> None:
        """Handles what waits in a place, in order, until nobody has rung meanwhile."""
        pause = self._options.pause_s
        try:
            while place in self._rung:
                await asyncio.sleep(settle_s)
                self._rung.discard(place)
                try:
                    async with self._handling if settle_s else nullcontext():
                        if settle_s:
                            await self._pressure.eased()
                        for item in await self._inbox.pending(place):
                            await self._handle_or_give_up(item)
                            await self._inbox.done(item.id)
                except Exception:  # noqa: BLE001 - the rim: the store or Slack fails; the item waits and is not forgotten
                    _LOG.exception("what Slack told cannot be handled; again in %.1f s", pause)
                    self._rung.add(place)
                    await asyncio.sleep(pause)
                    pause = min(pause * 2, _LONGEST_PAUSE_S)
        finally:
            if self._workers.get(place) is asyncio.current_task():
                del self._workers[place]

    async def _handle_or_give_up(self, item: Item) -> None:
        """Handles it. What fails otherwise than by the store or Slack would fail for ever, and hold up what comes after."""
        try:
            await self._handle(item)
        except (SQLAlchemyError, *TRANSPORT):
            raise
        except Exception:
            self._failures[item.id] += 1
            if self._failures[item.id] < _TRIES:
                raise
            _LOG.exception("given up: %s of %s cannot be handled", item.kind, item.team)
        self._failures.pop(item.id, None)

    async def _handle(self, item: Item) -> None:
        if item.kind in ENDINGS:
            if self._accounts is not None:
                for user in _revoked(item, "oauth"):
                    await self._accounts.forget(item.enterprise, item.team, user)
            if item.kind == "app_uninstalled" or _revoked(item, "bot"):
                await self._forget(item.enterprise, item.team)
            return
        if item.kind not in self._handlers:
            _LOG.warning("refused: %s of %s, as there is no support channel", item.kind, item.team)
            return
        workspace = await self._workspaces.of(item.enterprise, item.team)
        if workspace is None:
            _LOG.warning("dropped: workspace %s no longer has this app", item.team)
            return
        try:
            await self._handlers[item.kind](item, workspace)
        except (SlackClientError, *TRANSPORT):
            _LOG.warning("Slack failed while %s was handled", item.kind, exc_info=True)

    async def _forget(self, enterprise: str | None, team: str) -> None:
        """A workspace has taken the app away: nothing more is told or kept for it, what was said there stays a record."""
        _LOG.warning("workspace %s has taken this app away", team)
        await self._workspaces.forget(enterprise, team)
        await self._inbox.forget_team(team)
        if self._support:
            await self._support.desks.forget_team(team)
        for conversation_id in await self._threads.forget_team(team):
            await self._conversations.stop(conversation_id)

    async def _telling(self, thread: Thread) -> Telling | None:
        workspace = await self._workspaces.of(thread.enterprise, thread.team)
        if workspace is None:
            await self._forget(thread.enterprise, thread.team)
            return None
        return Telling(
            self._conversations,
            self._threads,
            self._posts,
            Posting(thread, workspace, self._posts),
            self._options.pace,
            reacting=self._reacting,
            is_gone=lambda ts: self._inbox.knows(gone(thread.team, thread.channel, ts)),
        )

    async def _sweep(self) -> None:
        """Looks for what a process that died has left."""
        while True:
            try:
                for place in await self._inbox.left(self._options.left_s):
                    if place not in self._workers:
                        self._ring(place)
            except Exception:  # noqa: BLE001 - the rim: a store that fails now is asked again
                _LOG.warning("looking for what was left failed", exc_info=True)
            await asyncio.sleep(self._options.sweep_s)

    async def _tidy(self) -> None:
        while True:
            try:
                await self._inbox.forget_old()
            except Exception:  # noqa: BLE001 - the rim: a store that fails now is asked again
                _LOG.warning("tidying up failed", exc_info=True)
            await asyncio.sleep(_FORGET_S)


def _revoked(item: Item, kind: str) -> Sequence[str]:
    """Whose tokens of a kind (`oauth` of people, `bot`) hold no longer."""
    tokens = item.data.get("tokens")
    users = tokens.get(kind) if isinstance(tokens, Mapping) else None
    return [str(user) for user in users] if isinstance(users, list | tuple) else []
