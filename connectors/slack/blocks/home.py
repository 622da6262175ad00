"""The Home tab: what Parley knows, the reader's recent conversations, the settings."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement, DividerBlock
from slack_sdk.models.views import View

from agent.types import Language
from connectors.slack.blocks.parts import context, header, raw_section
from connectors.slack.phrases import say
from connectors.slack.rendering import clip, escape
from connectors.slack.rendering.mrkdwn import link

PROMPT = "parley_prompt"
"""Action id of a question to press; goes on with `_` and a number. Its value is the question."""

_TOPICS = 12
_RECENT = 8
_PROMPTS = 5
_TITLE = 80
_BUTTON = 75


@dataclass(frozen=True, slots=True, kw_only=True)
class Recent:
    """One of the reader's conversations. url: of the thread; "" where there is none."""

    title: str
    at: datetime
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AtHome:
    """What is shown. topics: titles or intents, most important first; settings: names and values, both for reading."""

    articles: int
    topics: Sequence[str] = ()
    recent: Sequence[Recent] = ()
    questions: Sequence[str] = ()
    settings: Sequence[tuple[str, str]] = field(default=())


def home_view(shown: AtHome, language: Language) -> View:
    """The view that `views.publish` takes."""
    return View(
        type="home",
        blocks=[
            *_knows(shown, language),
            DividerBlock(),
            *_recent(shown.recent, language),
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
        blocks.append(
            ActionsBlock(
                elements=[
                    ButtonElement(text=clip(question, _BUTTON), action_id=f"{PROMPT}_{n}", value=clip(question, 2000))
                    for n, question in enumerate(shown.questions[:_PROMPTS])
                ]
            )
        )
    return blocks


def _recent(recent: Sequence[Recent], language: Language) -> list[Block]:
    blocks: list[Block] = [header(say("home_recent", language))]
    if not recent:
        return [*blocks, raw_section(say("home_no_recent", language))]
    lines = [f"• {link(one.url, clip(one.title, _TITLE))}  {_date(one.at)}" for one in recent[:_RECENT]]
    return [*blocks, raw_section("\n".join(lines))]


def _date(at: datetime) -> str:
    """In the reader's own time zone and way of writing."""
    return f"<!date^{int(at.timestamp())}^{{date_short_pretty}} {{time}}|{at:%Y-%m-%d %H:%M}>"


def _settings(settings: Sequence[tuple[str, str]], language: Language) -> list[Block]:
    lines = [f"{escape(clip(name, _TITLE))}: {escape(clip(value, _TITLE))}" for name, value in settings]
    return [header(say("home_settings", language)), context("\n".join(lines) or "—")]
