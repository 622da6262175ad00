"""`parley init`: a new home, with the sample company in it or empty."""

from pathlib import Path
from typing import Annotated

import typer

from agent.cli.output import print_json, progress, stderr, stdout
from agent.settings import home_folder


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("init")(init)


def init(
    folder: Annotated[Path | None, typer.Argument(metavar="DIR", help="The new home; default: --home.")] = None,
    empty: Annotated[bool, typer.Option("--empty", help="Without the sample company.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Make a new home: commented settings, a policy, and the bilingual sample company to try at once."""
    from agent.cli.sentiment import build_models
    from agent.homes import new_home, refuse_own, sample_home

    root = folder or home_folder()
    if empty:
        refuse_own(root, sample=False)
        new_home(root)
    else:
        with progress("Sample company") as line:
            sample_home(root, line)
    build_models(root)
    if as_json:
        print_json({"home": str(root), "sample": not empty})
        return
    stdout.print(f"Home ready: {root}")
    stderr.print(f"Next: parley --home {root} chat    or    parley --home {root} serve", soft_wrap=True)
