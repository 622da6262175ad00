"""What is about to be done, as a card: its rows, and a button for either answer. Only the asker's press counts."""

from collections.abc import Mapping
from typing import Any

from slack_sdk.models.blocks import ActionsBlock, ButtonElement

from agent.types import JsonValue
from connectors.slack.blocks.parts import raw_section
from connectors.slack.choices import CHOICE, choices_of
from connectors.slack.rendering import clip, escape

_BUTTON = 75
_ROW = 300


def confirmation_blocks(reply: Mapping[str, JsonValue], about: str) -> list[dict[str, Any]]:
    """The card of a reply that asks for an agreement; [] for any other.

    about: the conversation's id and the reply's number; the buttons are the reply's choices, so that a press is looked up
    in the log and taken as the customer's message.
    """
    confirm = reply.get("confirm")
    if not isinstance(confirm, Mapping) or not about:
        return []
    offered = choices_of(reply)
    styles = {str(confirm.get("yes")): "primary"}
    buttons = [
        ButtonElement(text=clip(word, _BUTTON), action_id=f"{CHOICE}_{n}", value=f"{about} {n}", style=styles.get(word))
        for n, word in enumerate(offered)
        if word in {confirm.get("yes"), confirm.get("no")}
    ]
    rows = confirm.get("rows")
    lines = [f"*{escape(str(confirm.get('title') or ''))}*"]
    lines += [_line(row) for row in rows if isinstance(row, list | tuple)] if isinstance(rows, list | tuple) else []
    blocks = [raw_section("\n".join(lines)), *([ActionsBlock(elements=buttons)] if buttons else [])]
    return [block.to_dict() for block in blocks]


def _line(row: list[JsonValue] | tuple[JsonValue, ...]) -> str:
    name, value = (escape(clip(str(part), _ROW)) for part in row)
    return f"• {name}: {value}"
