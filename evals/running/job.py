"""What a command is to run: cases against a target into a folder, once for each suite."""

import asyncio
import os
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING

from agent.cli.output import progress
from agent.errors import CallerError
from evals.cases import Case
from evals.runner import Result
from evals.running.log import version_of
from evals.running.run import Limits
from evals.suites.importing import read_cases
from evals.suites.splits import taken
from evals.suites.suite import CasesOf, JudgeOf, LoadedSuite, TargetOf, Threshold, load_suite, shipped
from evals.targets.target import Target
from knowledge.progress import Progress

if TYPE_CHECKING:
    from ssl import SSLContext

    import httpx

    from agent.conversations import Conversations
    from agent.loop import Agent
    from evals.judge.grading import Graded
    from evals.judge.rated import RatedAnswer
    from evals.judge.rubric import Rubric

KEY = "PARLEY_EVAL_KEY"
_CLIENTS = 16
_TURNS, _READINGS = 2, 64  # at the same time; what is only read is read in batches of those who come together


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
        return _READINGS if self.target.stage == "understand" else _TURNS

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
        cases=[case for file in files for case in read_cases(file)],
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
            cases=[case for one in suite.suite.cases for case in _cases(suite, one)],
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


def _cases(suite: LoadedSuite, wanted: CasesOf) -> list[Case]:
    return taken(read_cases(suite.path(wanted.file), wanted.format), wanted.split, wanted.test_share)


@asynccontextmanager
async def open_target(job: Job, work: Path) -> AsyncIterator[Target]:
    """What the job is run against. work: folder for homes that suites make."""
    import httpx

    from evals.targets.function import FunctionTarget
    from evals.targets.openai import OpenAITarget
    from evals.targets.served import ServedTarget

    wanted = job.target
    if wanted.stage != "turn" and any(case.dialogue for case in job.cases):
        raise CallerError("a dialogue needs whole turns; leave `stage: understand` out, or the dialogues")
    if wanted.function:
        yield FunctionTarget.load(wanted.function)
        return
    if wanted.url:
        async with server_client(wanted.url) as client:
            yield ServedTarget(client, instructions=instructions_of(None))
        return
    if wanted.openai:
        verify = httpx.create_ssl_context()
        async with AsyncExitStack() as opened:
            clients = [await opened.enter_async_context(server_client(wanted.openai, verify)) for _ in range(_CLIENTS)]
            yield OpenAITarget(client=clients[0], model=wanted.model or "default", clients=cycle(clients))
        return
    async with _open_home(job, work) as target:
        yield target


@asynccontextmanager
async def server_client(address: str, verify: "SSLContext | None" = None) -> AsyncIterator["httpx.AsyncClient"]:
    """A client of what is asked at an address, with the key of PARLEY_EVAL_KEY. verify: where one context serves several."""
    import httpx

    key = os.environ.get(KEY)
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    base = address.rstrip("/") + "/"
    async with httpx.AsyncClient(base_url=base, headers=headers, timeout=120, verify=verify or True) as client:
        yield client


async def graded(job: Job, results: Sequence[Result], limits: Limits, progress: Progress) -> "Graded":
    """The results with the grades of the job's judge. Raises CallerError where its rubrics or rated answers are broken."""
    # Imported here: the client costs a second that a run without a judge need not pay.
    from evals.judge.endpoint import open_judge
    from evals.judge.grading import grade_run

    wanted = job.judge
    assert wanted is not None
    rubrics, rated = rated_answers(job)
    async with open_judge(wanted.openai, wanted.model, votes=wanted.votes, tries=limits.tries) as judge:
        return await grade_run(results, rubrics, judge, job.out, rated, at_once=limits.at_once, progress=progress)


def rated_answers(job: Job) -> "tuple[list[Rubric], list[RatedAnswer]]":
    """The rubrics of the job's judge, without one those that are shipped, and the answers that people graded by them.

    Raises CallerError where they are broken.
    """
    from evals.judge.rated import load_rated_answers
    from evals.judge.rubric import SHIPPED, load_rubric

    wanted = job.judge
    place = job.suite.path if job.suite and wanted and job.suite.suite.judge == wanted else Path
    names = wanted.rubrics if wanted else SHIPPED
    rubrics = [load_rubric(place(name) if Path(name).suffix else name) for name in names]
    file = place(wanted.rated) if wanted and wanted.rated else Path(job.rated) if job.rated else None
    return rubrics, load_rated_answers(file, rubrics) if file else []


@asynccontextmanager
async def _open_home(job: Job, work: Path) -> AsyncIterator[Target]:
    from agent.build import open_agent, open_conversations
    from agent.settings import home_folder, load_settings
    from evals.suites.preparing import prepare_home
    from evals.targets.home import HomeTarget
    from evals.targets.understanding import UnderstandingTarget

    root = home_folder()
    if job.suite and job.target.home:
        with progress("Preparing") as line:
            root = await asyncio.to_thread(prepare_home, job.suite, job.target.home, work, line)
    settings = load_settings(root)
    now = job.target.home.now if job.target.home else None
    clock = lambda: now or datetime.now().astimezone()  # noqa: E731
    if job.target.stage == "understand":
        async with open_agent(settings, warm=True, clock=clock, at_once=_READINGS) as reader:
            asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(_READINGS))
            yield UnderstandingTarget(reader, f"understanding of home {root.resolve()}")
        return
    held = sum(case.dialogue is not None for case in job.cases)
    async with AsyncExitStack() as opened:
        agent: Agent | None = None
        desk: Conversations | None = None
        if held < len(job.cases):
            agent = await opened.enter_async_context(open_agent(settings, warm=True, clock=clock))
        if held:
            desk = await opened.enter_async_context(open_conversations(settings, clock=clock))
        yield HomeTarget(
            agent,
            f"home {root.resolve()}",
            instructions_of(root / "prompts"),
            (settings.company.handoff_contact,),
            desk,
        )


def instructions_of(own: Path | None) -> tuple[str, ...]:
    """What an agent must keep to itself, in both languages. own: the folder of a home's prompts; None: as they are shipped."""
    from agent.generate.prompt_files import PromptFiles

    prompts = PromptFiles(own)
    return (prompts.instructions("en"), prompts.instructions("zh"))
