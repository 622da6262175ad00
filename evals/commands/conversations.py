"""`parley eval conversations`: existing transcripts, scored as they are."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agent.cli.output import fail, print_json, print_skipped, progress, stderr, stdout
from agent.cli.speakers import Speaker, speakers_of
from agent.types import JsonValue
from evals.commands.language import Lang
from evals.commands.printing import print_figure, print_figures
from evals.commands.thresholds import FailOver, FailUnder, thresholds_of

if TYPE_CHECKING:
    from agent.learning.imports import Speakers
    from evals.scoring.transcripts import Transcript


def conversations(
    files: Annotated[list[Path], typer.Argument(help="jsonl, csv, or a Slack export (folder or zip).")],
    out: Annotated[
        Path | None, typer.Option(help="Folder for the report, results.jsonl, summary.json and conversations.csv.")
    ] = None,
    speaker: Speaker = None,
    fail_under: FailUnder = None,
    fail_over: FailOver = None,
    lang: Lang = "en",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Score conversations of any system, without asking anything: repeated answers, contradictions, containment, mood."""
    from evals.reporting.transcripts import write_transcripts
    from evals.running.conclusion import faults
    from evals.scoring.transcripts import summary_of

    thresholds = thresholds_of(fail_under or (), fail_over or ())
    found = list(_read(files, speakers_of(speaker or ())))
    if not found:
        raise fail(f"no conversation could be read in {', '.join(map(str, files))}")
    if told := _people_alone(found):
        stderr.print(told, soft_wrap=True)
    summary = {**summary_of(found), "at": datetime.now(UTC).isoformat(timespec="seconds")}
    if out:
        write_transcripts(out, found, summary, thresholds, lang)
    if as_json:
        print_json(summary)
    else:
        _print(summary, out)
    if wrong := faults(summary, thresholds):
        raise fail("; ".join(wrong), status=1)


def _people_alone(found: "Sequence[Transcript]") -> str:
    """The line about conversations in which no machine said a word; "" where there are none."""
    alone = sum(all(said.role != "assistant" for said in one.said) for one in found)
    if not alone:
        return ""
    which = "all" if alone == len(found) else f"{alone} of"
    return (
        f"People answered {which} {len(found)} conversations (role agent): containment, and what else is of a machine's "
        "answers, is left out there. Where they are a machine's, say so: --speaker NAME=assistant."
    )


def _read(files: Sequence[Path], speakers: "Speakers") -> "Iterator[Transcript]":
    """The conversations of all files, each by a name of its own; what cannot be read is told."""
    from agent.learning.imports import Broken, read_import
    from evals.names import free_name
    from evals.scoring.transcripts import transcript_of

    taken: set[str] = set()
    with progress("Scoring") as line:
        for done, file in enumerate(files):
            for one in read_import(file, speakers):
                if isinstance(one, Broken):
                    print_skipped(f"{file} {one.where}", one.reason)
                    continue
                name = free_name(one.id, file.stem, taken)
                line(name, done, len(files))
                yield transcript_of(one, name)


def _print(summary: Mapping[str, JsonValue], out: Path | None) -> None:
    print_figures(summary)
    slices = summary["slices"]
    for one in slices if isinstance(slices, list) else ():
        assert isinstance(one, dict)
        cut = f"{one['metric']}, {one['by']} {one['name']} ({one['cases']})"
        print_figure(f"{cut:40}", one["value"], one["interval"])
    if out:
        stdout.print(f"report: {out / 'report.html'}", soft_wrap=True)
