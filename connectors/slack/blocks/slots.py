"""What a flow must know, asked for in a modal: one input a slot."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    DatePickerElement,
    EmailInputElement,
    InputBlock,
    NumberInputElement,
    Option,
    PlainTextInputElement,
    StaticSelectElement,
)
from slack_sdk.models.views import View

from agent.types import Language
from connectors.slack.phrases import say
from connectors.slack.rendering import clip

OPEN = "parley_slots_open"
"""Action id of the button that opens the modal."""

MODAL = "parley_slots"
"""Callback id of the modal."""

_INPUT = "value"
_LABEL = 2000
_OPTION = 75
_OPTION_VALUE = 150
_TITLE = 24
_BLOCKS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """Something a flow asks for. label: what is asked, in the customer's language; options: of a choice."""

    name: str
    label: str
    kind: Literal["text", "long", "number", "date", "email", "choice"] = "text"
    options: tuple[str, ...] = ()
    required: bool = True
    hint: str = ""
    given: str = ""


def open_block(sealed: str, language: Language) -> Block:
    """The button under the question. sealed: whose it is."""
    return ActionsBlock(
        elements=[ButtonElement(text=say("slots_open", language), action_id=OPEN, value=sealed, style="primary")]
    )


def slot_modal(slots: Sequence[Slot], sealed: str, language: Language, title: str = "") -> View:
    """The modal. sealed: travels with it, and comes back when it is sent."""
    return View(
        type="modal",
        callback_id=MODAL,
        title=clip(title or say("slots_title", language), _TITLE),
        submit=say("submit", language),
        close=say("cancel", language),
        private_metadata=sealed,
        blocks=[_input(slot) for slot in slots[:_BLOCKS]],
    )


def slots_of(state: Mapping[str, Any]) -> dict[str, str]:
    """What was filled in, by name of the slot. state: `view.state` of the submission; empty ones are left out."""
    given = {name: _value(fields[_INPUT]) for name, fields in state["values"].items()}
    return {name: value for name, value in given.items() if value}


def _value(field: Mapping[str, Any]) -> str:
    if option := field.get("selected_option"):
        return str(option["value"])
    return str(field.get("value") or field.get("selected_date") or "").strip()


def _input(slot: Slot) -> InputBlock:
    return InputBlock(
        block_id=slot.name,
        label=clip(slot.label, _LABEL),
        hint=clip(slot.hint, _LABEL) if slot.hint else None,
        optional=not slot.required,
        element=_element(slot),
    )


def _element(
    slot: Slot,
) -> PlainTextInputElement | NumberInputElement | DatePickerElement | EmailInputElement | StaticSelectElement:
    given = slot.given or None
    match slot.kind:
        case "number":
            return NumberInputElement(action_id=_INPUT, is_decimal_allowed=True, initial_value=given)
        case "date":
            return DatePickerElement(action_id=_INPUT, initial_date=given)
        case "email":
            return EmailInputElement(action_id=_INPUT, initial_value=given)
        case "choice":
            options = [
                Option(label=clip(text, _OPTION), value=clip(text, _OPTION_VALUE)) for text in slot.options[:100]
            ]
            chosen = next((option for option in options if option.value == given), None)
            return StaticSelectElement(action_id=_INPUT, options=options, initial_option=chosen)
        case _:
            return PlainTextInputElement(action_id=_INPUT, multiline=slot.kind == "long", initial_value=given)
