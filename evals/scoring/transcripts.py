"""Scores a transcript that is there already, by what its messages say."""

from collections.abc import Sequence
from functools import cache

from agent.learning.imports import Spoken
from agent.understand.sentiment.lexicon import LexiconSentiment, default_sentiment
from evals.metrics.conversation import Said, contained, contradictions, repeated_answers, sentiment_course


def conversation_scores(turns: Sequence[Spoken]) -> dict[str, float]:
    """By metric; one that does not apply is left out. Whether it was resolved is not told, as no decisions are recorded."""
    moods = _lexicon().score([turn.text for turn in turns])
    said = [
        Said(role=turn.role, text=turn.text, polarity=mood.polarity if turn.role == "user" else None)
        for turn, mood in zip(turns, moods, strict=True)
    ]
    found: dict[str, float | None] = {
        "repeated_answers": repeated_answers(said),
        "contradictions": contradictions(said),
        "containment": contained(said),
        "sentiment_course": sentiment_course(said),
        "turns": len(said),
    }
    return {name: float(value) for name, value in found.items() if value is not None}


@cache
def _lexicon() -> LexiconSentiment:
    return default_sentiment()
