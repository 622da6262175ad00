"""What the evaluation found of a bundle, read from `7-evaluate/comparison.json` of the runs of learning."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import orjson

from agent.home import Home
from agent.learning.runs import StepName, runs_of
from agent.training.bundle import Card

_FILE = "comparison.json"
_SHORTEST = 8  # characters of a fingerprint that tell it apart


class Verdict(StrEnum):
    """How a candidate compares with what is in use."""

    BETTER = "better"
    NO_WORSE = "no_worse"
    WORSE = "worse"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A verdict, where it stands, and why; `where` is "" when nobody has evaluated the candidate."""

    verdict: Verdict
    where: str = ""
    why: str = ""


def verdict_on(home: Home, version: str, card: Card) -> Found:
    """The newest verdict on a candidate; UNKNOWN where there is none, or its file is of another form."""
    for run in reversed(runs_of(home)):
        file = run.folder(StepName.EVALUATE) / _FILE
        entry = _entry(file, card.task.value)
        if entry is None or not _is_about(entry, version, card):
            continue
        try:
            verdict = Verdict(str(entry.get("verdict")).replace("-", "_"))
        except ValueError:
            continue
        return Found(verdict=verdict, where=str(file), why=_reason(entry))
    return Found(verdict=Verdict.UNKNOWN)


def _entry(file: Path, task: str) -> Mapping[str, object] | None:
    try:
        whole = orjson.loads(file.read_bytes())
    except (OSError, orjson.JSONDecodeError):
        return None
    tasks = whole.get("tasks") if isinstance(whole, dict) else None
    entry = tasks.get(task) if isinstance(tasks, dict) else None
    return entry if isinstance(entry, dict) else None


def _is_about(entry: Mapping[str, object], version: str, card: Card) -> bool:
    """By version, by the fingerprint of the data, whole or its beginning, or by the moment of training."""
    named = entry.get("candidate")
    names = [*named.values()] if isinstance(named, dict) else [named]
    for name in names:
        said = str(name or "")
        if said in {version, card.trained_at.isoformat(), card.trained_at.isoformat().replace("+00:00", "Z")}:
            return True
        if len(said) >= _SHORTEST and card.data_sha256.startswith(said):
            return True
    return False


def _reason(entry: Mapping[str, object]) -> str:
    for key in ("why", "reason", "losses", "detail"):
        said = entry.get(key)
        if said:
            return "; ".join(map(str, said)) if isinstance(said, list) else str(said)
    return ""
