"""A conversation to take home: as text, as a page, or as JSON."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import cache
from html import escape

from markdown_it import MarkdownIt

from agent.conversations.history import SPOKEN, spoken
from agent.types import Event, EventType, Language

_WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "title": "Conversation with {company}",
        "user": "You",
        "assistant": "Assistant",
        "agent": "Colleague",
        "file": "File: {name}",
        "rated": "Your rating: {score} of 5",
    },
    "zh": {
        "title": "与{company}的对话",
        "user": "您",
        "assistant": "智能助手",
        "agent": "人工同事",
        "file": "文件：{name}",
        "rated": "您的评分：{score} 分（满分 5 分）",
    },
}
_PAGE = """<!doctype html>
<html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title><style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 42rem; margin: 2rem auto; padding: 0 1rem }}
article {{ margin: 1rem 0; overflow-wrap: anywhere }} p {{ margin: 0 0 .5em }} .plain {{ white-space: pre-wrap }}
table {{ border-collapse: collapse }} td, th {{ border: 1px solid #ccc; padding: 2px 8px; text-align: start }}
h2 {{ font-size: 1rem; margin: 0 }} time, small {{ color: #555; font-weight: normal }}
</style></head><body><h1>{title}</h1>
{said}
</body></html>
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    who: str
    at: str
    text: str
    plain: bool
    notes: tuple[str, ...]


def as_text(events: Sequence[Event], language: Language, company: str, zone: tzinfo) -> str:
    """Plain text, a paragraph a message."""
    said = [
        "\n".join((f"{one.who} ({one.at})", *filter(None, (one.text,)), *one.notes))
        for one in _said(events, language, zone)
    ]
    return "\n\n".join([_title(language, company), *said, *_rating(events, language)]) + "\n"


def as_page(events: Sequence[Event], language: Language, company: str, zone: tzinfo) -> str:
    """A page without scripts: what the customer wrote is text, what was answered is Markdown, and HTML in it is text."""
    articles = [
        f"<article><h2>{escape(said.who)} <time>{escape(said.at)}</time></h2>{_shown(said)}"
        + "".join(f"<small>{escape(note)}</small><br>" for note in said.notes)
        + "</article>"
        for said in _said(events, language, zone)
    ]
    articles += [f"<p>{escape(line)}</p>" for line in _rating(events, language)]
    lang = "zh-CN" if language == "zh" else "en"
    return _PAGE.format(lang=lang, title=escape(_title(language, company)), said="\n".join(articles))


def language_spoken(events: Sequence[Event]) -> Language:
    """The language of the last reply."""
    replies = (event.data.get("language") for event in reversed(events) if event.type is EventType.REPLY_COMPLETED)
    return "zh" if next(replies, "en") == "zh" else "en"


def _title(language: Language, company: str) -> str:
    return _WORDS[language]["title"].format(company=company)


def _said(events: Sequence[Event], language: Language, zone: tzinfo) -> Iterator[_Said]:
    words = _WORDS[language]
    for _, event in spoken(events):
        who = words[SPOKEN[event.type]]
        if name := event.data.get("name"):
            who = f"{who} {name}"
        yield _Said(
            who=who,
            at=_clock(event.at, zone),
            text=str(event.data.get("text", "")),
            plain=SPOKEN[event.type] == "user",
            notes=(*_notes(event, words),),
        )


def _shown(said: _Said) -> str:
    return f'<p class="plain">{escape(said.text)}</p>' if said.plain else _markdown().render(said.text)


@cache
def _markdown() -> MarkdownIt:
    """As the chat shows it; pictures stay links, so that a saved page asks nobody for anything."""
    return MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"]).disable("image")


def _notes(event: Event, words: dict[str, str]) -> Iterator[str]:
    """The files of a message, the sources of a reply."""
    for file in _records(event, "files"):
        yield words["file"].format(name=file.get("name", ""))
    for citation in _records(event, "citations"):
        yield " ".join(
            str(part) for part in (f"[{citation['n']}]", citation["title"], citation.get("url") or "")
        ).strip()


def _records(event: Event, name: str) -> list[dict[str, object]]:
    found = event.data.get(name)
    return [record for record in found if isinstance(record, dict)] if isinstance(found, list) else []


def _rating(events: Sequence[Event], language: Language) -> list[str]:
    scores = [event.data["score"] for event in events if event.type is EventType.CONVERSATION_RATED]
    return [_WORDS[language]["rated"].format(score=scores[-1])] if scores else []


def _clock(at: datetime, zone: tzinfo) -> str:
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M %Z")
