"""`parley learn forget`, `consent` and `correct`: what may be learned from, and what is right."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from agent.cli.output import fail, print_json, stderr, stdout
from agent.settings import home_folder, load_settings
from agent.types import JsonValue, Role

if TYPE_CHECKING:
    from agent.home import Home
    from agent.learning.forgetting import Stale, Unlearned
    from agent.settings import Settings

_ROLES: tuple[Role, ...] = ("user", "assistant", "agent")
_Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
_RunName = Annotated[str, typer.Option("--run", metavar="NAME", help="Folder of the run (2026-11-25-1); the latest.")]


def register(learn: typer.Typer) -> None:
    """Adds the commands to those of `parley learn`."""
    learn.command("forget")(forget)
    learn.command("consent")(consent)
    learn.command("correct")(correct)


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
