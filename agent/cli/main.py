"""Assembles the command line and turns errors into one line and an exit status."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import entry_points, version
from pathlib import Path
from typing import Annotated

import typer

from agent.cli.near import NearGroup
from agent.cli.output import fail
from agent.errors import ParleyError
from agent.home import HOME_ENV
from agent.secrecy import hide_in_logs
from knowledge.errors import KnowledgeError

_GROUP = "parley.commands"
_INTERRUPTED = 130
_GO_ON = "interrupted; what was finished is kept, run the same command to go on"


def build_app(command: str = "") -> typer.Typer:
    """The whole command line, those of the other rooms included; of a command that another room adds, that one alone.

    An entry point is called as its command is, so that nothing else need be loaded for it.
    """
    app = typer.Typer(
        name="parley",
        cls=NearGroup,
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
        version: Annotated[
            bool, typer.Option("--version", is_eager=True, callback=_print_version, help="Print the version and end.")
        ] = False,
    ) -> None:
        del version, home_folder  # printed; taken from anywhere on the line before parsing, see `_lift_home`

    points = {point.name: point for point in entry_points(group=_GROUP)}
    if command in points:
        points[command].load()(app)
        return app
    # Imported here: together they take a third of a second, which no other room's command need wait for.
    from agent.cli import (
        ask,
        contradictions,
        doctor,
        flow,
        graph,
        home,
        ingest,
        learn,
        policy,
        score,
        sentiment,
        training,
        vllm,
    )

    for room in (
        home,
        ingest,
        contradictions,
        graph,
        sentiment,
        training,
        score,
        learn,
        flow,
        policy,
        ask,
        doctor,
        vllm,
    ):
        room.register(app)
    for name in sorted(points):
        points[name].load()(app)
    return app


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"parley {version('parley')}")
        raise typer.Exit


def main() -> None:
    """Entry point of `parley`. Status 0: done; 1: a check failed; 2: wrong use or bad input."""
    arguments = _lift_home(sys.argv[1:])
    with as_a_command():
        build_app(next((one for one in arguments if not one.startswith("-")), ""))(args=arguments)


@contextmanager
def as_a_command() -> Iterator[None]:
    """Around what a process of Parley does: no secret in its logs, and an error ends it with one line and a status."""
    hide_in_logs(_secrets)
    try:
        yield
    except (ParleyError, KnowledgeError) as error:
        sys.exit(fail(str(error)).exit_code)
    except OSError as error:
        if not error.filename:
            raise
        sys.exit(fail(f"{error.filename}: {(error.strerror or str(error)).lower()}").exit_code)
    except KeyboardInterrupt:
        sys.exit(fail(_GO_ON, status=_INTERRUPTED).exit_code)
    except SystemExit as end:
        # Ctrl-C within a command comes as this, without a word.
        if end.code == _INTERRUPTED:
            fail(_GO_ON, status=_INTERRUPTED)
        raise


def _secrets() -> frozenset[str]:
    # Imported here: a line of a log comes late, if ever.
    from agent.settings import home_folder, secrets_of

    return secrets_of(home_folder())


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
