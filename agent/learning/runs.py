"""The dated folders of learning, `HOME/learning/2026-11-25-1/3-intents/`: made, resumed, found again."""

import hashlib
import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from agent.errors import CallerError
from agent.home import Home
from agent.learning.report import Report
from agent.learning.wording import Said
from agent.settings import Settings
from knowledge.progress import Progress

_RECORD = "step.json"
_RUN = re.compile(r"(\d{4}-\d\d-\d\d)-(\d+)")


class StepName(StrEnum):
    """The eight steps, in order."""

    COLLECT = "collect"
    CLEAN = "clean"
    INTENTS = "intents"
    GRAPH = "graph"
    SENTIMENT = "sentiment"
    TRAIN = "train"
    EVALUATE = "evaluate"
    USE = "use"


class StepRecord(BaseModel):
    """What a finished step was. figures: what its report begins with; inputs: fingerprint of what it was made from."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    step: StepName
    started: datetime
    finished: datetime
    figures: dict[str, float | int | str]
    inputs: str


@dataclass(frozen=True, slots=True)
class Run:
    """One pass over the eight steps."""

    root: Path

    def folder(self, step: StepName) -> Path:
        """Where a step leaves what it makes."""
        return self.root / f"{list(StepName).index(step) + 1}-{step.value}"

    def record(self, step: StepName) -> StepRecord | None:
        """The record of a step that was finished; else None."""
        try:
            return StepRecord.model_validate_json((self.folder(step) / _RECORD).read_bytes())
        except (OSError, ValidationError):
            return None

    def need(self, step: StepName, file: str) -> Path:
        """A file that an earlier step left. Raises CallerError that names the command to run first."""
        path = self.folder(step) / file
        if self.record(step) is None or not path.is_file():
            raise CallerError(
                f"{self.root.name} has no finished step {step.value!r}; run first: parley learn {step.value}"
            )
        return path


@dataclass(frozen=True, slots=True, kw_only=True)
class StepContext:
    """What a step works with. out: its own folder, which may hold what an interrupted pass left there."""

    home: Home
    settings: Settings
    run: Run
    out: Path
    progress: Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class StepOutcome:
    """What a step found."""

    figures: Mapping[str, float | int | str | Said]
    report: Report


Step = Callable[[StepContext], StepOutcome]
"""A step, its options bound: writes its files to `context.out`, raises CallerError for bad input, may be cut off."""


def perform(name: StepName, step: Step, context: StepContext, *, inputs: str) -> StepRecord:
    """Runs a step into its folder; the record, by which it counts as finished, is written last.

    inputs: see `fingerprint`; a finished step of the same inputs is not run again, later steps of this run are outdated.
    """
    done = context.run.record(name)
    if done is not None and done.inputs == inputs:
        return done
    _forget(context.run, name)
    context.out.mkdir(parents=True, exist_ok=True)
    started = _now()
    outcome = step(context)
    outcome.report.write(context.out, figures=outcome.figures)
    figures = {name: str(value) if isinstance(value, Said) else value for name, value in outcome.figures.items()}
    record = StepRecord(step=name, started=started, finished=_now(), figures=figures, inputs=inputs)
    draft = context.out / f".{_RECORD}"
    draft.write_text(record.model_dump_json(indent=1), "utf-8")
    draft.replace(context.out / _RECORD)
    return record


def fingerprint(run: Run, after: Sequence[StepName], options: Mapping[str, object], files: Sequence[Path] = ()) -> str:
    """What a step would be made from: the steps before it that it reads, its options, and files by their content."""
    before = {step: run.record(step) for step in after}
    made = {f"step {step.value}": record.finished.isoformat() if record else "-" for step, record in before.items()}
    return fingerprint_of({**made, **options}, files)


def fingerprint_of(options: Mapping[str, object], files: Sequence[Path]) -> str:
    """SHA-256 of options and of files by their content."""
    digest = hashlib.sha256()
    for name, value in sorted(options.items()):
        digest.update(f"{name}={value!r}\n".encode())
    for file in files:
        digest.update(file.name.encode() + b"\n")
        with file.open("rb") as stream:
            digest.update(hashlib.file_digest(stream, "sha256").digest())
    return digest.hexdigest()


def runs_of(home: Home) -> list[Run]:
    """All runs, the latest last."""
    folder = home.root / "learning"
    found = [(match, path) for path in folder.glob("*") if (match := _RUN.fullmatch(path.name)) and path.is_dir()]
    return [Run(path) for _, path in sorted(found, key=lambda pair: (pair[0][1], int(pair[0][2])))]


def new_run(home: Home, today: date | None = None) -> Run:
    """An empty run, named by its day (UTC) and a number."""
    day = (today or _now().date()).isoformat()
    taken = [int(run.root.name.rsplit("-", 1)[1]) for run in runs_of(home) if run.root.name.startswith(day)]
    run = Run(home.root / "learning" / f"{day}-{max(taken, default=0) + 1}")
    run.root.mkdir(parents=True)
    return run


def _forget(run: Run, name: StepName) -> None:
    """Takes away the records of a step and of those after it; their files stay until they are made anew."""
    steps = list(StepName)
    for step in steps[steps.index(name) :]:
        (run.folder(step) / _RECORD).unlink(missing_ok=True)


def remove(run: Run) -> None:
    """Deletes a run and all that it holds."""
    shutil.rmtree(run.root)


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)
