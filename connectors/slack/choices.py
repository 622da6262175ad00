"""Short replies to press under a question back."""

from collections.abc import Mapping
from typing import Any

from agent.types import JsonValue
from connectors.slack.rendering import clip

CHOICE = "parley_choice"
"""Action ids begin so, and go on with `_` and the number of the choice."""

_BUTTON = 75
_ROW = 25


def choices_block(reply: Mapping[str, JsonValue], about: str) -> list[dict[str, Any]]:
    """A row of buttons; [] where the reply offers nothing. about: the conversation's id and the reply's number."""
    offered = choices_of(reply)
    buttons = [
        {
            "type": "button",
            "text": {"type": "plain_text", "text": clip(choice, _BUTTON)},
            "action_id": f"{CHOICE}_{n}",
            "value": f"{about} {n}",
        }
        for n, choice in enumerate(offered[:_ROW])
    ]
    return [{"type": "actions", "elements": buttons}] if buttons and about else []


def choices_of(reply: Mapping[str, JsonValue]) -> list[str]:
    """What a reply in the log offers to choose from."""
    found = reply.get("choices")
    return [str(choice) for choice in found if choice] if isinstance(found, list | tuple) else []
