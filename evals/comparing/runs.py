"""A run as it lies on the disk: the folder that `parley eval run` wrote."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import fmean

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from agent.errors import CallerError
from evals.lines import read_lines
from evals.metrics.registry import is_safety
from evals.statistics.slices import length_of

RESULTS = "results.jsonl"


class _Named(BaseModel):
    name: str = ""


class _Feeling(BaseModel):
    emotion: str = ""


class _Understood(BaseModel):
    question: str = ""
    intents: list[_Named] = Field(default_factory=list)
    sentiment: _Feeling = _Feeling()


class _Replied(BaseModel):
    text: str = ""
    language: str = ""
    decision: str = ""
    understanding: _Understood = _Understood()
    timings_ms: dict[str, float] = Field(default_factory=dict)


class _Asked(BaseModel):
    question: str = ""
    kind: str = ""


class _Row(BaseModel):
    """A line of results.jsonl; what else stands there is for others."""

    model_config = ConfigDict(extra="ignore")

    id: str
    reply: _Replied | None = None
    scores: dict[str, JsonValue] = Field(default_factory=dict)
    case: _Asked | None = None
    channel: str = ""
    conversation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a case; of one that was run several times, the mean of its scores and the first reply.

    slices: kind of slice ("language") to the case's own; cluster: its conversation, or itself.
    """

    question: str
    answer: str
    decision: str
    scores: dict[str, float]
    slices: dict[str, str]
    cluster: str


def read_run(folder: Path) -> dict[str, Outcome]:
    """Outcomes by the id of their case. Raises CallerError that names the line that cannot be read."""
    path = folder / RESULTS if folder.is_dir() else folder
    if not path.is_file():
        raise CallerError(f"{path}: no such file; give the folder that `parley eval run --out` wrote")
    rows: dict[str, list[_Row]] = {}
    for row in read_lines(path, _Row):
        rows.setdefault(row.id, []).append(row)
    return {case: _outcome(case, of_case) for case, of_case in rows.items()}


def without(run: Mapping[str, Outcome], names: Collection[str]) -> dict[str, Outcome]:
    """The run without these scores."""
    return {
        case: replace(one, scores={name: value for name, value in one.scores.items() if name not in names})
        for case, one in run.items()
    }


def _outcome(case: str, rows: list[_Row]) -> Outcome:
    first, reply = rows[0], rows[0].reply or _Replied()
    asked, understood = first.case or _Asked(), reply.understanding
    question = asked.question or understood.question
    values: dict[str, list[float]] = {}
    for row in rows:
        timed = {"latency_ms": total} if row.reply and (total := row.reply.timings_ms.get("total")) else {}
        for name, value in {**row.scores, **timed}.items():
            if isinstance(value, int | float):
                values.setdefault(name, []).append(float(value))
    return Outcome(
        question=question,
        answer=reply.text,
        decision=reply.decision,
        scores={name: max(found) if is_safety(name) else fmean(found) for name, found in values.items()},
        slices={
            "language": reply.language,
            "kind": asked.kind,
            "intent": understood.intents[0].name if understood.intents else "",
            "emotion": understood.sentiment.emotion,
            "channel": first.channel,
            "length": length_of(question) if question else "",
        },
        cluster=first.conversation or case,
    )
