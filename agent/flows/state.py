"""Where a flow stands: a frozen value that travels with the replies of a conversation."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import TypeAdapter, ValidationError

from agent.types import JsonValue


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowState:
    """id: of this run of the flow, by which its tools are run once; version: of the flow's file; step: its place.

    values:  slots that are filled, and what tools gave.
    seen:    all values that the customer gave for a slot, so that "the other one" means something.
    asked:   the slot that was asked for last; "" when none.
    confirming, agreed: whether the customer is asked to agree to the tool of this step; whether they did.
    doubted: whether the customer was asked what is wrong with it, so that a yes agrees to nothing.
    tries:   how often in a row an answer was not understood.
    floor:   the first step that may still be taken back: what was done stays done.
    said:    steps whose words were said.
    topic:   what the flow is about, in words, for a question asked meanwhile.
    over:    whether it has ended, changing nothing, and may be run again with another value.
    at:      when the customer was last heard, ISO 8601; under: the flow that this one interrupted.
    """

    id: str
    flow: str
    version: str
    at: str
    step: int = 0
    values: Mapping[str, Any] = field(default_factory=dict)
    seen: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    asked: str = ""
    confirming: bool = False
    agreed: bool = False
    doubted: bool = False
    tries: int = 0
    floor: int = 0
    said: tuple[int, ...] = ()
    topic: str = ""
    over: bool = False
    under: "FlowState | None" = None


_FORM = TypeAdapter(FlowState)


def state_json(state: FlowState) -> dict[str, JsonValue]:
    """As it is kept in the event log."""
    stored: dict[str, JsonValue] = _FORM.dump_python(state, mode="json", exclude_defaults=True)
    return stored


def state_of(stored: Mapping[str, JsonValue]) -> FlowState | None:
    """The state that was kept; None where it is none."""
    try:
        return _FORM.validate_python(dict(stored))
    except ValidationError:
        return None
