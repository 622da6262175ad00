"""`parley eval serve`: browse the reports of runs."""

import socket
from pathlib import Path
from typing import Annotated

import typer

from agent.cli.output import fail, stderr
from evals.commands.language import Lang

_HOST = "127.0.0.1"


def serve(
    folder: Annotated[Path, typer.Argument(help="A run's folder, or one that holds several.")],
    port: Annotated[int, typer.Option(help="On this machine alone.")] = 8710,
    lang: Lang = "en",
) -> None:
    """Browse the reports in a folder: every run, and how each suite went over time. Reached from this machine alone."""
    import uvicorn

    from agent.errors import reason_of
    from evals.reporting.history import runs_below
    from evals.reporting.served import browser_of

    if not folder.is_dir() or next(runs_below(folder), None) is None:
        raise fail(f"{folder} holds no run; `parley eval run --out {folder}` makes one")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_HOST, port))
        except OSError as error:
            raise fail(f"port {port}: {reason_of(error)}; choose another with --port") from error
    stderr.print(f"http://{_HOST}:{port}", markup=False)
    uvicorn.run(browser_of(folder, lang), host=_HOST, port=port, log_level="warning")
