"""`parley eval`: its commands, and `run`."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agent.cli.output import fail, print_json, progress, stdout
from agent.settings import home_folder, load_settings
from agent.types import JsonValue
from evals.cases import Case, load_cases
from evals.comparing.command import compare
from evals.judge.agreement import command as agreement
from evals.retrieval_cli import retrieval

if TYPE_CHECKING:
    from evals.runner import Result

Cases = Annotated[list[Path], typer.Option("--cases", help="Files of cases, a JSON object a line.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    group = typer.Typer(help="How good the agent is.", no_args_is_help=True)
    group.command("run")(run)
    group.command("retrieval")(retrieval)
    group.command("compare")(compare)
    group.command("agreement")(agreement)
    app.add_typer(group, name="eval")


def run(
    cases: Cases,
    out: Annotated[Path, typer.Option(help="Folder for results, summary and report.")],
    fail_under: Annotated[list[str] | None, typer.Option(help="metric=value; status 1 when below.")] = None,
    as_json: AsJson = False,
) -> None:
    """Answer every case with the agent of this home and score the replies."""
    from evals.report import write_report
    from evals.summary import summarise

    thresholds = [_threshold(text) for text in fail_under or ()]
    loaded = [case for file in cases for case in load_cases(file)]
    results = asyncio.run(_run(loaded))
    summary = summarise(results)
    write_report(out, results, summary)
    if as_json:
        print_json(summary)
    else:
        for name, value in summary.items():
            if name != "risk_curve":
                stdout.print(f"{name:24}{value}", markup=False)
        stdout.print(f"report: {out / 'report.html'}", soft_wrap=True)
    below = [
        f"{name} is {summary.get(name)}, below {least}" for name, least in thresholds if _low(summary, name, least)
    ]
    if below:
        raise fail("; ".join(below), status=1)


async def _run(cases: list[Case]) -> "list[Result]":
    from agent.build import open_agent
    from evals.runner import run_cases

    async with open_agent(load_settings(home_folder()), warm=True) as agent:
        with progress("Answering") as line:
            return await run_cases(cases, agent, line)


def _threshold(text: str) -> tuple[str, float]:
    name, _, value = text.partition("=")
    try:
        return name, float(value)
    except ValueError as error:
        raise fail(f"--fail-under {text}: expected metric=value, e.g. right=0.8") from error


def _low(summary: dict[str, JsonValue], name: str, least: float) -> bool:
    value = summary.get(name)
    return not isinstance(value, int | float) or value < least
