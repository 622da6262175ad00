"""The history of a conversation, as its events tell it."""

from collections.abc import Sequence

from agent.types import Event, EventType, Role, Utterance

_SPOKEN: dict[EventType, Role] = {
    EventType.MESSAGE_RECEIVED: "user",
    EventType.REPLY_COMPLETED: "assistant",
    EventType.MESSAGE_AGENT: "agent",
}
_KEPT = 40  # utterances; what lies further back no longer helps to understand a question


def utterances(events: Sequence[Event], before: int) -> list[Utterance]:
    """What was said before message number `before`, at most the last forty utterances.

    A reply belongs behind the message that it answers, even when the next message came in before it.
    """
    said = [(_turn_of(event), event.n, event) for event in events if event.type in _SPOKEN]
    return [
        Utterance(role=_SPOKEN[event.type], content=str(event.data.get("text", "")))
        for turn, _, event in sorted(said, key=lambda item: item[:2])
        if turn < before
    ][-_KEPT:]


def _turn_of(event: Event) -> int:
    message = event.data.get("message")
    return message if isinstance(message, int) else event.n


def taken_over(events: Sequence[Event]) -> bool:
    """Whether a person has taken over and not yet given back."""
    for event in reversed(events):
        if event.type is EventType.HANDOFF_ACCEPTED:
            return True
        if event.type is EventType.HANDOFF_CLOSED:
            return False
    return False
