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
    """The newest verdict on a candidate; UNKNOWN where there is none, or none of this kind."""
    for run in reversed(runs_of(home)):
        file = run.folder(StepName.EVALUATE) / _FILE
        entry = _entry(file, card.task.value)
        if entry is None or not _is_about(entry, version, card):
            continue
        said = str(entry.get("verdict", ""))
        known = [verdict for verdict in Verdict if verdict.value == said.replace(" ", "_").replace("-", "_")]
        if known:
            return Found(verdict=known[0], where=str(file), why=_reason(entry))
        return Found(verdict=Verdict.UNKNOWN, where=str(file), why=said)
    return Found(verdict=Verdict.UNKNOWN)


def _entry(file: Path, task: str) -> Mapping[str, object] | None:
    """What the file says of a task: its tasks are a mapping, or a list with the task's name in each.

    The candidates' fingerprints may stand beside the tasks instead of in them.
    """
    try:
        whole = orjson.loads(file.read_bytes())
    except (OSError, orjson.JSONDecodeError):
        return None
    tasks = whole.get("tasks") if isinstance(whole, dict) else None
    if isinstance(tasks, list):
        tasks = {str(one.get("task")): one for one in tasks if isinstance(one, dict)}
    entry = tasks.get(task) if isinstance(tasks, dict) else None
    if not isinstance(entry, dict):
        return None
    candidates = whole.get("candidate")
    beside = candidates.get(task) if isinstance(candidates, dict) else None
    return {"candidate": beside, **entry}


def _is_about(entry: Mapping[str, object], version: str, card: Card) -> bool:
    """By version, or by the fingerprint of the data, whole or its beginning."""
    named = entry.get("candidate")
    for name in named.values() if isinstance(named, dict) else [named]:
        said = str(name or "")
        if said == version or (len(said) >= _SHORTEST and card.data_sha256.startswith(said)):
            return True
    return False


def _reason(entry: Mapping[str, object]) -> str:
    for key in ("why", "losses", "reason"):
        if said := entry.get(key):
            return "; ".join(map(str, said)) if isinstance(said, list) else str(said)
    return ""
