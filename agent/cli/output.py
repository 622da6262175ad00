"""What the commands print: results on stdout, progress and complaints on stderr, one line that says what to do."""

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import orjson
import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from agent.secrecy import without_secrets
from agent.types import JsonValue

if TYPE_CHECKING:
    from agent.home import Home
    from agent.settings import Settings

stdout = Console(highlight=False)
stderr = Console(stderr=True, highlight=False)

_SET_ASIDE = "Your own knowledge is in; the sample company was set aside (parley init FOLDER makes it anew elsewhere)."
_BEGUN_S, _EVERY_S = 0.5, 5.0
"""Least time between two plain lines of progress: where a stage begins, and within one."""
_STAYED = "Of the sample's files one or more were changed, so these stay as they are; take out what is not yours:"


def print_json(value: JsonValue) -> None:
    """One JSON object on one line, for programs."""
    typer.echo(orjson.dumps(value).decode())


def fail(message: str, *, status: int = 2) -> typer.Exit:
    """The line for stderr, without secrets, and the exit to raise (2: wrong use or bad input; 1: a check failed)."""
    stderr.print(f"[bold red]parley:[/] {escape(without_secrets(message, _secrets()))}", soft_wrap=True, markup=True)
    return typer.Exit(status)


def _secrets() -> Collection[str]:
    # Imported here: what prints need not load the settings unless it complains.
    from agent.settings import home_folder, secrets_of

    return secrets_of(home_folder())


def print_nameless(home: "Home", settings: "Settings") -> None:
    """The line for stderr about a company that has no name of its own, and where to give it one; else nothing."""
    # Imported here: what knows the sample takes most of a second, which no other command need wait for.
    from agent.company import how_to_name, nameless

    if wrong := nameless(home, settings):
        stderr.print(f"Your company {escape(wrong)}; {escape(how_to_name(home))}.", soft_wrap=True)


def print_set_aside(stayed: Sequence[str]) -> None:
    """The lines for stderr when the sample made room, and which of its files did not."""
    stderr.print(_SET_ASIDE, markup=False, soft_wrap=True)
    if stayed:
        stderr.print(f"{_STAYED} {', '.join(stayed)}", markup=False, soft_wrap=True)


def print_skipped(source: str, reason: str) -> None:
    """The line for stderr about what could not be read; a name such as "[a].md" is no markup."""
    stderr.print(f"[yellow]skipped[/] {escape(source)}: {escape(reason)}", soft_wrap=True)


@contextmanager
def progress(title: str, clock: Callable[[], float] = time.monotonic) -> Iterator["ProgressLine"]:
    """A progress bar on stderr, gone when done; where stderr is no terminal, plain lines, few of them."""
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
        yield ProgressLine(bar, title, clock)


class ProgressLine:
    """Callable as `(stage, done, total)`, as the knowledge room reports progress."""

    def __init__(self, bar: Progress, title: str, clock: Callable[[], float]) -> None:
        self._bar = bar
        self._clock, self._told = clock, clock()
        self._title = title
        self._task = bar.add_task(title, total=None)

    def __call__(self, stage: str, done: int, total: int) -> None:
        if not stderr.is_terminal:
            self._tell(stage, done, total)
        self._bar.update(self._task, description=f"{self._title}: {stage}", completed=done, total=total)

    def _tell(self, stage: str, done: int, total: int) -> None:
        """A line for a log file, where the last is old enough."""
        now = self._clock()
        if now - self._told >= (_EVERY_S if done else _BEGUN_S):
            self._told = now
            counted = f" {done}/{total}" if done else ""
            stderr.print(f"{self._title}: {stage}{counted} …", markup=False, soft_wrap=True)
