"""`parley graph import`: products, places and other things, put in."""

from pathlib import Path
from typing import Annotated

import typer

from agent.cli.output import fail, print_json, progress, stderr, stdout
from agent.settings import home_folder


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    graph = typer.Typer(help="The knowledge graph.", no_args_is_help=True)
    graph.command("import")(import_graph)
    app.add_typer(graph, name="graph")


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
