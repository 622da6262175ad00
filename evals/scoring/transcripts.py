"""Scores transcripts that are there already, by what their messages say, and sums them up."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from agent.learning.imports import Imported, Spoken
from agent.types import JsonValue
from agent.understand.language import ScriptLanguages
from agent.understand.sentiment.lexicon import LexiconSentiment, default_sentiment
from evals.metrics.conversation import Said, contradicting_statements
from evals.scoring.conversation import scores_of_conversation
from evals.statistics.bootstrap import Interval, mean_interval
from evals.statistics.slices import length_of, sliced

CUT = ("resolved", "containment", "repeated_answers", "sentiment_course")
"""Metrics that are cut into slices."""

_BY = ("channel", "lang", "length")
_LANGUAGES = ScriptLanguages()


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """One conversation with its scores. first: the customer's first message; parts: channel, lang and length of that, "" unknown.

    contradicting: the statements that contradict each other, in pairs.
    """

    id: str
    first: str
    said: tuple[Said, ...]
    parts: Mapping[str, str]
    scores: Mapping[str, float]
    contradicting: tuple[tuple[str, str], ...] = ()


def transcript_of(conversation: Imported, name: str = "") -> Transcript:
    """Of an import. name: what it is called here, its own id without."""
    said = _with_moods(conversation.turns)
    first = next((one.text for one in said if one.role == "user"), "")
    parts = {
        "channel": conversation.channel,
        "lang": _LANGUAGES.detect(first or " ".join(one.text for one in said), ()),
        "length": length_of(first) if first else "",
    }
    scores = _scores(said)
    return Transcript(
        id=name or conversation.id, first=first, said=said, parts=parts, scores=scores,
        contradicting=tuple(contradicting_statements(said)) if scores["contradictions"] else (),
    )  # fmt: skip


def summary_of(transcripts: Sequence[Transcript]) -> dict[str, JsonValue]:
    """Means with their 95 % intervals, those of the slices, and a version that changes with any message."""
    intervals = {name: found for name in _names(transcripts) if (found := _interval(transcripts, name))}
    return {
        "conversations": len(transcripts),
        **{name: round(one.value, 4) for name, one in intervals.items()},
        "intervals": {name: ends for name, one in intervals.items() if (ends := _ends(one))},
        "slices": [one for name in CUT for one in _slices(transcripts, name)],
        "version": _version(transcripts),
    }


def _with_moods(turns: Sequence[Spoken]) -> tuple[Said, ...]:
    moods = _lexicon().score([turn.text for turn in turns])
    return tuple(
        Said(
            role=turn.role,
            text=turn.text,
            polarity=mood.polarity if turn.role == "user" else None,
            decision=turn.decision,
        )
        for turn, mood in zip(turns, moods, strict=True)
    )


def _scores(said: Sequence[Said]) -> dict[str, float]:
    """By metric; one that does not apply is left out. Whether it was resolved is told where decisions are recorded."""
    found = {**scores_of_conversation(said, None), "turns": len(said)}
    if not any(one.decision for one in said):
        del found["resolved"], found["turns_to_resolution"]
    return {name: float(value) for name, value in found.items() if value is not None}


def _names(transcripts: Iterable[Transcript]) -> list[str]:
    return list(dict.fromkeys(name for one in transcripts for name in one.scores))


def _interval(transcripts: Iterable[Transcript], name: str) -> Interval | None:
    return mean_interval([one.scores[name] for one in transcripts if name in one.scores])


def _ends(one: Interval) -> list[JsonValue]:
    return [] if one.low is None or one.high is None else [round(one.low, 4), round(one.high, 4)]


def _slices(transcripts: Iterable[Transcript], name: str) -> list[JsonValue]:
    scored = [one for one in transcripts if name in one.scores]
    keys = {by: [one.parts[by] for one in scored] for by in _BY}
    return [
        {
            "metric": name, "by": one.by, "name": one.name, "value": round(one.interval.value, 4),
            "interval": _ends(one.interval), "cases": one.interval.n,
        }
        for one in sliced([one.scores[name] for one in scored], keys)
    ]  # fmt: skip


def _version(transcripts: Iterable[Transcript]) -> str:
    digest = hashlib.sha256()
    for one in transcripts:
        for part in (one.id, *(text for said in one.said for text in (said.role, said.text))):
            digest.update(f"{part}\x1f".encode())
    return digest.hexdigest()[:16]


@cache
def _lexicon() -> LexiconSentiment:
    return default_sentiment()
