"""What was answered, a line each as it comes, so that a run that was cut off goes on without repeating a case."""

import hashlib
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import IO

from pydantic import BaseModel, ValidationError

from agent.types import Reply
from evals.cases import Case
from evals.reporting.history import SUMMARY, read_summary
from evals.targets.target import Answered

ANSWERS = "answers.jsonl"


class _Line(BaseModel):
    key: str
    reply: Reply
    usage: dict[str, int]


def case_key(case: Case, target: str, time: int = 0) -> str:
    """Tells an answer apart by what was asked of whom, for the how manieth time: another wording, history or target is another key."""
    asked = case.model_dump_json(include={"id", "lang", "history", "question"})
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
    (folder / SUMMARY).unlink()


class AnswerLog:
    """Use as a context. `answers` holds what earlier runs into the folder were told, by key."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / ANSWERS
        self.answers: dict[str, Answered] = {}
        self._file: IO[bytes] | None = None

    def __enter__(self) -> "AnswerLog":
        whole = self._read()
        self._file = self._path.open("r+b" if self._path.exists() else "wb", buffering=0)
        self._file.truncate(whole)  # a line that a kill cut in two
        self._file.seek(whole)
        return self

    def __exit__(self, _kind: type[BaseException] | None, _: BaseException | None, _tb: TracebackType | None) -> None:
        assert self._file is not None
        self._file.close()

    def add(self, key: str, answered: Answered) -> None:
        """Keeps an answer, at once."""
        assert self._file is not None
        line = _Line(key=key, reply=answered.reply, usage=dict(answered.usage))
        self._file.write(line.model_dump_json().encode() + b"\n")
        self.answers[key] = answered

    def _read(self) -> int:
        """Takes in every whole line; how many bytes they are. A line that cannot be read is asked for anew."""
        if not self._path.exists():
            return 0
        whole = 0
        with self._path.open("rb") as lines:
            for line in lines:
                if not line.endswith(b"\n"):
                    break
                whole += len(line)
                try:
                    read = _Line.model_validate_json(line)
                except ValidationError:
                    continue
                self.answers[read.key] = Answered(reply=read.reply, usage=read.usage)
        return whole
