"""`parley knowledge check`: do articles contradict each other?"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from agent.cli.output import print_json, stderr, stdout
from agent.settings import home_folder, load_settings
from agent.types import JsonValue

if TYPE_CHECKING:
    from knowledge.contradictions import Contradiction
    from knowledge.text.statements import Statement


def register(app: typer.Typer) -> None:
    """Adds the command."""
    knowledge = typer.Typer(help="What the documents say.", no_args_is_help=True)

    @knowledge.callback()
    def _group() -> None:
        """What the documents say."""

    knowledge.command("check")(check)
    app.add_typer(knowledge, name="knowledge")


def check(as_json_: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False) -> None:
    """Find articles that say the same with other numbers, or one yes and the other no; status 1 when there are any."""
    from agent.home import Home
    from agent.homes import open_documents

    settings = load_settings(home_folder())
    with open_documents(Home(settings.home), settings) as library:
        found = library.contradictions()
    if as_json_:
        print_json({"contradictions": as_json(found)})
    else:
        print_contradictions(found, stdout)
        stderr.print(f"{len(found)} found" if found else "No statements contradict each other.")
    if found:
        raise typer.Exit(1)


def print_contradictions(found: "Sequence[Contradiction]", console: Console) -> None:
    """Both quotes of each pair, with where they stand; the newer one last and marked, where that is known."""
    for pair in found:
        for statement in (pair.older, pair.newer):
            newer = " (newer)" if pair.is_dated and statement is pair.newer else ""
            place = " > ".join((statement.passage.title, *statement.passage.section))
            source = statement.passage.source_id
            console.print(f"  {source}{newer}: {place}", style="dim", markup=False, soft_wrap=True)
            console.print(f"    {statement.span.text}", markup=False, soft_wrap=True)
        console.print()


def as_json(found: "Sequence[Contradiction]") -> list[JsonValue]:
    """The pairs for programs."""
    return [
        {
            "kind": pair.kind,
            "newer": pair.newer.passage.source_id if pair.is_dated else None,
            "statements": [_statement_json(pair.older), _statement_json(pair.newer)],
        }
        for pair in found
    ]


def _statement_json(statement: "Statement") -> dict[str, JsonValue]:
    passage = statement.passage
    return {
        "source_id": passage.source_id,
        "title": passage.title,
        "section": list(passage.section),
        "page": passage.page,
        "url": passage.url,
        "quote": statement.span.text,
        "valid_from": passage.valid_from.isoformat() if passage.valid_from else None,
    }
