"""`parley learn …`: the eight steps, what a person decides about them, and which bundle speaks."""

import typer

from agent.cli import learn_data, learn_feelings, learn_graph, learn_intents, learn_steps, learn_use


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    learn = typer.Typer(help="Learn from conversations, in eight steps.", no_args_is_help=True)
    accept = typer.Typer(help="Take in what a step proposes.", no_args_is_help=True)
    learn_steps.register(learn)
    learn.add_typer(accept, name="accept")
    learn_intents.register(learn, accept)
    learn_feelings.register(accept)
    learn_graph.register(learn)
    learn_data.register(learn)
    learn_use.register(learn)
    app.add_typer(learn, name="learn")
