"""The Home tab: what Parley knows, the reader's recent conversations, the settings."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement, DividerBlock
from slack_sdk.models.views import View

from agent.types import Language
from connectors.slack.blocks.parts import context, header, raw_section
from connectors.slack.phrases import say
from connectors.slack.rendering import clip, escape
from connectors.slack.rendering.mrkdwn import link

PROMPT = "parley_prompt"
"""Action ids of questions to press begin so, and go on with `_` and a number; their values are the questions."""

ASK = "parley_ask"
"""Action id of the button that opens the form for a question of one's own."""

CONNECT = "parley_connect"
"""Action id of the button that leads to the page for connecting one's account; Slack tells that it was pressed."""

_BUTTON = 75
_VALUE = 2000
_TOPICS = 12
_RECENT = 8
_PROMPTS = 5
_TITLE = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Recent:
    """One of the reader's conversations. url: of the thread; "" where there is none."""

    title: str
    at: datetime
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AtHome:
    """What is shown. topics: titles or intents, most important first; settings: names and values, both for reading.

    connect: page on which the reader may let the app read as them, "" where they have; None where nothing is read so.
    """

    articles: int
    topics: Sequence[str] = ()
    recent: Sequence[Recent] = ()
    questions: Sequence[str] = ()
    settings: Sequence[tuple[str, str]] = ()
    connect: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeShown:
    """What is the same for all readers; settings: by language."""

    articles: int
    topics: Sequence[str]
    settings: Callable[[Language], Sequence[tuple[str, str]]]


HomeView = Callable[[Language, Sequence[str], Sequence[Recent], str | None], Mapping[str, Any]]
"""A reader's view, from their language, the questions to offer, their conversations, and where they may connect their account."""


def shown_home(known: HomeShown) -> HomeView:
    """Makes the view of each reader."""

    def view(
        language: Language, questions: Sequence[str], recent: Sequence[Recent], connect: str | None
    ) -> Mapping[str, Any]:
        shown = AtHome(
            articles=known.articles,
            topics=known.topics,
            recent=recent,
            questions=questions,
            settings=known.settings(language),
            connect=connect,
        )
        made: Mapping[str, Any] = home_view(shown, language).to_dict()
        return made

    return view


def recent_in(question: str, channel: str, thread: str) -> Recent:
    """A conversation by its first question. thread: its time stamp says when it began; a private answer's has none."""
    seconds = thread.partition(".")[0]
    at = datetime.fromtimestamp(int(seconds), UTC) if seconds.isdigit() else datetime.now(UTC)
    return Recent(title=question, at=at, url=f"https://slack.com/app_redirect?channel={channel}" if channel else "")


def home_view(shown: AtHome, language: Language) -> View:
    """The view that `views.publish` takes."""
    return View(
        type="home",
        blocks=[
            *_knows(shown, language),
            DividerBlock(),
            *_recent(shown.recent, language),
            *_connecting(shown.connect, language),
            DividerBlock(),
            *_settings(shown.settings, language),
        ],
    )


def _knows(shown: AtHome, language: Language) -> list[Block]:
    known = "home_articles" if shown.articles else "home_empty"
    blocks: list[Block] = [
        header(say("home_title", language)),
        raw_section(say(known, language, count=f"{shown.articles:,}")),
    ]
    if shown.topics:
        topics = ("、" if language == "zh" else ", ").join(
            escape(clip(topic, _TITLE)) for topic in shown.topics[:_TOPICS]
        )
        blocks.append(raw_section(f"*{say('home_topics', language)}*\n{topics}"))
    if shown.questions:
        buttons = [
            ButtonElement(text=clip(question, _BUTTON), action_id=f"{PROMPT}_{n}", value=clip(question, _VALUE))
            for n, question in enumerate(shown.questions[:_PROMPTS])
        ]
        blocks += [raw_section(f"*{say('prompts_title', language)}*"), ActionsBlock(elements=buttons)]
    ask = ButtonElement(text=say("home_ask", language), action_id=ASK, style="primary")
    return [*blocks, ActionsBlock(elements=[ask])]


def _recent(recent: Sequence[Recent], language: Language) -> list[Block]:
    blocks: list[Block] = [header(say("home_recent", language))]
    if not recent:
        return [*blocks, raw_section(say("home_no_recent", language))]
    lines = [f"• {link(one.url, clip(one.title, _TITLE))}  {_date(one.at)}" for one in recent[:_RECENT]]
    return [*blocks, raw_section("\n".join(lines))]


def _date(at: datetime) -> str:
    """In the reader's own time zone and way of writing."""
    return f"<!date^{int(at.timestamp())}^{{date_short_pretty}} {{time}}|{at:%Y-%m-%d %H:%M}>"


def _connecting(connect: str | None, language: Language) -> list[Block]:
    """Whether the reader lets the app read as them, or where they may."""
    if connect is None:
        return []
    told = raw_section(say("home_connect" if connect else "home_connected", language))
    button = ButtonElement(text=say("home_connect_open", language), action_id=CONNECT, url=connect)
    return [DividerBlock(), told, *([ActionsBlock(elements=[button])] if connect else [])]


def _settings(settings: Sequence[tuple[str, str]], language: Language) -> list[Block]:
    lines = [f"{escape(clip(name, _TITLE))}: {escape(clip(value, _TITLE))}" for name, value in settings]
    return [header(say("home_settings", language)), context("\n".join(lines) or "—")]
