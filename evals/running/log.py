"""What was answered, a line each as it comes, so that a run that was cut off goes on without repeating a case."""

import hashlib
import shutil
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType

import orjson

from agent.types import Reply
from evals.cases import Case
from evals.reporting.history import SUMMARY, read_summary
from evals.running.kept import KeptLines, Keyed
from evals.targets.target import Answered, Done

ANSWERS = "answers.jsonl"
SHARDS = "shards"
"""The folder of a run on a cluster: each shard's answers in one of its own."""


class _Line(Keyed):
    reply: Reply
    usage: dict[str, int]
    bare: bool = False
    turns: tuple[Reply, ...] = ()
    done: tuple[Done, ...] | None = None


def case_key(case: Case, target: str, time: int = 0) -> str:
    """Tells an answer apart by what was asked of whom, for the how manieth time: another wording, history or target is another key.

    What is expected of the answer changes no key: it is scored anew.
    """
    asked = case.model_dump_json(include={"id", "lang", "history", "question"})
    if case.dialogue is not None:
        asked += orjson.dumps([turn.say for turn in case.dialogue.turns]).decode()
    return hashlib.sha256(f"{target}\n{asked}{f' {time}' if time else ''}".encode()).hexdigest()


def version_of(cases: Iterable[Case], suite: str = "") -> str:
    """What was measured with, by content: sixteen hexadecimal digits that change with any case or with the suite."""
    digest = hashlib.sha256(suite.encode())
    for case in cases:
        digest.update(b"\n" + case.model_dump_json().encode())
    return digest.hexdigest()[:16]


def forget_finished(folder: Path) -> None:
    """Removes the answers of a run that came to its end, as the target may have changed since; one that was cut off keeps its."""
    ended = read_summary(folder)
    if ended is None:
        return
    if not ended.get("failed") and not ended.get("left"):
        (folder / ANSWERS).unlink(missing_ok=True)
        shutil.rmtree(folder / SHARDS, ignore_errors=True)
    (folder / SUMMARY).unlink()


class AnswerLog:
    """Use as a context. `answers` holds what earlier runs into the folder were told, by key."""

    def __init__(self, folder: Path) -> None:
        self._kept = KeptLines(folder / ANSWERS, _Line)
        self.answers: dict[str, Answered] = {}

    def __enter__(self) -> "AnswerLog":
        self._kept.__enter__()
        self.answers = {key: _answered(line) for key, line in self._kept.lines.items()}
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._kept.__exit__(kind, error, tb)

    def add(self, key: str, answered: Answered) -> None:
        """Keeps an answer, at once."""
        line = _Line(
            key=key,
            reply=answered.reply,
            usage=dict(answered.usage),
            bare=answered.bare,
            turns=answered.turns,
            done=answered.done,
        )
        self._kept.add(line)
        self.answers[key] = answered


def _answered(line: _Line) -> Answered:
    return Answered(reply=line.reply, usage=line.usage, bare=line.bare, turns=line.turns, done=line.done)
