"""`parley eval`: runs, transcripts, comparisons, agreement of judges, retrieval."""

import typer

from evals.comparing.command import compare
from evals.conversations_cli import conversations
from evals.judge.agreement import command as agreement
from evals.retrieval_cli import retrieval
from evals.reviewed_cli import cases
from evals.run_cli import run
from evals.serve_cli import serve
from evals.simulate_cli import simulate


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
