"""`parley sentiment`: the models that tell how customers feel."""

from pathlib import Path
from typing import Annotated

import typer

from agent.cli.output import print_json, progress, stdout
from agent.settings import home_folder


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    room = typer.Typer(help="The models that tell how customers feel.", no_args_is_help=True)
    room.command("build")(build)
    room.command("score")(score)
    app.add_typer(room, name="sentiment")


def build(as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False) -> None:
    """Train the default sentiment models into this home, or copy them where this machine has them already."""
    from agent.home import Home
    from agent.settings import load_settings

    load_settings(home_folder())
    build_models(home_folder(), wanted=True)
    folder = Home(home_folder()).moods
    if as_json:
        print_json({"sentiment": str(folder)})
    else:
        stdout.print(f"Sentiment models ready: {folder}", soft_wrap=True)


def score(
    text: Annotated[str, typer.Argument(help="A customer's message.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Say how a message sounds to this home: polarity from -1 to 1, and an emotion."""
    from agent.home import Home
    from agent.settings import load_settings
    from agent.training.mood.defaults import open_sentiment
    from agent.understand.sentiment import default_sentiment

    words_alone = load_settings(home_folder()).understanding.sentiment == "words"
    scorer = default_sentiment() if words_alone else open_sentiment(Home(home_folder()).moods)
    felt = scorer.score([text])[0]
    if as_json:
        print_json({"polarity": felt.polarity, "emotion": felt.emotion.value, "confidence": felt.confidence})
    else:
        stdout.print(f"{felt.emotion.value} ({felt.confidence:.2f}), polarity {felt.polarity:+.2f}")


def build_models(root: Path, *, wanted: bool = False) -> None:
    """Gives a home its sentiment models, unless its settings do without. wanted: also then."""
    from agent.home import Home
    from agent.settings import load_settings
    from agent.training.mood.defaults import build_sentiment
    from knowledge.cached import cache_folder

    if not wanted and load_settings(root).understanding.sentiment == "words":
        return
    with progress("Sentiment") as line:
        build_sentiment(Home(root).moods, cache_folder() / "models", line)
