"""An answer as Slack's messages: what is said, split where it is too long, then its sources and the buttons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agent.types import JsonValue, Language
from connectors.slack.texts import say

Block = dict[str, Any]

MOST_CHARS = 12_000
FEEDBACK, SHARE = "parley_feedback", "parley_share"
_LONGEST_SOURCE = 150


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One message. text: Markdown, which is also what notifications show; tail: blocks after it."""

    text: str
    tail: tuple[Block, ...] = ()

    @property
    def blocks(self) -> list[Block]:
        """The whole message as blocks."""
        said: list[Block] = [{"type": "markdown", "text": self.text}] if self.text else []
        return [*said, *self.tail]


def pages_of(reply: Mapping[str, JsonValue], language: Language, about: str, *, private: bool = False) -> list[Page]:
    """The messages of a reply. about: names the reply, for the buttons, of which "" has none; private: one that only the asker sees."""
    texts = split(str(reply.get("text") or ""))
    tail = _sources(reply.get("citations"))
    if about:
        tail += [*(_share(about, language) if private else []), _feedback(about)]
    return [Page(text=text) for text in texts[:-1]] + [Page(text=texts[-1], tail=tuple(tail))]


def split(text: str, most: int = MOST_CHARS) -> list[str]:
    """The text in parts that Slack takes, cut between paragraphs, lines or words where that is possible."""
    parts = []
    while len(text) > most:
        cut = max(text.rfind(mark, most // 2, most) for mark in ("\n\n", "\n", "。", " "))
        cut = cut + 1 if cut > 0 else most
        parts.append(text[:cut].rstrip())
        text = text[cut:].lstrip("\n")
    return [*parts, text]


def _sources(citations: object) -> list[Block]:
    if not isinstance(citations, Sequence):
        return []
    elements = []
    for one in citations[:10]:
        if isinstance(one, Mapping):
            title = escape(str(one.get("title") or one.get("source_id") or ""))[:_LONGEST_SOURCE]
            url = one.get("link") or one.get("url")
            named = f"<{url}|{title}>" if url and str(url).startswith(("http://", "https://")) else title
            elements.append({"type": "mrkdwn", "text": f"[{one.get('n')}] {named}"})
    return [{"type": "context", "elements": elements}] if elements else []


def _feedback(about: str) -> Block:
    def button(mark: str, label: str, value: int) -> dict[str, Any]:
        text = {"type": "plain_text", "text": mark, "emoji": True}
        return {"text": text, "accessibility_label": label, "value": f"{about} {value}"}

    return {
        "type": "context_actions",
        "elements": [
            {
                "type": "feedback_buttons",
                "action_id": FEEDBACK,
                "positive_button": button("👍", "Good answer · 有帮助", 1),
                "negative_button": button("👎", "Bad answer · 没有帮助", -1),
            }
        ],
    }


def _share(about: str, language: Language) -> list[Block]:
    text = {"type": "plain_text", "text": say("share", language)}
    return [{"type": "actions", "elements": [{"type": "button", "action_id": SHARE, "text": text, "value": about}]}]


def escape(text: str) -> str:
    """Text in which nothing is Slack's markup."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
