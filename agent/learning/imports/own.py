"""Parley's own transcripts: the events of a conversation, as `GET /v1/conversations/{id}` tells them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from agent.learning.imports.shapes import Spoken
from agent.types import EventType, Role

EVENTS = "events"
_SPEAKERS: Mapping[str, Role] = {
    EventType.MESSAGE_RECEIVED: "user",
    EventType.REPLY_COMPLETED: "assistant",
    EventType.MESSAGE_AGENT: "agent",
}


def spoken_events(events: Sequence[object]) -> Iterator[Spoken]:
    """What was said, with what was decided, and how customers rated it; other events are passed over."""
    known = [(one, data) for one in events if isinstance(one, Mapping) and isinstance(data := one.get("data"), Mapping)]
    rated = {data.get("event"): data.get("value") for one, data in known if one.get("type") == EventType.FEEDBACK_GIVEN}
    for one, data in known:
        role, text = _SPEAKERS.get(str(one.get("type"))), data.get("text")
        if role and isinstance(text, str) and text.strip():
            at, decision = one.get("at"), data.get("decision")
            yield Spoken(
                role=role, text=text, at=at if isinstance(at, str) else None, feedback=_thumb(rated.get(one.get("n"))),
                decision=decision if isinstance(decision, str) and role == "assistant" else "",
            )  # fmt: skip


def channel_of(events: Sequence[object]) -> str:
    """Of the first event that tells it, "" where none does."""
    for one in events:
        data = one.get("data") if isinstance(one, Mapping) else None
        if isinstance(data, Mapping) and isinstance(channel := data.get("channel"), str):
            return channel
    return ""


def _thumb(value: object) -> Literal[-1, 1] | None:
    return (1 if value > 0 else -1) if isinstance(value, int) and value else None
