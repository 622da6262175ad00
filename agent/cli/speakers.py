"""The option that says who the speakers of a transcript are."""

from collections.abc import Sequence
from typing import Annotated

import typer

from agent.cli.output import fail
from agent.types import Role

Speaker = Annotated[
    list[str] | None, typer.Option(metavar="NAME=ROLE", help="Who a speaker is: user, assistant, agent, or none.")
]
_ROLES: tuple[Role, ...] = ("user", "assistant", "agent")


def speakers_of(pairs: Sequence[str]) -> dict[str, Role | None]:
    """Speakers as the options name them. Raises typer.Exit(2)."""
    found: dict[str, Role | None] = {}
    for pair in pairs:
        name, _, wanted = pair.rpartition("=")
        role = next((role for role in _ROLES if role == wanted), None)
        if not name or (role is None and wanted != "none"):
            raise fail(f"--speaker {pair}: expected NAME=user, NAME=assistant, NAME=agent or NAME=none")
        found[name.strip("'\"").lower()] = role
    return found
