"""Scores of a conversation whose replies are known in full: a dialogue of a suite, or a made-up customer's talk. Pure."""

from collections.abc import Sequence

from agent.types import Reply
from evals.metrics.conversation import (
    Said,
    contained,
    contradictions,
    repeated_answers,
    resolved,
    sentiment_course,
    turns_to_resolution,
)


def messages_of(said: Sequence[str], replies: Sequence[Reply]) -> list[Said]:
    """The customer's messages and the replies to them, in turn."""
    found: list[Said] = []
    for text, reply in zip(said, replies, strict=True):
        found.append(Said(role="user", text=text, polarity=reply.understanding.sentiment.polarity))
        found.append(Said(role="assistant", text=reply.text, decision=reply.decision.value))
    return found


def scores_of_conversation(messages: Sequence[Said], goal_met: bool | None) -> dict[str, float | None]:
    """By metric, None for one that does not apply. goal_met: what the store says, None where it was not asked."""
    return {
        "resolved": resolved(messages, goal_met),
        "turns_to_resolution": turns_to_resolution(messages, goal_met),
        "containment": contained(messages),
        **scores_of_texts(messages),
        "sentiment_course": sentiment_course(messages),
    }


def scores_of_texts(messages: Sequence[Said]) -> dict[str, float | None]:
    """Those that need no decision and no mood."""
    return {"repeated_answers": repeated_answers(messages), "contradictions": float(contradictions(messages))}
