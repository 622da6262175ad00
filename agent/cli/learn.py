"""`parley learn …`: the eight steps."""

import typer

from agent.cli import learn_use


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    learn = typer.Typer(help="Learn from conversations, in eight steps.", no_args_is_help=True)
    learn_use.register(learn)
    app.add_typer(learn, name="learn")
