"""The history of a conversation, as its events tell it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from agent.types import Event, EventType, JsonValue, Role, Utterance

SPOKEN: dict[EventType, Role] = {
    EventType.MESSAGE_RECEIVED: "user",
    EventType.REPLY_COMPLETED: "assistant",
    EventType.MESSAGE_AGENT: "agent",
}
TELLING = frozenset(
    {
        *SPOKEN,
        EventType.HANDOFF_REQUESTED,
        EventType.MESSAGE_CHANGED,
        EventType.MESSAGE_DELETED,
        EventType.HANDOFF_ACCEPTED,
        EventType.HANDOFF_CLOSED,
    }
)
"""The events that are read here: a turn need not fetch all that was found for those before it."""
_KEPT = 40  # utterances; what lies further back no longer helps to understand a question


def standing(events: Sequence[Event]) -> list[Event]:
    """The events with what colleagues changed and took back since: changed messages read anew, those taken back are gone."""
    texts: dict[object, JsonValue] = {}
    gone: set[object] = set()
    for event in events:
        if event.type is EventType.MESSAGE_CHANGED:
            texts[event.data["event"]] = event.data["text"]
        elif event.type is EventType.MESSAGE_DELETED:
            gone.add(event.data["event"])
    if not texts and not gone:
        return list(events)
    return [
        replace(event, data={**event.data, "text": texts[event.n]}) if event.n in texts else event
        for event in events
        if event.n not in gone
    ]


_OPEN = ("message", "decision", "language", "rule")


def for_others(events: Sequence[Event]) -> list[Event]:
    """The events as others than the customer may see them: from the first reply that told of what only the customer may read,
    what Parley said is left out, as it may have said it again.
    """
    seen: list[Event] = []
    private = False
    for event in events:
        if event.type is EventType.REPLY_COMPLETED and (private := private or bool(event.data.get("private"))):
            told = {name: event.data[name] for name in _OPEN if name in event.data}
            event = replace(event, data={**told, "text": "", "private": True})  # noqa: PLW2901
        seen.append(event)
    return seen


def spoken(events: Sequence[Event]) -> list[tuple[int, Event]]:
    """What was said, each with the number of the message that it belongs behind, in that order.

    A reply belongs behind the message that it answers, even when the next message came in before it. A message that was
    answered again has its last answer alone, and is not repeated.
    """
    events = standing(events)
    first = first_asked(events)
    said: list[tuple[int, Event]] = []
    answers: dict[int, Event] = {}
    for event in events:
        if event.type not in SPOKEN or _again(event):
            continue
        message = event.data.get("message")
        turn = first.get(message, message) if isinstance(message, int) else event.n
        if event.type is EventType.REPLY_COMPLETED:
            answers[turn] = event  # a later answer takes the earlier one's place
        else:
            said.append((turn, event))
    return sorted([*said, *answers.items()], key=lambda item: (item[0], item[1].n))


def utterances(events: Sequence[Event], before: int) -> list[Utterance]:
    """What was said before message number `before`, at most the last forty utterances."""
    waited = _waited(events)
    return [
        Utterance(
            role=SPOKEN[event.type],
            content=_content(event),
            flow=_flow(event),
            told=_told(event),
            waiting=event.type is EventType.REPLY_COMPLETED and event.data.get("message") in waited,
        )
        for turn, event in spoken(events)
        if turn < before
    ][-_KEPT:]


def first_asked(events: Sequence[Event]) -> dict[int, int]:
    """By the number of each message, that of the message which first asked it: another one, where it is asked again."""
    first: dict[int, int] = {}
    for event in events:
        if event.type is EventType.MESSAGE_RECEIVED:
            again = _again(event)
            first[event.n] = first.get(again, again) if again else event.n
    return first


def _again(event: Event) -> int:
    again = event.data.get("again")
    return again if isinstance(again, int) else 0


def _flow(event: Event) -> Mapping[str, JsonValue] | None:
    flow = event.data.get("flow")
    return flow if isinstance(flow, Mapping) else None


def _told(event: Event) -> frozenset[str] | None:
    """Both ends of each fact that a reply rests on."""
    facts = event.data.get("facts")
    if event.type is not EventType.REPLY_COMPLETED or not isinstance(facts, Sequence):
        return None
    return frozenset(str(end) for fact in facts if isinstance(fact, Sequence) for end in (fact[0], fact[-1]))


def _content(event: Event) -> str:
    """The text, or the names of the files that came without one."""
    text, files = str(event.data.get("text", "")), event.data.get("files")
    if text or not isinstance(files, Sequence):
        return text
    return ", ".join(str(file["name"]) for file in files if isinstance(file, dict))


def _waited(events: Sequence[Event]) -> set[JsonValue]:
    """The messages that asked for a person who is still waited for, by their numbers."""
    asked: set[JsonValue] = set()
    for event in events:
        if event.type is EventType.HANDOFF_REQUESTED:
            asked.add(event.data.get("message"))
        elif event.type in {EventType.HANDOFF_ACCEPTED, EventType.HANDOFF_CLOSED}:
            asked.clear()
    return asked


def taken_over(events: Sequence[Event]) -> bool:
    """Whether a person has taken over and not yet given back."""
    for event in reversed(events):
        if event.type is EventType.HANDOFF_ACCEPTED:
            return True
        if event.type is EventType.HANDOFF_CLOSED:
            return False
    return False
