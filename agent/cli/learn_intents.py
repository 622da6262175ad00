"""`parley learn clusters`, `… suspects`, `… accept intents|labels|suspects`: what a person decides on step 3."""

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from agent.cli.output import fail, print_json, stdout
from agent.home import Home
from agent.learning.intents.accepting import Taken
from agent.learning.intents.records import Cluster, Suspect
from agent.learning.runs import Run
from agent.settings import home_folder, load_settings

_AS_JSON = typer.Option("--json", help="Print one JSON object.")
_RUN = typer.Option("--run", help="Name of the run's folder; default: the latest whose step 3 is done.")


def register(learn: typer.Typer, accept: typer.Typer) -> None:
    """Adds the commands to `parley learn` and to `parley learn accept`."""
    learn.command("clusters")(clusters)
    learn.command("suspects")(suspects)
    accept.command("intents")(accept_intents)
    accept.command("labels")(accept_labels)
    accept.command("suspects")(accept_suspects)


def clusters(
    cluster: Annotated[str, typer.Argument(help="One cluster, with all its utterances; default: a list.")] = "",
    run: Annotated[str, _RUN] = "",
    as_json: Annotated[bool, _AS_JSON] = False,
) -> None:
    """List what customers want that nobody has labelled, or show one cluster."""
    _, found = _run(run)
    listed = _clusters(found)
    if cluster:
        one, texts = _one(listed, cluster), _texts(found)
        if as_json:
            print_json({**one.model_dump(), "texts": {member: texts.get(member, "") for member in one.members}})
            return
        stdout.print(_line(one), soft_wrap=True)
        for member in one.members:
            stdout.print(f"  {escape(member)}  {escape(texts.get(member, ''))}", soft_wrap=True)
        return
    if as_json:
        print_json({"run": found.root.name, "clusters": [one.model_dump(exclude={"members"}) for one in listed]})
        return
    for one in listed:
        stdout.print(_line(one), soft_wrap=True)
    stdout.print(f"{len(listed)} clusters; accept one with: parley learn accept intents CLUSTER", soft_wrap=True)


def suspects(run: Annotated[str, _RUN] = "", as_json: Annotated[bool, _AS_JSON] = False) -> None:
    """List labels that seem wrong, the gravest first."""
    _, found = _run(run)
    listed = _suspects(found)
    if as_json:
        print_json({"run": found.root.name, "suspects": [one.model_dump() for one in listed]})
        return
    for one in listed:
        said = f"{one.id}  {one.text}  ·  {one.label} → {one.suggested}"
        stdout.print(escape(said), soft_wrap=True)
    stdout.print(f"{len(listed)} labels in doubt", soft_wrap=True)


def accept_intents(
    clusters: Annotated[
        list[str],
        typer.Argument(metavar="CLUSTER…", help="Ids (c12 c7), or clusters.csv, its column `label` filled in."),
    ],
    name: Annotated[str, typer.Option(help="Another name for the intent, of all of them.")] = "",
    without: Annotated[list[str] | None, typer.Option(help="Id of an utterance to leave out; may be repeated.")] = None,
    run: Annotated[str, _RUN] = "",
    as_json: Annotated[bool, _AS_JSON] = False,
) -> None:
    """Take the utterances of clusters as examples of intents."""
    from agent.learning.intents.accepting import accept_clusters
    from agent.learning.intents.sheets import read_named

    home, found = _run(run)
    known = _clusters(found)
    named: list[tuple[Cluster, str]] = []
    for cluster in clusters:
        if Path(cluster).suffix == ".csv":
            named += [(_one(known, one), name or label) for one, label in read_named(Path(cluster))]
        else:
            named.append((one := _one(known, cluster), name or one.name))
    taken = accept_clusters(home, named, _texts(found), without=without or ())
    _told(taken, ", ".join(dict.fromkeys(intent for _, intent in named)), as_json)


def accept_labels(
    file: Annotated[Path, typer.Argument(help="to_label.csv or suspects.csv, its column `label` filled in.")],
    run: Annotated[str, _RUN] = "",
    as_json: Annotated[bool, _AS_JSON] = False,
) -> None:
    """Take the labels that were filled into a sheet."""
    from agent.learning.intents.accepting import accept
    from agent.learning.intents.sheets import read_filled

    if not file.is_file():
        raise fail(f"no such file: {file}")
    home, found = _run(run)
    _told(accept(home, read_filled(file, _texts(found))), file.name, as_json)


def accept_suspects(
    ids: Annotated[list[str] | None, typer.Argument(metavar="[ID]…", help="Ids of suspects.")] = None,
    label: Annotated[str, typer.Option(help="The right label; default: the suggested one of each.")] = "",
    everything: Annotated[bool, typer.Option("--all", help="All suspects.")] = False,
    run: Annotated[str, _RUN] = "",
    as_json: Annotated[bool, _AS_JSON] = False,
) -> None:
    """Correct labels that were in doubt."""
    from agent.learning.intents.accepting import accept_suspects as take

    if bool(ids) == everything:
        raise fail("name suspects by their ids, or give --all")
    home, found = _run(run)
    listed = _suspects(found)
    suggested = {one.id: label or one.suggested for one in listed}
    chosen = suggested if everything else {one: suggested.get(one, label) for one in ids or ()}
    _told(take(home, listed, labels=chosen), "corrections", as_json)


def _run(name: str) -> tuple[Home, Run]:
    from agent.learning.runs import StepName, runs_of

    home = Home(load_settings(home_folder()).home)
    done = [run for run in runs_of(home) if run.record(StepName.INTENTS) is not None]
    chosen = [run for run in done if run.root.name == name] if name else done[-1:]
    if not chosen:
        raise fail(f"no run{f' {name}' if name else ''} has clusters; make them with: parley learn intents")
    return home, chosen[0]


def _clusters(run: Run) -> list[Cluster]:
    from agent.learning.intents.records import CLUSTERS
    from agent.learning.records import read_records
    from agent.learning.runs import StepName

    return list(read_records(run.need(StepName.INTENTS, CLUSTERS), Cluster))


def _suspects(run: Run) -> list[Suspect]:
    from agent.learning.intents.step import SUSPECTS
    from agent.learning.records import read_records
    from agent.learning.runs import StepName

    return list(read_records(run.need(StepName.INTENTS, SUSPECTS), Suspect))


def _texts(run: Run) -> dict[str, str]:
    from agent.learning.records import CleanUtterance, read_records
    from agent.learning.runs import StepName

    file = run.need(StepName.CLEAN, "utterances.jsonl")
    return {said.id: said.text for said in read_records(file, CleanUtterance)}


def _one(listed: list[Cluster], cluster: str) -> Cluster:
    found = [one for one in listed if one.id == cluster]
    if not found:
        raise fail(f"there is no cluster {cluster}; see parley learn clusters")
    return found[0]


def _line(one: Cluster) -> str:
    known = f"more of {one.more_of}" if one.more_of else "new"
    typical = " · ".join(example.text for example in one.central[:2])
    return f"[bold]{escape(one.id)}[/]  {one.size}  [bold]{escape(one.name)}[/] ({escape(known)})  {escape(typical)}"


def _told(taken: Taken, what: str, as_json: bool) -> None:
    if as_json:
        print_json({"added": taken.added, "changed": taken.changed, "known": taken.known})
        return
    said = f"{what}: {taken.added} added, {taken.changed} changed, {taken.known} known already"
    stdout.print(escape(said), soft_wrap=True)
