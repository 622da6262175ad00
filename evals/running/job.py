"""What a command is to run: cases against a target into a folder, once for each suite."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from agent.cli.output import progress
from agent.errors import CallerError
from evals.cases import Case
from evals.running.log import version_of
from evals.suites.importing import read_cases
from evals.suites.suite import LoadedSuite, TargetOf, Threshold, load_suite, shipped
from evals.targets.target import Target

KEY = "PARLEY_EVAL_KEY"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One suite, or the cases at hand, into a folder. repeat: how often each case is asked."""

    cases: list[Case]
    out: Path
    target: TargetOf
    suite: LoadedSuite | None = None
    thresholds: dict[str, Threshold] = field(default_factory=dict)
    repeat: int = 1

    @property
    def name(self) -> str:
        """Of the suite, "" without one."""
        return self.suite.suite.name if self.suite else ""

    @property
    def version(self) -> str:
        """What is measured with, by content."""
        return version_of(self.cases, self.suite.text if self.suite else "")

    @property
    def key(self) -> str:
        """The same with what is asked, and how often."""
        return version_of([], f"{self.version} {self.target.model_dump_json()} {self.repeat} {self.name}")


def job_of_cases(files: list[Path], out: Path, target: TargetOf, limits: dict[str, Threshold], repeat: int) -> Job:
    """Of files of cases. Raises CallerError."""
    cases = [case for file in files for case in read_cases(file)]
    return Job(cases=cases, out=out, target=target, thresholds=limits, repeat=repeat)


def jobs_of_suites(
    names: list[str], out: Path, target: TargetOf, limits: dict[str, Threshold], repeat: int
) -> list[Job]:
    """Of suites, each into a folder of its own where they are several; `all`: those that are shipped. Raises CallerError."""
    loaded = [load_suite(name) for name in (shipped() if names == ["all"] else names)]
    if len({one.suite.name for one in loaded}) < len(loaded):
        raise CallerError("two of the suites have one name; their results would overwrite each other")
    return [
        Job(
            cases=[case for one in suite.suite.cases for case in read_cases(suite.path(one.file), one.format)],
            out=out / suite.suite.name if len(loaded) > 1 else out,
            target=target if target != TargetOf() else suite.suite.target,
            suite=suite,
            thresholds={**suite.suite.thresholds, **limits},
            repeat=repeat,
        )
        for suite in loaded
    ]


@asynccontextmanager
async def open_target(job: Job, work: Path) -> AsyncIterator[Target]:
    """What the job is run against. work: folder for homes that suites make."""
    import httpx

    from evals.targets.function import FunctionTarget
    from evals.targets.openai import OpenAITarget
    from evals.targets.served import ServedTarget

    wanted = job.target
    if wanted.function:
        yield FunctionTarget.load(wanted.function)
        return
    if address := wanted.url or wanted.openai:
        key = os.environ.get(KEY)
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        async with httpx.AsyncClient(base_url=address.rstrip("/") + "/", headers=headers, timeout=120) as client:
            if wanted.url:
                yield ServedTarget(client, instructions=instructions_of(None))
            else:
                yield OpenAITarget(client=client, model=wanted.model or "default")
        return
    async with _open_home(job, work) as target:
        yield target


@asynccontextmanager
async def _open_home(job: Job, work: Path) -> AsyncIterator[Target]:
    from agent.build import open_agent
    from agent.settings import home_folder, load_settings
    from evals.suites.preparing import prepare_home
    from evals.targets.home import HomeTarget
    from evals.targets.understanding import UnderstandingTarget

    root = home_folder()
    if job.suite and job.target.home:
        with progress("Preparing") as line:
            root = await asyncio.to_thread(prepare_home, job.suite, job.target.home, work, line)
    settings = load_settings(root)
    async with open_agent(settings, warm=True) as agent:
        if job.target.stage == "understand":
            yield UnderstandingTarget(agent, f"understanding of home {root.resolve()}")
            return
        yield HomeTarget(
            agent, f"home {root.resolve()}", instructions_of(root / "prompts"), (settings.company.handoff_contact,)
        )


def instructions_of(own: Path | None) -> tuple[str, ...]:
    """What an agent must keep to itself, in both languages. own: the folder of a home's prompts; None: as they are shipped."""
    from agent.generate.prompt_files import PromptFiles

    prompts = PromptFiles(own)
    return (prompts.instructions("en"), prompts.instructions("zh"))
