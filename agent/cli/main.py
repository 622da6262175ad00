"""Assembles the command line and turns errors into one line and an exit status."""

import os
import sys
from importlib.metadata import entry_points
from pathlib import Path
from typing import Annotated

import typer

from agent.cli import ask, contradictions, doctor, flow, graph, home, ingest, learn, score, sentiment, training, vllm
from agent.cli.output import fail
from agent.errors import ParleyError
from agent.settings import HOME_ENV
from knowledge.errors import KnowledgeError

_GROUP = "parley.commands"


def build_app() -> typer.Typer:
    """The whole command line, those of the other rooms included."""
    app = typer.Typer(
        name="parley",
        help="Parley: grounded, cited answers for customers, in English and Chinese.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )

    @app.callback()
    def _options(
        home_folder: Annotated[
            Path | None, typer.Option("--home", help=f"Folder of the deployment (or {HOME_ENV}); default ./.parley.")
        ] = None,
    ) -> None:
        del home_folder  # taken from anywhere on the line before parsing, see `_lift_home`

    for room in (home, ingest, contradictions, graph, sentiment, training, score, learn, flow, ask, doctor, vllm):
        room.register(app)
    for point in sorted(entry_points(group=_GROUP), key=lambda point: point.name):
        point.load()(app)
    return app


def main() -> None:
    """Entry point of `parley`. Status 0: done; 1: a check failed; 2: wrong use or bad input."""
    arguments = _lift_home(sys.argv[1:])
    try:
        build_app()(args=arguments)
    except (ParleyError, KnowledgeError) as error:
        sys.exit(fail(str(error)).exit_code)
    except KeyboardInterrupt:
        sys.exit(fail("interrupted; what was finished is kept, run the same command to go on", status=130).exit_code)


def _lift_home(arguments: list[str]) -> list[str]:
    """Takes `--home DIR` from wherever it stands, so that it works before and after the command's name."""
    kept: list[str] = []
    rest = iter(arguments)
    for argument in rest:
        if argument == "--":
            return [*kept, argument, *rest]
        if argument.startswith("--home="):
            os.environ[HOME_ENV] = argument.removeprefix("--home=")
        elif argument == "--home":
            value = next(rest, None)
            if value is None:
                return [*kept, argument]
            os.environ[HOME_ENV] = value
        else:
            kept.append(argument)
    return kept
