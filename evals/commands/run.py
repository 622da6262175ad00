"""`parley eval run`: cases or suites against a target; a report, and a status for scripts."""

from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from pydantic import ValidationError

from agent.cli.output import fail, print_json, stdout
from agent.types import JsonValue
from evals.commands.language import Lang
from evals.commands.printing import print_figures
from evals.commands.thresholds import FailOver, FailUnder, thresholds_of
from evals.judge.options import JudgeModel
from evals.judge.rubric import SHIPPED
from evals.suites.suite import WORK, JudgeOf, TargetOf

if TYPE_CHECKING:
    from evals.running.interrupted import Marker
    from evals.running.job import Job

_RUBRIC = f"What it grades by: a YAML file of your own, or {', '.join(SHIPPED)} (without the option all three)."


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
    at_once: Annotated[
        int | None,
        typer.Option(min=1, help="Cases asked at the same time: 2, or 64 where the first stage alone is asked."),
    ] = None,
    processes: Annotated[
        int, typer.Option(min=1, help="Suites run at the same time, each in a process of its own: one for each core.")
    ] = 1,
    ray: Annotated[
        int, typer.Option(min=0, help="Cut each suite into so many shards and run them on a Ray cluster (extra `ray`).")
    ] = 0,
    tries: Annotated[int, typer.Option(min=1, help="Of each case, before it counts as failed.")] = 3,
    most_tokens: Annotated[int | None, typer.Option(help="Stop when a run has used so many.")] = None,
    most_cost: Annotated[float | None, typer.Option(help="Stop when a run has cost so much, by --price.")] = None,
    price: Annotated[tuple[float, float], typer.Option(help="Of a thousand tokens read, and written.")] = (0.0, 0.0),
    keep: Annotated[
        bool, typer.Option(help="Ask no case again that a finished run in the folder answered; only score.")
    ] = False,
    work: Annotated[Path, typer.Option(help="Folder for the homes that suites make.")] = WORK,
    fail_under: FailUnder = None,
    fail_over: FailOver = None,
    judge: Annotated[
        str,
        typer.Option(help="Base address (…/v1) of a chat model that grades every reply; its key in PARLEY_JUDGE_KEY."),
    ] = "",
    judge_model: JudgeModel = "default",
    rubric: Annotated[list[str] | None, typer.Option(help=_RUBRIC)] = None,
    rated: Annotated[
        Path | None,
        typer.Option(help="Answers that people graded, an object a line: how far the judges agree with them."),
    ] = None,
    meaning: Annotated[
        bool,
        typer.Option(
            help="Also compare English texts in meaning, by MiniLM: with references, and for the fitted judge."
        ),
    ] = False,
    lang: Lang = "en",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Answer every case and score the replies. A run that was cut off goes on where it was."""
    from evals.metrics.running import Price
    from evals.running.conclusion import faults
    from evals.running.interrupted import Marker
    from evals.running.job import Wanted, job_of_cases, jobs_of_suites
    from evals.running.jobs import Manner, run_jobs
    from evals.running.log import forget_finished
    from evals.running.run import Limits

    if ray and not find_spec("ray"):
        raise fail("--ray: Ray is not installed; install the extra `ray`: pip install 'parley[ray]'")
    if bool(cases) == bool(suite):
        raise fail("give either --cases FILE or --suite FILE")
    try:
        wanted = Wanted(
            target=TargetOf(url=url, openai=openai, model=model, function=function),
            thresholds=thresholds_of(fail_under or (), fail_over or ()),
            repeat=repeat,
            judge=_judge(judge, judge_model, rubric or list(SHIPPED), rated),
            meaning=meaning,
            rated=str(rated or ""),
        )
    except ValidationError as error:
        raise fail(error.errors()[0]["msg"].removeprefix("Value error, ")) from error
    jobs = [job_of_cases(cases, out, wanted)] if cases else jobs_of_suites(suite or [], out, wanted)
    limits = Limits(
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
    manner = Manner(limits=limits, work=work.expanduser(), language=lang, at_once=at_once, shards=ray)
    for job, summary in run_jobs(jobs, manner, marker, processes):
        told[job.name] = summary
        wrong += [f"{job.name}: {fault}" if len(jobs) > 1 else fault for fault in faults(summary, job.thresholds)]
        if not as_json:
            _print(summary, job)
    _end(jobs, {job.name: told[job.name] for job in jobs}, out, lang, marker, as_json)
    if wrong:
        raise fail("; ".join(wrong), status=1)


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
    print_figures(summary)
    for line in judge_words(summary):
        stdout.print(line, markup=False, soft_wrap=True)
    stdout.print(f"report: {job.out / 'report.html'}", soft_wrap=True)


def _judge(address: str, model: str, rubrics: list[str], rated: Path | None) -> JudgeOf | None:
    if not address:
        return None
    return JudgeOf(openai=address, model=model, rubrics=rubrics, rated=str(rated or ""))
