"""`parley learn accept graph …` and `parley learn reject graph …`: what a person decides about proposals."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from agent.cli.output import fail, print_json, stderr, stdout
from agent.home import Home
from agent.settings import home_folder, load_settings

if TYPE_CHECKING:
    from agent.learning.graph.accepting import Decisions
    from agent.learning.graph.proposals import Proposal
    from knowledge.graph import KnowledgeGraph

_LISTED = 50
_IDS = typer.Argument(metavar="[ID]…", help="Ids of proposals; without any, they are listed.")
_RUN = typer.Option("--run", help="Which run they are of; default: the latest with proposals.")
_JSON = typer.Option("--json", help="Print one JSON object.")


def register(app: typer.Typer) -> None:
    """Adds `accept graph` and `reject graph` to the commands of learning."""
    _group(app, "accept", "Take in what a step proposes.").command("graph")(accept)
    _group(app, "reject", "Turn down what a step proposes, for good.").command("graph")(reject)


def accept(
    ids: Annotated[list[str] | None, _IDS] = None,
    above: Annotated[float | None, typer.Option(min=0, max=1, help="All open ones of this score or more.")] = None,
    undo: Annotated[
        bool, typer.Option("--undo", help="Take them out again; without ids, all that was learned.")
    ] = False,
    run: Annotated[str, _RUN] = "",
    as_json: Annotated[bool, _JSON] = False,
) -> None:
    """Take proposals into the graph; conflicts only by their id."""
    from agent.learning.graph.proposals import State

    with _opened() as (home, decisions, graph):
        if undo:
            _say({"undone": decisions.undo(ids or None, graph)}, as_json)
            return
        proposals = decisions.undecided(_proposals(home, run))
        if not ids and above is None:
            _list(proposals, as_json)
            return
        chosen = _named(ids or (), [*proposals, *decisions.rejected.values()])
        if above is not None:
            chosen += [p for p in proposals if p.state is State.OPEN and p.score >= above and p not in chosen]
        _say({"accepted": decisions.accept(chosen, graph), "in all": len(decisions.accepted)}, as_json)


def reject(
    ids: Annotated[list[str] | None, _IDS] = None,
    below: Annotated[float | None, typer.Option(min=0, max=1, help="All of a lower score than this.")] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Let them be proposed again.")] = False,
    run: Annotated[str, _RUN] = "",
    as_json: Annotated[bool, _JSON] = False,
) -> None:
    """Turn proposals down: they are not proposed again, and leave the graph where they were accepted before."""
    with _opened() as (home, decisions, graph):
        if undo:
            wanted = ids or list(decisions.rejected)
            _say({"undone": decisions.undo([id_ for id_ in wanted if id_ in decisions.rejected], graph)}, as_json)
            return
        proposals = decisions.undecided(_proposals(home, run))
        if not ids and below is None:
            _list(proposals, as_json)
            return
        chosen = _named(ids or (), [*proposals, *decisions.accepted.values()])
        chosen += [p for p in proposals if below is not None and p.score < below and p not in chosen]
        _say({"rejected": decisions.reject(chosen, graph), "in all": len(decisions.rejected)}, as_json)


@contextmanager
def _opened() -> "Iterator[tuple[Home, Decisions, KnowledgeGraph]]":
    """This home, what was decided about its proposals, and its graph."""
    from agent.homes import open_graph
    from agent.learning.graph.accepting import Decisions

    home = Home(load_settings(home_folder()).home)
    with closing(open_graph(home)) as graph:
        yield home, Decisions.open(home), graph


def _proposals(home: Home, run: str) -> "list[Proposal]":
    from agent.learning.graph.proposals import FILE, read_proposals
    from agent.learning.runs import StepName, runs_of

    files: list[Path] = [one.folder(StepName.GRAPH) / FILE for one in runs_of(home) if run in {"", one.root.name}]
    made = [file for file in files if file.is_file()]
    if not made:
        raise fail(f"no proposals{f' in run {run}' if run else ''}; make them first: parley learn graph")
    return read_proposals(made[-1])


def _named(ids: Sequence[str], proposals: "Sequence[Proposal]") -> "list[Proposal]":
    by_id = {proposal.id: proposal for proposal in proposals}
    missing = [id_ for id_ in ids if id_ not in by_id]
    if missing:
        raise fail(f"no undecided proposal {', '.join(missing)}; see them: parley learn accept graph")
    return [by_id[id_] for id_ in ids]


def _list(proposals: "Sequence[Proposal]", as_json: bool) -> None:
    if as_json:
        print_json({"proposals": [proposal.model_dump(mode="json") for proposal in proposals]})
        return
    for one in proposals[:_LISTED]:
        marks = [one.state.value] if one.state.value != "open" else []
        marks += [f"also {'; '.join(one.others[:3])}"] if one.others else []
        note = f"  ({', '.join(marks)})" if marks else ""
        stdout.print(escape(f"{one.id}  {one.score:.2f}  {one.kind.value:6}  {one.said}{note}"), soft_wrap=True)
    if len(proposals) > _LISTED:
        stderr.print(f"{len(proposals) - _LISTED} more; all with --json")


def _say(counts: dict[str, int], as_json: bool) -> None:
    if as_json:
        print_json(dict(counts))
    else:
        stdout.print(", ".join(f"{count} {name}" for name, count in counts.items()))


def _group(app: typer.Typer, name: str, help: str) -> typer.Typer:
    """The group of commands of a name, made where no other step has made it."""
    for group in app.registered_groups:
        if group.name == name and group.typer_instance is not None:
            return group.typer_instance
    made = typer.Typer(help=help, no_args_is_help=True)
    app.add_typer(made, name=name)
    return made
