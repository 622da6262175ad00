"""`parley eval run`: cases or suites against a target; a report, and a status for scripts."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agent.cli.output import fail, print_json, progress, stderr, stdout
from agent.types import JsonValue
from evals.cases import Case
from evals.suites.suite import LoadedSuite, TargetOf, Threshold, load_suite

if TYPE_CHECKING:
    from evals.running.run import Limits, Run
    from evals.targets.target import Target

_WORK = Path("~/.cache/parley/evals")
_KEY = "PARLEY_EVAL_KEY"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    """One suite, or the cases at hand, into a folder."""

    cases: list[Case]
    out: Path
    target: TargetOf
    suite: LoadedSuite | None = None
    thresholds: dict[str, Threshold] = field(default_factory=dict)


def run(
    out: Annotated[
        Path, typer.Option(help="Folder for results, summary and report; of several suites, one each within.")
    ],
    cases: Annotated[
        list[Path] | None,
        typer.Option(
            "--cases", help="Files of cases, a JSON object a line; csv, LangSmith, Langfuse or RAGAS records."
        ),
    ] = None,
    suite: Annotated[
        list[str] | None,
        typer.Option("--suite", help="A suite in YAML, or a shipped one by name; `all` for every shipped one."),
    ] = None,
    url: Annotated[str, typer.Option(help="Address of a running Parley server, to ask in place of the home.")] = "",
    openai: Annotated[
        str, typer.Option(help="Base address (…/v1) of an endpoint in OpenAI's form, to ask instead.")
    ] = "",
    model: Annotated[str, typer.Option(help="The model to ask for there.")] = "",
    function: Annotated[str, typer.Option(help="module:function to ask instead.")] = "",
    at_once: Annotated[int, typer.Option(min=1, help="Cases asked at the same time.")] = 2,
    tries: Annotated[int, typer.Option(min=1, help="Of each case, before it counts as failed.")] = 3,
    most_tokens: Annotated[int | None, typer.Option(help="Stop when a run has used so many.")] = None,
    most_cost: Annotated[float | None, typer.Option(help="Stop when a run has cost so much, by --price.")] = None,
    price: Annotated[tuple[float, float], typer.Option(help="Of a thousand tokens read, and written.")] = (0.0, 0.0),
    keep: Annotated[
        bool, typer.Option(help="Ask no case again that a finished run in the folder answered; only score.")
    ] = False,
    work: Annotated[Path, typer.Option(help="Folder for the homes that suites make.")] = _WORK,
    fail_under: Annotated[list[str] | None, typer.Option(help="metric=value; status 1 when below.")] = None,
    lang: Annotated[str, typer.Option(help="What the report opens in: en or zh.")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Answer every case and score the replies. A run that was cut off goes on where it was."""
    from evals.metrics.running import Price
    from evals.running.run import Limits

    given = TargetOf(url=url, openai=openai, model=model, function=function)
    least = {name: Threshold(min=value) for name, value in map(_threshold, fail_under or ())}
    jobs = _jobs(cases or [], suite or [], out, given, least)
    limits = Limits(
        at_once=at_once,
        tries=tries,
        most_tokens=most_tokens,
        most_cost=most_cost,
        price=Price(prompt=price[0], completion=price[1]),
    )
    wrong: list[str] = []
    told: dict[str, JsonValue] = {}
    for job in jobs:
        summary, faults = _report(job, asyncio.run(_run(job, limits, keep, work.expanduser())), lang)
        name = job.suite.suite.name if job.suite else ""
        told[name] = summary
        wrong += [f"{name}: {fault}" if name and len(jobs) > 1 else fault for fault in faults]
        if not as_json:
            _print(summary, job.out, name)
    if as_json:
        print_json(told if len(jobs) > 1 else next(iter(told.values())))
    if wrong:
        raise fail("; ".join(wrong), status=1)


def _jobs(cases: list[Path], suites: list[str], out: Path, given: TargetOf, least: dict[str, Threshold]) -> list[_Job]:
    from evals.suites.importing import read_cases
    from evals.suites.suite import shipped

    if bool(cases) == bool(suites):
        raise fail("give either --cases FILE or --suite FILE")
    if cases:
        return [
            _Job(cases=[case for file in cases for case in read_cases(file)], out=out, target=given, thresholds=least)
        ]
    loaded = [load_suite(name) for name in (shipped() if suites == ["all"] else suites)]
    return [
        _Job(
            cases=[case for one in suite.suite.cases for case in read_cases(suite.path(one.file), one.format)],
            out=out / suite.suite.name if len(loaded) > 1 else out,
            target=given if given != TargetOf() else suite.suite.target,
            suite=suite,
            thresholds={**suite.suite.thresholds, **least},
        )
        for suite in loaded
    ]


async def _run(job: _Job, limits: "Limits", keep: bool, work: Path) -> "Run":
    from evals.running.log import AnswerLog, forget_finished
    from evals.running.run import run_cases
    from evals.statistics.power import announcement

    stderr.print(announcement(len(job.cases)), soft_wrap=True, markup=False)
    if not keep:
        forget_finished(job.out)
    async with _open_target(job, work) as target:
        with AnswerLog(job.out) as log, progress("Answering") as line:
            return await run_cases(job.cases, target, log, line, limits)


@asynccontextmanager
async def _open_target(job: _Job, work: Path) -> "AsyncIterator[Target]":
    import os

    import httpx

    from evals.targets.function import FunctionTarget
    from evals.targets.openai import OpenAITarget
    from evals.targets.served import ServedTarget

    wanted = job.target
    if wanted.function:
        yield FunctionTarget.load(wanted.function)
        return
    if address := wanted.url or wanted.openai:
        key = os.environ.get(_KEY)
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        async with httpx.AsyncClient(base_url=address.rstrip("/") + "/", headers=headers, timeout=120) as client:
            yield ServedTarget(client) if wanted.url else OpenAITarget(client=client, model=wanted.model or "default")
        return
    async with _open_home(job, work) as target:
        yield target


@asynccontextmanager
async def _open_home(job: _Job, work: Path) -> "AsyncIterator[Target]":
    from agent.build import open_agent
    from agent.settings import home_folder, load_settings
    from evals.suites.preparing import prepare_home
    from evals.targets.home import HomeTarget

    root = home_folder()
    if job.suite and job.target.home:
        with progress("Preparing") as line:
            root = await asyncio.to_thread(prepare_home, job.suite, job.target.home, work, line)
    async with open_agent(load_settings(root), warm=True) as agent:
        yield HomeTarget(agent, f"home {root.resolve()}")


def _report(job: _Job, run: "Run", language: str) -> tuple[dict[str, JsonValue], list[str]]:
    """Writes everything down; the summary, and what is not as it must be."""
    from evals.reporting.files import write_report
    from evals.running.log import version_of
    from evals.summary import summarise

    if not run.results:
        raise fail(
            f"no case was answered; the first failed so: {next(iter(run.failed.values()), 'a limit was reached')}",
            status=1,
        )
    summary: dict[str, JsonValue] = {
        **summarise(run.results),
        "version": version_of(job.cases, job.suite.text if job.suite else ""),
        "failed": len(run.failed),
        **_of_suite(job, run),
        "left": run.left,
        "tokens": run.tokens,
        "cost": round(run.cost, 6),
    }
    write_report(job.out, run.results, summary, run.failed, job.thresholds, language)
    faults = [fault for name, limit in job.thresholds.items() if (fault := _beyond(summary, name, limit))]
    if run.failed:
        faults.append(f"{len(run.failed)} cases failed, the first so: {next(iter(run.failed.values()))}")
    if run.left:
        faults.append(f"{run.left} cases were left when a limit was reached; run it again with a higher one to go on")
    return summary, faults


def _of_suite(job: _Job, run: "Run") -> dict[str, JsonValue]:
    """What a suite asks for besides: slices with their intervals, and cases that stand in training data."""
    from evals.statistics.slices import sliced
    from evals.suites.contamination import contaminated

    if job.suite is None:
        return {}
    cut: dict[str, list[str]] = {
        by: [str(getattr(one.case, by)) for one in run.results] for by in job.suite.suite.slices
    }
    slices: list[JsonValue] = []
    for one in sliced([result.scores["right"] for result in run.results], cut):
        ends: list[JsonValue] = [one.interval.low, one.interval.high]
        slices.append(
            {"by": one.by, "name": one.name, "right": one.interval.value, "interval": ends, "cases": one.interval.n}
        )
    training = [job.suite.path(name) for name in job.suite.suite.training]
    copies = contaminated(job.cases, training) if training else {}
    return {"slices": slices, **({"contaminated": len(copies), "contaminated_cases": copies} if training else {})}


def _print(summary: dict[str, JsonValue], out: Path, name: str) -> None:
    if name:
        stdout.print(f"— {name}", markup=False)
    for figure, value in summary.items():
        if figure not in {"risk_curve", "intervals"}:
            stdout.print(f"{figure:24}{value}", markup=False)
    stdout.print(f"report: {out / 'report.html'}", soft_wrap=True)


def _threshold(text: str) -> tuple[str, float]:
    name, _, value = text.partition("=")
    try:
        return name, float(value)
    except ValueError as error:
        raise fail(f"--fail-under {text}: expected metric=value, e.g. right=0.8") from error


def _beyond(summary: dict[str, JsonValue], name: str, limit: Threshold) -> str:
    value = summary.get(name)
    if not isinstance(value, int | float):
        return f"{name} is {value}, so no threshold can be held to it"
    if limit.min is not None and value < limit.min:
        return f"{name} is {value}, below {limit.min}"
    return f"{name} is {value}, above {limit.max}" if limit.max is not None and value > limit.max else ""
