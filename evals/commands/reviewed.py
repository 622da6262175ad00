"""`parley eval cases`: conversations of this home that people reviewed, as cases."""

import asyncio
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from agent.cli.output import fail, print_json, print_skipped, stdout
from agent.cli.speakers import Speaker, speakers_of


def cases(
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="Transcripts to take instead: jsonl, csv, or a Slack export (folder or zip)."),
    ] = None,
    *,
    out: Annotated[Path, typer.Option(help="File for the cases, an object a line.")],
    speaker: Speaker = None,
    rated: Annotated[
        Path | None,
        typer.Option(help="File for the replies that customers rated, by which `run --rated` measures judges."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Cases out of this home's reviewed conversations: replies that were liked, colleagues' words after others, corrections.

    Only of customers who agreed to be learned from. Of transcripts, each answer becomes the reference of what it answers.
    Private data is masked.
    """
    from agent.settings import home_folder, load_settings
    from evals.lines import write_lines
    from evals.suites.rated_replies import rated_replies
    from evals.suites.reviewed import reviewed_cases, transcript_cases

    if files and rated:
        raise fail("--rated is of this home's conversations; give it without transcripts")
    found = (
        list(transcript_cases(files, speakers_of(speaker or ()), print_skipped))
        if files
        else asyncio.run(reviewed_cases(load_settings(home_folder())))
    )
    if rated:
        graded = asyncio.run(rated_replies(load_settings(home_folder())))
        write_lines(rated, graded)
    if files and not found:
        raise fail(f"no answered question could be read in {', '.join(map(str, files))}", status=1)
    if not found:
        raise fail("nobody has reviewed a conversation yet: no reply has a verdict, no message a correction", status=1)
    write_lines(out, found)
    counts = Counter(case.kind for case in found)
    if as_json:
        print_json({"cases": len(found), "kinds": dict(counts), **({"rated": len(graded)} if rated else {})})
        return
    told = ", ".join(f"{n} {kind.replace('_', ' ')}" for kind, n in counts.most_common())
    stdout.print(f"{out}: {len(found)} cases ({told})", markup=False, soft_wrap=True)
    if rated:
        stdout.print(f"{rated}: {len(graded)} rated replies", markup=False, soft_wrap=True)
