"""A conversation as a person needs it who takes over: who, how they feel, what it is about, what could be said."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from agent.closing import closing
from agent.conversations.history import SPOKEN, spoken, utterances
from agent.ports import TurnRunner
from agent.types import DecisionKind, Event, EventType, InboundMessage, Language, Reply
from agent.understand.course import Course, course_of
from connectors.slack.people.desks import Asking
from connectors.slack.phrases import language_of, say

_LOG = logging.getLogger(__name__)
_SAID = 8
_TRIED = 2
_PATIENCE_S = 20.0

State = Literal["waiting", "with", "back", "closed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """state: how it stands, with whom; moods: polarity of each of the customer's messages, in order.

    said: the last utterances, who ("user", "assistant", "agent"), their name where it is known, and the text.
    """

    asking: Asking
    language: Language
    state: State
    colleague: str
    moods: tuple[float, ...]
    topics: tuple[str, ...]
    said: tuple[tuple[str, str, str], ...]

    @property
    def course(self) -> Course:
        """Where the mood stands and heads."""
        return course_of(self.moods)


def case_of(asking: Asking, events: Sequence[Event], language: Language | None = None) -> Case:
    """The case as its events tell it. language: of the people; None takes the customer's."""
    state, colleague = state_of(events)
    said = [event for _, event in spoken(events)]
    understood = [event for event in events if event.type is EventType.TURN_UNDERSTOOD]
    customers = next((str(e.data.get("text", "")) for e in reversed(said) if e.type is EventType.MESSAGE_RECEIVED), "")
    return Case(
        asking=asking,
        language=language or language_of(customers, asking.language or ""),
        state=state,
        colleague=colleague,
        moods=tuple(_polarity(event) for event in understood),
        topics=tuple(dict.fromkeys(topic for event in reversed(understood) if (topic := _topic(event)))),
        said=tuple(
            (SPOKEN[event.type], str(event.data.get("name", "")), _told(event, language or language_of(customers)))
            for event in said[-_SAID:]
        ),
    )


def state_of(events: Sequence[Event]) -> tuple[State, str]:
    """How a conversation stands, and the name of the colleague who has it."""
    state: State = "back"
    colleague = ""
    for event in events:
        match event.type:
            case EventType.HANDOFF_REQUESTED if state != "with":
                state = "waiting"
            case EventType.HANDOFF_ACCEPTED:
                state, colleague = "with", str(event.data.get("name", ""))
            case EventType.HANDOFF_CLOSED:
                state, colleague = "back", ""
            case EventType.CONVERSATION_CLOSED:
                return "closed", ""
            case _:
                pass
    return state, colleague


async def suggestion(runner: TurnRunner, conversation_id: str, events: Sequence[Event]) -> str:
    """What Parley would say to what the customer wanted to know, also where it was too unsure to say it; "" for nothing.

    The wish for a person is no such question. Nothing of it is recorded.
    """
    asked = [event for event in events if event.type is EventType.MESSAGE_RECEIVED and event.data.get("text")]
    decided = {event.data.get("message"): event.data for event in events if event.type is EventType.REPLY_COMPLETED}
    tried = 0
    for event in reversed(asked):
        reply = decided.get(event.n, {})
        if reply.get("decision") == DecisionKind.HANDOFF.value and len(asked) > 1:
            continue
        if tried == _TRIED or reply.get("decision") == DecisionKind.ANSWER.value:
            break  # what was answered already is no news
        tried += 1
        if text := await _would_say(runner, conversation_id, event, events):
            return text
    return ""


async def _would_say(runner: TurnRunner, conversation_id: str, event: Event, events: Sequence[Event]) -> str:
    message = InboundMessage(
        conversation_id=conversation_id,
        channel=str(event.data.get("channel", "slack")),
        channel_message_id=f"suggestion-{event.n}",
        text=str(event.data["text"]),
    )
    try:
        async with (
            asyncio.timeout(_PATIENCE_S),
            closing(runner.run(message, utterances(events, before=event.n))) as steps,
        ):
            async for step in steps:
                if isinstance(step, Reply):
                    return step.text if step.decision is DecisionKind.ANSWER else step.withheld
    except Exception:  # noqa: BLE001 - a suggestion is a courtesy: the thread must come without it, too
        _LOG.warning("no reply could be suggested", exc_info=True)
    return ""


def _told(event: Event, language: Language) -> str:
    """What was said; of what only the customer may read, that it was said."""
    return say("people_private", language) if event.data.get("private") else str(event.data.get("text", ""))


def _polarity(event: Event) -> float:
    sentiment = event.data.get("sentiment")
    polarity = sentiment.get("polarity") if isinstance(sentiment, Mapping) else None
    return float(polarity) if isinstance(polarity, int | float) else 0.0


def _topic(event: Event) -> str:
    intents = event.data.get("intents")
    first = intents[0] if isinstance(intents, Sequence) and intents else None
    return str(first.get("name", "")).replace("_", " ") if isinstance(first, Mapping) else ""
