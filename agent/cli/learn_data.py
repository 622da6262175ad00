"""`parley learn collect`, `clean`, `forget`, `consent` and `correct`: conversations to learn from, and those that are not."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from agent.cli.output import fail, print_json, progress, stderr, stdout
from agent.settings import home_folder, load_settings
from agent.types import JsonValue, Role

if TYPE_CHECKING:
    from agent.home import Home
    from agent.learning.forgetting import Stale, Unlearned
    from agent.learning.runs import Run, Step, StepName
    from agent.settings import Settings

_ROLES: tuple[Role, ...] = ("user", "assistant", "agent")
_Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
_RunName = Annotated[str, typer.Option("--run", metavar="NAME", help="Folder of the run (2026-11-25-1); the latest.")]


def register(learn: typer.Typer) -> None:
    """Adds the commands to those of `parley learn`."""
    learn.command("collect")(collect)
    learn.command("clean")(clean)
    learn.command("forget")(forget)
    learn.command("consent")(consent)
    learn.command("correct")(correct)


def collect(
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="FILE…", help="Logs to import: jsonl, json, csv, a Slack export, zip."),
    ] = None,
    consented: Annotated[
        bool, typer.Option("--consented", help="You state that all who speak in these files agreed to it.")
    ] = False,
    log: Annotated[bool, typer.Option("--log/--no-log", help="Whether to read this home's own conversations.")] = True,
    speaker: Annotated[
        list[str] | None, typer.Option(metavar="NAME=ROLE", help="Who a speaker is: user, assistant, agent, or none.")
    ] = None,
    run_name: _RunName = "",
    as_json: _Json = False,
) -> None:
    """Step 1: gather the conversations whose customers agreed to be learned from."""
    from agent.learning.collect import Collect
    from agent.learning.event_log import read_state
    from agent.learning.runs import StepName, fingerprint, new_run
    from agent.learning.waiting import waited

    settings, runs = _opened(run_name)
    files = files or []
    missing = [str(file) for file in files if not file.exists()]
    if missing:
        raise fail(f"no such file or folder: {', '.join(missing)}")
    step = Collect(files=files, consented=consented, log=log, speakers=_speakers(speaker or []))
    options = {"consented": consented, "log": log, "speakers": sorted(step.speakers.items())}
    contents = [
        one for file in files for one in (sorted(file.rglob("*")) if file.is_dir() else [file]) if one.is_file()
    ]
    last = runs[-1] if runs else None
    inputs = fingerprint(last, (), {**options, "store": waited(read_state(settings))}, contents) if last else ""
    done = last.record(StepName.COLLECT) if last else None
    if last is None or (done is not None and done.inputs != inputs and not run_name):
        last = new_run(_home(settings))
        inputs = fingerprint(last, (), {**options, "store": waited(read_state(settings))}, contents)
    _perform(settings, last, StepName.COLLECT, step, inputs, as_json=as_json)


def clean(
    near_copies: Annotated[
        float, typer.Option(min=0.5, max=1.0, help="Share of common characters (in threes) of what counts as a copy.")
    ] = 0.8,
    run_name: _RunName = "",
    as_json: _Json = False,
) -> None:
    """Step 2: mend and mask what was said, drop what nothing can be learned from."""
    from agent.learning.clean import Clean
    from agent.learning.runs import StepName, fingerprint

    settings, runs = _opened(run_name)
    if not runs:
        raise fail("nothing is collected yet; run first: parley learn collect")
    inputs = fingerprint(runs[-1], (StepName.COLLECT,), {"near_copies": near_copies})
    _perform(settings, runs[-1], StepName.CLEAN, Clean(threshold=near_copies), inputs, as_json=as_json)


def forget(
    customer: Annotated[str, typer.Option(metavar="ID", help="All conversations of this customer.")] = "",
    conversation: Annotated[str, typer.Option(metavar="ID", help="One conversation; of an import: FILE/ID.")] = "",
    delete: Annotated[bool, typer.Option("--delete", help="Delete the conversations from the store, too.")] = False,
    as_json: _Json = False,
) -> None:
    """Take a customer or a conversation out of all that is learned from; without either, all who withdrew since."""
    from agent.learning.forgetting import forget as forget_one
    from agent.learning.forgetting import honour

    if customer and conversation:
        raise fail("give --customer or --conversation, not both")
    settings = load_settings(home_folder())
    ids: list[str] = []
    if customer:
        ids, found = forget_one(_home(settings), settings, "customer", customer, delete=delete)
    elif conversation:
        ids, found = forget_one(_home(settings), settings, "conversation", conversation, delete=delete)
    elif delete:
        raise fail("say whom: --customer ID or --conversation ID")
    else:
        found = honour(_home(settings), settings)
    _print_forgotten(ids, found, deleted=delete, as_json=as_json)


def consent(
    conversation: Annotated[str, typer.Argument(help="Id of a conversation of this home.")],
    agreed: Annotated[Literal["yes", "no"], typer.Argument(help="The customer's word.")],
) -> None:
    """Record whether a conversation may be learned from."""
    from agent.learning.consenting import record_consent
    from agent.learning.waiting import waited

    settings = load_settings(home_folder())
    waited(record_consent(settings, conversation, may_learn=agreed == "yes"))
    stdout.print("recorded")


def correct(
    conversation: Annotated[str, typer.Argument(help="Id of a conversation of this home.")],
    message: Annotated[int, typer.Argument(help="Number of the customer's message in it.")],
    intent: Annotated[str, typer.Argument(help="What the message was about.")],
) -> None:
    """Record what a customer's message was really about, for the next training."""
    from agent.learning.consenting import record_correction
    from agent.learning.waiting import waited

    waited(record_correction(load_settings(home_folder()), conversation, message, intent))
    stdout.print("recorded")


def _home(settings: "Settings") -> "Home":
    from agent.home import Home

    return Home(settings.home)


def _opened(run_name: str) -> "tuple[Settings, list[Run]]":
    """The settings, and the runs up to the one that is meant. Raises typer.Exit(2) where there is none of that name."""
    from agent.learning.forgetting import honour
    from agent.learning.runs import runs_of

    settings = load_settings(home_folder())
    honour(_home(settings), settings)
    runs = runs_of(_home(settings))
    if run_name:
        runs = [run for run in runs if run.root.name == run_name]
        if not runs:
            raise fail(f"there is no run {run_name}")
    return settings, runs


def _speakers(pairs: Sequence[str]) -> dict[str, Role | None]:
    """Speakers as the options name them. Raises typer.Exit(2)."""
    found: dict[str, Role | None] = {}
    for pair in pairs:
        name, _, wanted = pair.rpartition("=")
        role = next((role for role in _ROLES if role == wanted), None)
        if not name or (role is None and wanted != "none"):
            raise fail(f"--speaker {pair}: expected NAME=user, NAME=assistant, NAME=agent or NAME=none")
        found[name.strip("'\"").lower()] = role
    return found


def _perform(settings: "Settings", run: "Run", name: "StepName", step: "Step", inputs: str, *, as_json: bool) -> None:
    from agent.learning.runs import StepContext, perform

    with progress(name.value.capitalize()) as line:
        context = StepContext(home=_home(settings), settings=settings, run=run, out=run.folder(name), progress=line)
        record = perform(name, step, context, inputs=inputs)
    report = run.folder(name) / "report.html"
    if as_json:
        print_json({"run": run.root.name, "step": name.value, "figures": record.figures, "report": str(report)})
        return
    for figure, value in record.figures.items():
        stdout.print(f"{figure:36} {value:,.4g}" if isinstance(value, float) else f"{figure:36} {value}", markup=False)
    stdout.print(str(report), markup=False, soft_wrap=True)


def _print_forgotten(ids: Sequence[str], found: "Unlearned", *, deleted: bool, as_json: bool) -> None:
    if as_json:
        files = [str(file) for file in found.files]
        stale = [_stale_json(one) for one in found.stale]
        taken: JsonValue = {"conversations": list(found.conversations), "places": found.places, "files": files}
        print_json({"store": list(ids), "deleted": deleted, "learning": taken, "bundles": stale})
        return
    stdout.print(
        f"{len(ids)} conversations of the store {'deleted' if deleted else 'kept from learning'}; "
        f"{len(found.conversations)} taken out of {len(found.files)} files of learning ({found.places} places)"
    )
    for one in found.stale:
        said = "learned from them" if one.certain else "may have learned from them"
        stderr.print(
            f"{one.folder} ({one.card.task.value}, data {one.card.data_sha256[:12]}) {said}: train it anew "
            "(parley learn train, then parley learn promote)",
            markup=False,
            soft_wrap=True,
        )


def _stale_json(one: "Stale") -> JsonValue:
    return {
        "bundle": str(one.folder),
        "task": one.card.task.value,
        "data_sha256": one.card.data_sha256,
        "certain": one.certain,
    }
