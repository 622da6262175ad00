"""What the commands print: results on stdout, progress and complaints on stderr, one line that says what to do."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import orjson
import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from agent.types import JsonValue

if TYPE_CHECKING:
    from agent.home import Home
    from agent.settings import Settings

stdout = Console(highlight=False)
stderr = Console(stderr=True, highlight=False)

SET_ASIDE = "Your own knowledge is in; the sample company was set aside (parley init brings it back)."


def print_json(value: JsonValue) -> None:
    """One JSON object on one line, for programs."""
    typer.echo(orjson.dumps(value).decode())


def fail(message: str, *, status: int = 2) -> typer.Exit:
    """The line for stderr, and the exit to raise (2: wrong use or bad input; 1: a check failed)."""
    stderr.print(f"[bold red]parley:[/] {escape(message)}", soft_wrap=True, markup=True)
    return typer.Exit(status)


def print_nameless(home: "Home", settings: "Settings") -> None:
    """The line for stderr about a company that has no name of its own, and where to give it one; else nothing."""
    # Imported here: what knows the sample takes most of a second, which no other command need wait for.
    from agent.company import how_to_name, nameless

    if wrong := nameless(home, settings):
        stderr.print(f"Your company {escape(wrong)}; {escape(how_to_name(home))}.", soft_wrap=True)


def print_skipped(source: str, reason: str) -> None:
    """The line for stderr about what could not be read; a name such as "[a].md" is no markup."""
    stderr.print(f"[yellow]skipped[/] {escape(source)}: {escape(reason)}", soft_wrap=True)


@contextmanager
def progress(title: str) -> Iterator["ProgressLine"]:
    """A progress bar on stderr, gone when done; silent where stderr is no terminal, but for the title."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    if not stderr.is_terminal:
        stderr.print(f"{title} …")
    with Progress(*columns, console=stderr, transient=True, disable=not stderr.is_terminal) as bar:
        yield ProgressLine(bar, title)


class ProgressLine:
    """Callable as `(stage, done, total)`, as the knowledge room reports progress."""

    def __init__(self, bar: Progress, title: str) -> None:
        self._bar = bar
        self._title = title
        self._task = bar.add_task(title, total=None)

    def __call__(self, stage: str, done: int, total: int) -> None:
        self._bar.update(self._task, description=f"{self._title}: {stage}", completed=done, total=total)
