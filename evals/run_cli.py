"""`parley eval run`: cases or suites against a target; a report, and a status for scripts."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agent.cli.output import fail, print_json, progress, stderr, stdout
from agent.types import JsonValue
from evals.metrics.registry import metric_of
from evals.printing import print_figure
from evals.suites.suite import WORK, TargetOf, Threshold

if TYPE_CHECKING:
    from evals.running.interrupted import Marker
    from evals.running.job import Job
    from evals.running.run import Limits, Run

_UNPRINTED = frozenset({"risk_curve", "intervals", "slices", "judge", "contaminated_cases"})


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
    repeat: Annotated[
        int, typer.Option(min=1, help="Ask each case so often; pass^k says how many are right each time.")
    ] = 1,
    at_once: Annotated[int, typer.Option(min=1, help="Cases asked at the same time.")] = 2,
    tries: Annotated[int, typer.Option(min=1, help="Of each case, before it counts as failed.")] = 3,
    most_tokens: Annotated[int | None, typer.Option(help="Stop when a run has used so many.")] = None,
    most_cost: Annotated[float | None, typer.Option(help="Stop when a run has cost so much, by --price.")] = None,
    price: Annotated[tuple[float, float], typer.Option(help="Of a thousand tokens read, and written.")] = (0.0, 0.0),
    keep: Annotated[
        bool, typer.Option(help="Ask no case again that a finished run in the folder answered; only score.")
    ] = False,
    work: Annotated[Path, typer.Option(help="Folder for the homes that suites make.")] = WORK,
    fail_under: Annotated[list[str] | None, typer.Option(help="metric=value; status 1 when below.")] = None,
    fail_over: Annotated[
        list[str] | None, typer.Option(help="metric=value; status 1 when above: wrong=0.05, latency_ms.p95=800.")
    ] = None,
    lang: Annotated[str, typer.Option(help="What the report opens in: en or zh.")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Answer every case and score the replies. A run that was cut off goes on where it was."""
    from evals.metrics.running import Price
    from evals.running.interrupted import Marker
    from evals.running.job import job_of_cases, jobs_of_suites
    from evals.running.log import forget_finished
    from evals.running.run import Limits

    if bool(cases) == bool(suite):
        raise fail("give either --cases FILE or --suite FILE")
    given = TargetOf(url=url, openai=openai, model=model, function=function)
    held = _thresholds(fail_under or (), fail_over or ())
    jobs = (
        [job_of_cases(cases, out, given, held, repeat)]
        if cases
        else jobs_of_suites(suite or [], out, given, held, repeat)
    )
    limits = Limits(
        at_once=at_once,
        tries=tries,
        most_tokens=most_tokens,
        most_cost=most_cost,
        price=Price(prompt=price[0], completion=price[1]),
    )
    marker = Marker(out)
    if not keep and not marker.interrupted:
        for job in jobs:
            forget_finished(job.out)
    marker.begin()
    told: dict[str, Mapping[str, JsonValue]] = {}
    wrong: list[str] = []
    for job in jobs:
        summary, found = _one(job, limits, marker, work.expanduser(), lang)
        told[job.name] = summary
        wrong += [f"{job.name}: {fault}" if len(jobs) > 1 else fault for fault in found]
        if not as_json:
            _print(summary, job)
    _end(jobs, told, out, lang, marker, as_json)
    if wrong:
        raise fail("; ".join(wrong), status=1)


def _one(
    job: "Job", limits: "Limits", marker: "Marker", work: Path, lang: str
) -> tuple[Mapping[str, JsonValue], list[str]]:
    """Runs a job, or takes what it left before the command was cut off; what is not as it must be."""
    from evals.reporting.history import read_summary
    from evals.running.conclusion import conclude, faults

    summary = read_summary(job.out) if marker.has_finished(job.key) else None
    if summary is None:
        summary = conclude(job, asyncio.run(_run(job, limits, work)), lang)
        if not summary["failed"] and not summary["left"]:
            marker.finish(job.key)
    return summary, faults(summary, job.thresholds)


async def _run(job: "Job", limits: "Limits", work: Path) -> "Run":
    from collections import Counter

    from evals.running.job import open_target
    from evals.running.log import AnswerLog
    from evals.running.run import run_cases
    from evals.statistics.power import announcement

    kinds = Counter(case.kind for case in job.cases)
    stderr.print(announcement(len(job.cases), kinds if len(kinds) > 1 else None), soft_wrap=True, markup=False)
    async with open_target(job, work) as target:
        with AnswerLog(job.out) as log, progress("Answering") as line:
            return await run_cases(job.cases, target, log, line, limits, job.repeat)


def _end(
    jobs: "list[Job]",
    told: Mapping[str, Mapping[str, JsonValue]],
    out: Path,
    lang: str,
    marker: "Marker",
    as_json: bool,
) -> None:
    """The joint report of several suites, and the end of the command."""
    if len(jobs) > 1:
        from evals.reporting.joint import Part, write_joint

        parts = [
            Part(suite=job.suite.suite, summary=summary, thresholds=job.thresholds)
            for job, summary in zip(jobs, told.values(), strict=True)
            if job.suite
        ]
        write_joint(out, parts, lang)
        if not as_json:
            stdout.print(f"all suites: {out / 'report.html'}", soft_wrap=True)
    marker.end()
    if as_json:
        print_json(told if len(jobs) > 1 else next(iter(told.values())))


def _print(summary: Mapping[str, JsonValue], job: "Job") -> None:
    from evals.judge.columns import judge_words

    if job.name:
        stdout.print(f"— {job.name}", markup=False)
    for figure, value in summary.items():
        if figure not in _UNPRINTED:
            print_figure(figure, value)
    for line in judge_words(summary):
        stdout.print(line, markup=False, soft_wrap=True)
    stdout.print(f"report: {job.out / 'report.html'}", soft_wrap=True)


def _thresholds(least: Sequence[str], most: Sequence[str]) -> dict[str, Threshold]:
    """By metric; a floor under what should be low is refused, as it would pass what it is meant to stop."""
    floors, ceilings = dict(map(_threshold, least)), dict(map(_threshold, most))
    for name, value in floors.items():
        metric = metric_of(name)
        if metric and metric.better == "lower":
            raise fail(f"--fail-under {name}: less of it is better; use --fail-over {name}={value:g}")
    return {name: Threshold(min=floors.get(name), max=ceilings.get(name)) for name in {**floors, **ceilings}}


def _threshold(text: str) -> tuple[str, float]:
    name, _, value = text.partition("=")
    try:
        return name, float(value)
    except ValueError as error:
        raise fail(f"{text}: expected metric=value, e.g. right=0.8") from error
