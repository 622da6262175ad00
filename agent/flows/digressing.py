"""Tells a message that is for something else than the flow under way: a question, a person, another thing to do."""

import re

from agent.flows.hearing import Heard, changes
from agent.flows.questions import parted
from agent.types import Decision, DecisionKind, Understanding
from agent.understand.asking import asks
from agent.understand.persons import wants_person

_ASKS = re.compile(r"[?？]|[吗呢]\W*$")
_UNHAPPY = -0.3  # polarity


def is_aside(decision: Decision, text: str) -> bool:
    """Whether a message asks for something else, which the articles or a set phrase answer, and changes nothing."""
    if changes(text) or decision.kind is not DecisionKind.ANSWER:
        return False
    return bool(decision.template) or bool(parted(text).asked) or bool(_ASKS.search(text))


def is_other(decision: Decision) -> bool:
    """Whether a message that almost answered is for something else after all: words of it say so, no guess of its intent."""
    return decision.kind in {DecisionKind.ACT, DecisionKind.HANDOFF} and not decision.guessed


def wants_out(understanding: Understanding, meant: Heard) -> bool:
    """Whether a hand-over stands although the flow was answered: asked for in words, or out of anger; a name has no mood."""
    angry = understanding.sentiment.polarity < _UNHAPPY and understanding.as_sent.strip() not in meant.values.values()
    return bool(wants_person(understanding.text)) or angry


def digresses(decision: Decision, understanding: Understanding) -> bool:
    """Whether the message is about something else: a question, small talk, another thing to do."""
    return bool(decision.template) or decision.kind is DecisionKind.ACT or asks(understanding.text)
