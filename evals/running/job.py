"""What a command is to run: cases against a target into a folder, once for each suite."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from agent.errors import CallerError
from evals.cases import Case
from evals.names import free_name
from evals.running.log import version_of
from evals.suites.importing import read_cases
from evals.suites.splits import taken
from evals.suites.suite import CasesOf, JudgeOf, LoadedSuite, TargetOf, Threshold, load_suite, shipped

READINGS = 64
"""Cases at the same time that are only read: in batches of those who come together."""

_TURNS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One suite, or the cases at hand, into a folder. repeat: how often each case is asked; judge: grades its replies, too.

    meaning: texts are compared by MiniLM, too, where it is installed and understands them.
    rated: a file of answers that people graded, "" without: how far the judges agree with them.
    """

    cases: list[Case]
    out: Path
    target: TargetOf
    suite: LoadedSuite | None = None
    judge: JudgeOf | None = None
    meaning: bool = False
    rated: str = ""
    thresholds: dict[str, Threshold] = field(default_factory=dict)
    repeat: int = 1

    @property
    def name(self) -> str:
        """Of the suite, "" without one."""
        return self.suite.suite.name if self.suite else ""

    @property
    def at_once(self) -> int:
        """How many cases are best asked at the same time."""
        return READINGS if self.target.stage == "understand" else _TURNS

    @property
    def version(self) -> str:
        """What is measured with, by content."""
        return version_of(self.cases, self.suite.text if self.suite else "")

    @property
    def key(self) -> str:
        """The same with what is asked, and how often."""
        asked = f"{self.target.model_dump_json()} {self.repeat} {self.judge.model_dump_json() if self.judge else ''}"
        return version_of([], f"{self.version} {asked} {self.name}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a command says beside cases and suites; a target or a judge that it names stands before a suite's own."""

    target: TargetOf = field(default_factory=TargetOf)
    thresholds: dict[str, Threshold] = field(default_factory=dict)
    repeat: int = 1
    judge: JudgeOf | None = None
    meaning: bool = False
    rated: str = ""


def job_of_cases(files: list[Path], out: Path, wanted: Wanted) -> Job:
    """Of files of cases. Raises CallerError."""
    return Job(
        cases=_apart((file.stem, read_cases(file)) for file in files),
        out=out,
        target=wanted.target,
        thresholds=wanted.thresholds,
        repeat=wanted.repeat,
        judge=wanted.judge,
        meaning=wanted.meaning,
        rated=wanted.rated,
    )


def jobs_of_suites(names: list[str], out: Path, wanted: Wanted) -> list[Job]:
    """Of suites, each into a folder of its own where they are several; `all`: those that are shipped. Raises CallerError."""
    loaded = [load_suite(name) for name in (shipped() if names == ["all"] else names)]
    if len({one.suite.name for one in loaded}) < len(loaded):
        raise CallerError("two of the suites have one name; their results would overwrite each other")
    return [
        Job(
            cases=_apart((Path(one.file).stem, _cases(suite, one)) for one in suite.suite.cases),
            out=out / suite.suite.name if len(loaded) > 1 else out,
            target=wanted.target if wanted.target != TargetOf() else suite.suite.target,
            suite=suite,
            thresholds={**suite.suite.thresholds, **wanted.thresholds},
            repeat=wanted.repeat,
            judge=wanted.judge or suite.suite.judge,
            meaning=wanted.meaning or suite.suite.meaning,
            rated=wanted.rated or str(suite.path(suite.suite.rated) if suite.suite.rated else ""),
        )
        for suite in loaded
    ]


def _apart(files: Iterable[tuple[str, list[Case]]]) -> list[Case]:
    """All cases, each by an id of its own, which results, answers and comparisons know it by. files: name and cases of each."""
    taken: set[str] = set()
    found = []
    for stem, cases in files:
        for case in cases:
            name = free_name(case.id, stem, taken)
            found.append(case if name == case.id else case.model_copy(update={"id": name}))
    return found


def _cases(suite: LoadedSuite, wanted: CasesOf) -> list[Case]:
    return taken(read_cases(suite.path(wanted.file), wanted.format), wanted.split, wanted.test_share)
