"""`parley learn accept feelings`: what a person heard in messages, for the next model of emotion."""

from pathlib import Path
from typing import Annotated

import typer

from agent.cli.output import fail, print_json, stdout
from agent.settings import home_folder, load_settings


def register(accept: typer.Typer) -> None:
    """Adds the command to `parley learn accept`."""
    accept.command("feelings")(accept_feelings)


def accept_feelings(
    file: Annotated[Path, typer.Argument(help="to_check.csv of the step sentiment, its column `label` filled in.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Take the feelings that were filled into a sheet: anger, disappointment, anxiety, gratitude, joy, neutral."""
    from agent.home import Home
    from agent.learning.intents.accepting import accept
    from agent.learning.intents.sheets import read_filled
    from agent.training.bundle import Task
    from agent.types import Emotion

    if not file.is_file():
        raise fail(f"no such file: {file}")
    pairs = [(text, label.lower()) for text, label in read_filled(file, {})]
    unknown = sorted({label for _, label in pairs} - {*Emotion})
    if unknown:
        raise fail(f"{file}: no feeling is called {', '.join(unknown)}; there are: {', '.join(Emotion)}")
    taken = accept(Home(load_settings(home_folder()).home), pairs, Task.EMOTION)
    if as_json:
        print_json({"added": taken.added, "changed": taken.changed, "known": taken.known})
        return
    stdout.print(f"{taken.added} added, {taken.changed} changed, {taken.known} known already", soft_wrap=True)
