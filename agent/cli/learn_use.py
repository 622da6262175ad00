"""`parley learn promote`, `rollback`, `versions`, `prune`: which trained bundle speaks."""

from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from agent.cli.output import fail, print_json, stderr, stdout
from agent.home import Home
from agent.settings import home_folder, load_settings
from agent.types import JsonValue

if TYPE_CHECKING:
    from agent.learning.verdicts import Found
    from agent.training.bundle import Task
    from agent.training.speakers import Speakers
    from agent.training.versions import Versions

_BUILT_IN = "what is built in"
_TASKS = "intent, sentiment or emotion."
_TaskName = Annotated[str, typer.Argument(metavar="[TASK]", help=_TASKS)]
_AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


def register(app: typer.Typer) -> None:
    """Adds the commands to `parley learn`."""
    app.command("promote")(promote)
    app.command("rollback")(rollback)
    app.command("versions")(versions)
    app.command("prune")(prune)


def promote(
    task: _TaskName = "intent",
    version: Annotated[
        str | None,
        typer.Argument(
            metavar="[VERSION]", help="A version, or a bundle's folder; default: the one on trial, else the newest."
        ),
    ] = None,
    shadow: Annotated[bool, typer.Option("--shadow", help="It listens beside who speaks, and is compared.")] = False,
    share: Annotated[
        float | None, typer.Option(metavar="PERCENT", help="It speaks in this share of the conversations.")
    ] = None,
    everywhere: Annotated[bool, typer.Option("--all", help="It speaks everywhere (the default).")] = False,
    force: Annotated[bool, typer.Option("--force", help="Also when the evaluation found it worse.")] = False,
    as_json: _AsJson = False,
) -> None:
    """Put a trained bundle into use, without a restart; refused where the evaluation found a significant loss."""
    from agent.learning.candidates import candidate
    from agent.learning.evaluate.comparison import Verdict
    from agent.learning.verdicts import verdict_on
    from agent.training.bundle import Task, read_card
    from agent.training.speakers import Mode

    if sum((shadow, share is not None, everywhere)) > 1:
        raise fail("give one of --shadow, --share and --all")
    home, shelf = _opened(task)
    if share is not None and shelf.task is Task.EMOTION:
        raise fail(
            "emotion speaks in all conversations or in none: try it with --shadow, or put it into use with --all"
        )
    chosen = candidate(home, shelf.task, version, tried=not shadow)
    found = verdict_on(home, read_card(shelf.folder(chosen)))
    if found.verdict is Verdict.WORSE and not shadow and not force:
        raise fail(f"{chosen} was found worse: {_reason(found)}. Try it with --shadow, or --force it", status=1)
    before = shelf.speakers().version
    if shadow:
        now = shelf.try_out(chosen, Mode.SHADOW)
    elif share is not None:
        now = shelf.try_out(chosen, Mode.SHARE, percent=share)
    else:
        now = shelf.promote(chosen, why="forced, though worse" if found.verdict is Verdict.WORSE else found.in_words)
    if as_json:
        verdict: dict[str, JsonValue] = {"verdict": found.in_words, "why": found.why, "where": found.where}
        print_json({**_state(shelf.task, now), "before": before, "evaluation": verdict})
        return
    if not found.is_told and not shadow:
        stderr.print(escape(f"Evaluation: {found.in_words} (parley learn evaluate)"), soft_wrap=True)
    stdout.print(escape(_told(shelf.task, now)), soft_wrap=True)


def rollback(task: _TaskName = "intent", as_json: _AsJson = False) -> None:
    """End a trial; without one, let the version that spoke before speak again."""
    _, shelf = _opened(task)
    now = shelf.roll_back()
    if as_json:
        print_json(_state(shelf.task, now))
        return
    stdout.print(escape(_told(shelf.task, now)), soft_wrap=True)


def versions(
    task: Annotated[str | None, typer.Argument(metavar="[TASK]", help=f"Only of it: {_TASKS}")] = None,
    as_json: _AsJson = False,
) -> None:
    """List the versions of each task, what speaks, what is tried, and what spoke before."""
    from agent.training.bundle import Task

    shelves = [_opened(name)[1] for name in ([task] if task else list(Task))]
    if as_json:
        print_json({"tasks": {shelf.task.value: _listed(shelf) for shelf in shelves}})
        return
    for shelf in shelves:
        now = shelf.speakers()
        stdout.print(f"[bold]{shelf.task.value}[/]  {escape(_told(shelf.task, now))}", soft_wrap=True)
        for name in reversed(shelf.names()):
            mark = "●" if name == now.version else "○" if now.trial and name == now.trial.version else " "
            stdout.print(f"  {mark} {name}  {escape(_described(shelf, name))}", soft_wrap=True)
        for change in reversed(now.history):
            who, why = change.version or _BUILT_IN, f" ({change.why})" if change.why else ""
            stdout.print(f"    {change.at:%Y-%m-%d %H:%M}  {change.how}: {escape(who + why)}", soft_wrap=True)


def prune(
    task: _TaskName = "intent",
    keep: Annotated[int, typer.Option(min=0, help="How many of the newest stay.")] = 5,
    as_json: _AsJson = False,
) -> None:
    """Remove old versions; never one that speaks, is tried, or would speak after a roll-back."""
    _, shelf = _opened(task)
    gone = shelf.prune(keep)
    if as_json:
        print_json({"task": shelf.task.value, "removed": gone, "kept": shelf.names()})
        return
    stdout.print(f"{len(gone)} removed, {len(shelf.names())} kept")


def _opened(task: str) -> tuple[Home, "Versions"]:
    from agent.training.bundle import Task
    from agent.training.versions import versions_of

    home = Home(load_settings(home_folder()).home)
    if task not in [*Task]:
        raise fail(f"no task {task!r}; there are: {', '.join(Task)}")
    return home, versions_of(home, Task(task))


def _state(task: "Task", now: "Speakers") -> dict[str, JsonValue]:
    trial: dict[str, JsonValue] | None = None
    if now.trial is not None:
        trial = {**now.trial.model_dump(mode="json")}
    return {"task": task.value, "speaks": now.version, "trial": trial}


def _told(task: "Task", now: "Speakers") -> str:
    said = f"{now.version or _BUILT_IN} speaks"
    if now.trial is None:
        return said
    how = "listens as a shadow" if not now.trial.percent else f"speaks in {now.trial.percent:g} % of conversations"
    return (
        f"{said}; {now.trial.version} {how} since {now.trial.since:%Y-%m-%d %H:%M} UTC (parley learn use {task.value})"
    )


def _listed(shelf: "Versions") -> dict[str, JsonValue]:
    from agent.errors import BundleError
    from agent.training.bundle import read_card

    now = shelf.speakers()
    listed: list[JsonValue] = []
    for name in shelf.names():
        try:
            listed.append({"version": name, "card": read_card(shelf.folder(name)).model_dump(mode="json")})
        except BundleError as error:
            listed.append({"version": name, "damaged": str(error)})
    history: list[JsonValue] = [change.model_dump(mode="json") for change in now.history]
    return {**_state(shelf.task, now), "versions": listed, "history": history}


def _described(shelf: "Versions", name: str) -> str:
    from agent.errors import BundleError
    from agent.training.bundle import read_card

    try:
        card = read_card(shelf.folder(name))
    except BundleError:
        return "damaged"
    measured = ", ".join(f"{metric} {value:.3g}" for metric, value in [*card.metrics.items()][:3])
    return f"{card.model}, {card.examples:,} examples, {len(card.labels)} labels" + (
        f"; {measured}" if measured else ""
    )


def _reason(found: "Found") -> str:
    return f"{found.why or 'a significant loss'} ({found.where})"
