"""`parley ingest`: what the company knows, put in."""

from pathlib import Path
from typing import Annotated

import typer

from agent.cli.output import fail, print_json, progress, stderr, stdout
from agent.settings import home_folder


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("ingest")(ingest)


def ingest(
    sources: Annotated[list[str] | None, typer.Argument(metavar="PATH…", help="Files, folders, https pages.")] = None,
    collection: Annotated[str, typer.Option(help="Name to file them under.")] = "default",
    prune: Annotated[bool, typer.Option("--prune", help="Remove what is no longer in these sources.")] = False,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Make the indexes anew from what was read.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Read help articles and tables; what has not changed is skipped."""
    from agent.homes import home_for_knowledge, open_documents, rebuild_documents, set_sample_aside

    sources = sources or []
    if not sources and not rebuild:
        raise fail("name files, folders or https pages to read, or --rebuild")
    home, settings = home_for_knowledge(home_folder())
    missing = [source for source in sources if not source.startswith("https://") and not Path(source).exists()]
    if missing:
        raise fail(f"no such file or folder: {', '.join(missing)}")
    if rebuild:
        rebuild_documents(home, settings)
    with open_documents(home, settings) as library:
        with progress("Reading and indexing") as line:
            report = library.ingest(sources, collection=collection, prune=prune, progress=line)
        if report.added and collection != "sample" and set_sample_aside(home, library):
            stderr.print("Your own knowledge is in; the sample company was set aside (parley init brings it back).")
    for broken in report.broken:
        stderr.print(f"[yellow]skipped[/] {broken.source}: {broken.reason}", soft_wrap=True)
    counts = {
        "added": report.added,
        "changed": report.changed,
        "unchanged": report.unchanged,
        "removed": report.removed,
    }
    if as_json:
        print_json({**counts, "broken": [{"source": b.source, "reason": b.reason} for b in report.broken]})
    else:
        stdout.print(", ".join(f"{count} {name}" for name, count in counts.items()), f"· {len(report.broken)} broken")
    if report.broken and not any(counts.values()):
        raise typer.Exit(2)
