"""`parley eval`: its commands."""

import typer

from evals.comparing.command import compare
from evals.conversations_cli import conversations
from evals.retrieval_cli import retrieval
from evals.run_cli import run


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    group = typer.Typer(help="How good the agent is.", no_args_is_help=True)
    group.command("run")(run)
    group.command("retrieval")(retrieval)
    group.command("conversations")(conversations)
    group.command("compare")(compare)
    app.add_typer(group, name="eval")
