"""`parley ingest` and `parley graph import`: what the company knows, put in."""

from pathlib import Path
from typing import Annotated

import typer

from agent.cli.output import fail, print_json, progress, stderr, stdout
from agent.settings import home_folder


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    app.command("ingest")(ingest)
    graph = typer.Typer(help="The knowledge graph.", no_args_is_help=True)
    graph.command("import")(import_graph)
    app.add_typer(graph, name="graph")


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
        with progress("Indexing anew") as line:
            rebuild_documents(home, settings, line)
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


def import_graph(
    file: Annotated[Path, typer.Argument(help="Triples (csv, tsv, jsonl) or records (csv, json, jsonl).")],
    mapping: Annotated[Path | None, typer.Option(help="YAML that says which field is what.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Read triples or records into the knowledge graph; without a mapping one is inferred and printed."""
    from agent.homes import home_for_knowledge, open_documents, open_graph, set_sample_aside

    home, settings = home_for_knowledge(home_folder())
    if not file.is_file():
        raise fail(f"no such file: {file}")
    graph = open_graph(home)
    with progress("Importing") as line:
        report = graph.import_file(file, mapping=mapping, progress=line)
    if not report.unchanged and home.holds_sample:
        with open_documents(home, settings) as library:
            set_sample_aside(home, library)
        stderr.print("Your own knowledge is in; the sample company was set aside (parley init brings it back).")
    for where, reason in report.broken:
        stderr.print(f"[yellow]skipped[/] {where}: {reason}", soft_wrap=True)
    if as_json:
        broken = [{"source": where, "reason": reason} for where, reason in report.broken]
        counts = {"unchanged": report.unchanged, "entities": report.entities, "facts": report.facts}
        print_json({**counts, "broken": broken, "mapping": report.inferred_mapping})
        return
    if report.inferred_mapping:
        stderr.print("Inferred mapping (save it, edit it, and give it with --mapping):", soft_wrap=True)
        stderr.print(report.inferred_mapping, markup=False, soft_wrap=True)
    stdout.print("unchanged" if report.unchanged else f"{report.entities} entities, {report.facts} facts")
