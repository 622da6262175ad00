"""`parley policy`: brings a home's policy up to what is shipped."""

from typing import Annotated

import typer

from agent.cli.output import print_json, stderr, stdout
from agent.home import Home
from agent.settings import home_folder


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    group = typer.Typer(help="The rules by which this home decides.", no_args_is_help=True)
    group.callback()(_group)
    group.command("update")(update)
    app.add_typer(group, name="policy")


def _group() -> None:
    """The rules by which this home decides."""


def update(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be added; change nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Add the shipped rules that policy.yaml lacks, where they stand in the shipped one; own rules stay as they are."""
    from agent.policy_update import policy_update, write_update

    home = Home(home_folder())
    found = policy_update(home)
    kept = write_update(home, found) if found.missing and not dry_run else None
    if as_json:
        print_json(
            {
                "added": [] if dry_run else found.missing,
                "missing": found.missing if dry_run else [],
                "otherwise": found.otherwise,
                "before": str(kept) if kept else None,
            }
        )
        return
    for name in found.missing:
        stdout.print(f"{'would add' if dry_run else 'added'}: {name}", markup=False, soft_wrap=True)
    for name in found.otherwise:
        stdout.print(f"reads otherwise than the shipped one, left as it is: {name}", markup=False, soft_wrap=True)
    if not found.missing:
        stdout.print("no shipped rule is missing", markup=False, soft_wrap=True)
    if kept:
        stderr.print(f"What it was is in {kept}. A bot that runs must be started again.", markup=False, soft_wrap=True)
