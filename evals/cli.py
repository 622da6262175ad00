"""`parley eval`: runs, transcripts, comparisons, agreement of judges, retrieval."""

import typer

from evals.commands.conversations import conversations
from evals.commands.retrieval import retrieval
from evals.commands.reviewed import cases
from evals.commands.run import run
from evals.commands.serve import serve
from evals.commands.simulate import simulate
from evals.comparing.command import compare
from evals.judge.agreement import command as agreement


def register(app: typer.Typer) -> None:
    """Add the group of evaluation commands."""
    group = typer.Typer(help="How good the agent is.", no_args_is_help=True)
    group.command("run")(run)
    group.command("retrieval")(retrieval)
    group.command("conversations")(conversations)
    group.command("compare")(compare)
    group.command("agreement")(agreement)
    group.command("simulate")(simulate)
    group.command("cases")(cases)
    group.command("serve")(serve)
    app.add_typer(group, name="eval")
