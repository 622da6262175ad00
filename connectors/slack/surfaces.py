"""The app's own places in Slack: its home, its messages, previews of articles, and what is added to the knowledge."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from slack_sdk.errors import SlackClientError

from agent.conversations import Conversations
from agent.types import EventType, Language
from connectors.slack.accounts import SlackAccounts
from connectors.slack.blocks.home import HomeView, Recent, recent_in
from connectors.slack.blocks.prompts import PromptRule, prompts_for
from connectors.slack.inbox import Item
from connectors.slack.phrases import say
from connectors.slack.reading import question_in
from connectors.slack.rendering import clip, escape
from connectors.slack.showing import Block
from connectors.slack.threads import Threads
from connectors.slack.workspaces import People, Person, Workspace, courtesy, error_name
from knowledge.errors import KnowledgeError

_LOG = logging.getLogger(__name__)
_RECENT = 5
_PREVIEW = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """An article of the knowledge."""

    title: str
    text: str


class Knowledge(Protocol):
    """What the surfaces need to know of the knowledge."""

    async def article(self, url: str) -> Article | None:
        """The article at an address; None where the public may not read one there."""
        ...

    async def add(self, title: str, text: str, source: str) -> None:
        """Takes a text into the knowledge. Raises KnowledgeError, saying why, where it cannot."""
        ...


Suggestions = Callable[[Language], Sequence[str]]


class Surfaces:
    """What is shown beside conversations. editors: ids of the people who may add to the knowledge."""

    def __init__(
        self,
        conversations: Conversations,
        threads: Threads,
        people: People,
        *,
        suggestions: Suggestions,
        home: HomeView,
        knowledge: Knowledge | None,
        editors: Sequence[str],
        prompts: Sequence[PromptRule] = (),
        accounts: SlackAccounts | None = None,
    ) -> None:
        self._accounts = accounts
        self._conversations = conversations
        self._threads = threads
        self._people = people
        self._suggestions = suggestions
        self._home = home
        self._knowledge = knowledge
        self._editors = frozenset(editors)
        self._prompts = prompts

    async def opened(self, item: Item, workspace: Workspace) -> None:
        """Somebody opened the app: suggestions over its messages, or its home."""
        user = item.text("user")
        person = await self._people.who(workspace, user)
        language = person.language or "en"
        suggestions = self._suggestions(language)
        if item.text("tab") == "messages":
            await self._suggest(item, workspace, person, suggestions)
            return
        recent = await self._recent(item.team, user)
        connect = await self._accounts.page_for(item.enterprise, item.team, user) if self._accounts else None
        view = self._home(language, suggestions, recent, connect)
        await courtesy(lambda: workspace.client.views_publish(user_id=user, view=dict(view)))

    async def looks_at(self, item: Item, workspace: Workspace) -> None:
        """Somebody goes to another channel with the app's messages beside it: other suggestions may fit there."""
        if item.text("user") and item.text("channel") and any(rule.channels for rule in self._prompts):
            person = await self._people.who(workspace, item.text("user"))
            await self._suggest(item, workspace, person, self._suggestions(person.language or "en"))

    async def _suggest(self, item: Item, workspace: Workspace, person: Person, usual: Sequence[str]) -> None:
        """The suggestions over the app's messages."""
        language, channel = person.language or "en", [item.text("channel"), item.text("viewing")]
        prompts = prompts_for(self._prompts, usual, channel=channel, role=person.role, language=language)
        if prompts:
            await courtesy(
                lambda: workspace.client.assistant_threads_setSuggestedPrompts(
                    channel_id=item.text("channel"), prompts=prompts, title=say("prompts", language)
                )
            )

    async def _recent(self, team: str, user: str) -> list[Recent]:
        found = []
        for thread in await self._threads.of_asker(team, user, _RECENT):
            events = await self._conversations.events.read(thread.conversation_id)
            asked = next((event for event in events if event.type is EventType.MESSAGE_RECEIVED), None)
            if asked is not None:
                found.append(recent_in(str(asked.data.get("text", "")), thread.channel, thread.thread))
        return found

    async def linked(self, item: Item, workspace: Workspace) -> None:
        """Somebody wrote the address of an article: it is previewed."""
        links = item.data.get("links")
        if self._knowledge is None or not isinstance(links, Sequence):
            return
        unfurls: dict[str, dict[str, list[Block]]] = {}
        for url in links:
            article = await self._knowledge.article(str(url))
            if article is not None:
                text = f"*{escape(article.title)}*\n{escape(clip(article.text, _PREVIEW))}"
                unfurls[str(url)] = {"blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": text}}]}
        if unfurls:
            here = not item.text("unfurl_id")
            await courtesy(
                lambda: workspace.client.chat_unfurl(
                    unfurls=unfurls,
                    unfurl_id=item.text("unfurl_id") or None,
                    source=None if here else item.text("source"),
                    channel=item.text("channel") if here else None,
                    ts=item.text("ts") if here else None,
                )
            )

    def may_edit(self, user: str) -> bool:
        """Whether somebody may add to the knowledge."""
        return self._knowledge is not None and user in self._editors

    async def offer(self, body: Mapping[str, Any], workspace: Workspace, callback_id: str) -> None:
        """Opens the form for a new article, with what the message says; the trigger holds for three seconds."""
        user = str(body["user"]["id"])
        language = (await self._people.who(workspace, user)).language or "en"
        text = question_in(str((body.get("message") or {}).get("text") or ""), workspace.bot_user)
        view = article_form(text, language, callback_id) if self.may_edit(user) else notice(say("not_editor", language))
        await open_form(body, workspace, view)

    async def added(self, item: Item, workspace: Workspace) -> None:
        """The form came back."""
        user = item.text("user")
        if self._knowledge is None or not self.may_edit(user):
            _LOG.warning("refused: %s of %s may not add to the knowledge", user, item.team)
            return
        language = (await self._people.who(workspace, user)).language or "en"
        try:
            await self._knowledge.add(item.text("title"), item.text("text"), f"slack:{item.team}:{item.id}")
            answer = say("added", language)
        except KnowledgeError as error:
            _LOG.warning("an article from Slack cannot be added: %s", error)
            answer = say("not_added", language, reason=escape(str(error)))
        await courtesy(partial(workspace.sure.chat_postMessage, channel=user, text=answer))


async def open_form(body: Mapping[str, Any], workspace: Workspace, view: Mapping[str, Any]) -> None:
    """Shows a form to who pressed; where its trigger holds no longer, they press again."""
    try:
        await workspace.client.views_open(trigger_id=str(body["trigger_id"]), view=dict(view))
    except SlackClientError as error:
        _LOG.warning("a form could not be opened in Slack: %s", error_name(error) or error)


def article_form(text: str, language: Language, callback_id: str) -> dict[str, Any]:
    """A modal with a title and a text."""

    def field(block: str, label: str, value: str, *, long: bool) -> dict[str, Any]:
        element = {"type": "plain_text_input", "action_id": "value", "multiline": long, "max_length": 3_000}
        if value:
            element["initial_value"] = value[:3_000]
        return {"type": "input", "block_id": block, "label": _plain(label), "element": element}

    first_line = text.strip().partition("\n")[0][:100]
    blocks = [
        field("title", say("article_title", language), first_line, long=False),
        field("text", say("article_text", language), text, long=True),
    ]
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": _plain(say("article_form", language)),
        "submit": _plain(say("article_add", language)),
        "blocks": blocks,
    }


def question_form(language: Language, callback_id: str) -> dict[str, Any]:
    """A modal with a question."""
    element = {"type": "plain_text_input", "action_id": "value", "multiline": True, "max_length": 3_000}
    field = {"type": "input", "block_id": "question", "label": _plain(say("home_ask_label", language))}
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": _plain(say("home_ask", language)),
        "submit": _plain(say("submit", language)),
        "close": _plain(say("cancel", language)),
        "blocks": [{**field, "element": element}],
    }


def notice(text: str) -> dict[str, Any]:
    """A modal that says one thing."""
    section = {"type": "section", "text": {"type": "mrkdwn", "text": text}}
    return {"type": "modal", "title": _plain("Parley"), "blocks": [section]}


def _plain(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}
