"""An answer as Slack's messages: what is said, split where it is too long, then its sources and the buttons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agent.types import Citation, JsonValue, Language
from connectors.slack.blocks.confirming import confirmation_blocks
from connectors.slack.blocks.slots import open_block
from connectors.slack.blocks.sources import source_blocks
from connectors.slack.choices import choices_block
from connectors.slack.phrases import say
from connectors.slack.rendering import mrkdwn, render

Block = dict[str, Any]

FEEDBACK, SHARE = "parley_feedback", "parley_share"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One message. text: Markdown that calls nobody; tail: blocks after it."""

    text: str
    tail: tuple[Block, ...] = ()

    @property
    def note(self) -> str:
        """What notifications show."""
        return mrkdwn(self.text)

    @property
    def blocks(self) -> list[Block]:
        """The whole message as blocks."""
        said: list[Block] = [{"type": "markdown", "text": self.text}] if self.text else []
        return [*said, *self.tail]


def pages_of(reply: Mapping[str, JsonValue], language: Language, about: str, *, private: bool = False) -> list[Page]:
    """The messages of a reply. about: names the reply, for the buttons, of which "" has none; private: one that only the asker sees.

    What only the asker may read has no button to share it.
    """
    citations = citations_of(reply)
    texts = [one.markdown for one in render(str(reply.get("text") or ""), citations)] or [""]
    sources = [block.to_dict() for block in source_blocks(citations, language)]
    buttons: list[Block] = []
    if about:
        shared = [] if reply.get("private") else _share(about, language)
        buttons = [*(shared if private else _asking(reply, language, about)), _feedback(about)]
    tail = [*sources, *buttons]
    return [Page(text=text) for text in texts[:-1]] + [Page(text=texts[-1], tail=tuple(tail))]


def _asking(reply: Mapping[str, JsonValue], language: Language, about: str) -> list[Block]:
    """What a question back may be answered with: a card to agree to, short replies to press, a form."""
    form = [open_block(about, language).to_dict()] if reply.get("fields") else []
    return [*(confirmation_blocks(reply, about) or choices_block(reply, about)), *form]


def citations_of(reply: Mapping[str, JsonValue]) -> list[Citation]:
    """The citations of a reply as it stands in the log."""
    found = reply.get("citations")
    return [_citation(one) for one in found if isinstance(one, Mapping)] if isinstance(found, Sequence) else []


def _citation(one: Mapping[str, JsonValue]) -> Citation:
    def text(name: str) -> str | None:
        value = one.get(name)
        return str(value) if value else None

    n, page = one.get("n"), one.get("page")
    return Citation(
        n=n if isinstance(n, int) else 0,
        source_id=text("source_id") or "",
        title=text("title") or "",
        url=text("url"),
        quote=text("quote") or "",
        page=page if isinstance(page, int) else None,
        link=text("link"),
    )


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
