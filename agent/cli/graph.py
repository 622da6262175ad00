"""`parley graph …`: facts put in, read from articles, and drawn."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from agent.cli.output import (
    ProgressLine,
    fail,
    print_json,
    print_nameless,
    print_set_aside,
    print_skipped,
    progress,
    stderr,
    stdout,
)
from agent.home import Home
from agent.settings import home_folder, load_settings
from agent.types import Audience

if TYPE_CHECKING:  # the graph's library costs every command a third of a second
    from knowledge.graph import KnowledgeGraph
    from knowledge.types import Passage


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    graph = typer.Typer(help="The knowledge graph.", no_args_is_help=True)
    graph.command("import")(import_graph)
    graph.command("build")(build)
    graph.command("show")(show)
    app.add_typer(graph, name="graph")


def import_graph(
    file: Annotated[Path, typer.Argument(help="Triples (csv, tsv, jsonl) or records (csv, json, jsonl).")],
    mapping: Annotated[Path | None, typer.Option(help="YAML that says which field is what.")] = None,
    audience: Annotated[
        Audience | None, typer.Option(help="Who may read it; without, what the mapping says, or public.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Read triples or records into the knowledge graph; without a mapping one is inferred and printed."""
    from agent.homes import home_for_knowledge, open_documents, open_graph, set_sample_aside

    home, settings = home_for_knowledge(home_folder())
    if not file.is_file():
        raise fail(f"no such file: {file}")
    graph = open_graph(home)
    with progress("Importing") as line:
        report = graph.import_file(file, mapping=mapping, progress=line, audience=audience)
    if not report.unchanged and home.holds_sample:
        with open_documents(home, settings) as library:
            print_set_aside(set_sample_aside(home, library) or ())
        print_nameless(home, load_settings(home.root))
    for where, reason in report.broken:
        print_skipped(where, reason)
    if as_json:
        broken = [{"source": where, "reason": reason} for where, reason in report.broken]
        counts = {"unchanged": report.unchanged, "entities": report.entities, "facts": report.facts}
        print_json({**counts, "broken": broken, "mapping": report.inferred_mapping})
        return
    if report.inferred_mapping:
        stderr.print("Inferred mapping (save it, edit it, and give it with --mapping):", soft_wrap=True)
        stderr.print(report.inferred_mapping, markup=False, soft_wrap=True)
    stdout.print(
        "unchanged since the last import" if report.unchanged else f"{report.entities} entities, {report.facts} facts"
    )


def build(
    clear: Annotated[bool, typer.Option("--clear", help="Forget what was read from articles.")] = False,
    by_model: Annotated[bool, typer.Option("--model", help="Read them by the model of the settings.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be taken in.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Read products, fees, limits, steps and other names out of the public articles, each with its source."""
    from agent.generate.extraction import ModelReader
    from agent.homes import open_documents, open_graph
    from knowledge.graph.articles import consistent, sources_of
    from knowledge.graph.subjects import Subjects

    settings = load_settings(home_folder())
    home = Home(settings.home)
    graph = open_graph(home)
    if by_model and not settings.model.base_url:
        raise fail("no model: set [model] base_url in parley.toml, or leave --model out")
    with open_documents(home, settings) as library:
        passages = [] if clear else library.passages()
        subjects = Subjects(library.terms(), passages)
    if by_model:
        with closing(ModelReader(settings.model)) as read, progress("Reading") as line:
            found = sources_of(_counted(passages, line), subjects.of, read)
    else:
        found = sources_of(passages, subjects.of)
    sources = list(consistent(found))
    entities = {entity.key for source in sources for entity in source.entities}
    facts = sum(entity.facts for source in sources for entity in source.entities)
    changed = 0 if dry_run else graph.take_articles(sources)
    if dry_run and not as_json:
        for source in sources:
            for entity in source.entities:
                for relation, values in entity.values.items():
                    said = f"{entity.name} · {relation} · {'; '.join(map(str, values))}  ({source.head.source_id})"
                    stdout.print(escape(said), soft_wrap=True)
    if as_json:
        print_json({"articles": len(sources), "entities": len(entities), "facts": facts, "changed": changed})
    else:
        stdout.print(f"{len(sources)} articles, {len(entities)} entities, {facts} facts; {changed} changed")


def _counted(passages: "Sequence[Passage]", line: ProgressLine) -> "Iterator[Passage]":
    """The passages, each noted on the progress line as it is taken."""
    for done, passage in enumerate(passages):
        line("passages", done, len(passages))
        yield passage


def show(
    entity: Annotated[str, typer.Argument(metavar="ENTITY", help="Name or alias.")],
    hops: Annotated[int, typer.Option(min=1, max=3, help="How far to look.")] = 1,
    out: Annotated[Path | None, typer.Option(help="Draw into this file: .svg or .html.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Show what the graph knows around an entity, with the source of each edge."""
    from agent.generate.graph.speech import Speech
    from agent.homes import open_graph
    from agent.understand.language import ScriptLanguages
    from knowledge.graph.drawing import Drawing, html

    if out is not None and out.suffix.lower() not in {".svg", ".html"}:
        raise fail(f"{out}: draws .svg or .html files only")
    graph = open_graph(Home(load_settings(home_folder()).home))
    node = _one(graph, entity)
    shown = graph.around(node, hops)
    language = ScriptLanguages().detect(shown.name, ())
    speech = Speech(graph.wording(language), language)
    if out is not None:
        drawing = Drawing(shown, speech.label, speech.term, speech.value).svg()
        page = (
            drawing
            if out.suffix.lower() == ".svg"
            else html(shown, drawing, speech.label, speech.term, speech.value, language)
        )
        out.write_text(page, "utf-8")
    if as_json:
        edges = [[f.head, f.relation, f.tail, f.source_id] for f in (*shown.values, *shown.edges)]
        print_json({"id": shown.id, "name": shown.name, "type": shown.type, "edges": edges, "file": str(out or "")})
        return
    if out is not None:
        stdout.print(str(out), soft_wrap=True)
        return
    stdout.print(f"[bold]{escape(speech.term(shown.name))}[/] · {escape(speech.term(shown.type))}", soft_wrap=True)
    for fact in (*shown.values, *shown.edges):
        stdout.print(escape(f"  {speech.sentence(fact)}  ({fact.source_id})"), soft_wrap=True)


def _one(graph: "KnowledgeGraph", name: str) -> str:
    """The entity of a name; wrong use where there is none, or more than one."""
    nodes, nearest = graph.find(name)
    if len(nodes) == 1:
        return nodes[0]
    if nodes:
        raise fail(f"{name} is several: {'; '.join(map(graph.telling, nodes))}")
    hint = f"; the nearest: {'; '.join(nearest)}" if nearest else ""
    raise fail(f"the graph holds nothing named {name}{hint}")
