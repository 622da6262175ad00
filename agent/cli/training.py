"""`parley train` and `predict`: models of intents, sentiment and emotion, from labelled texts."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import orjson
import typer

from agent.cli.output import fail, print_json, progress, stderr, stdout
from agent.errors import reason_of
from agent.training.bundle import Task

if TYPE_CHECKING:
    from agent.training.data import Labelled

_BATCH = 2048
_Data = Annotated[Path, typer.Option("--data", help="csv with text,label or jsonl with those keys.")]
_Model = Annotated[Path, typer.Option("--model", metavar="DIR", help="The bundle's folder.")]
_AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    app.command("train")(train)
    app.command("predict")(predict)


def train(
    task: Annotated[Task, typer.Option(help="What the labels are.")],
    data: _Data,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where the bundle is written.")],
    holdout: Annotated[
        str,
        typer.Option(metavar="SHARE|FILE", help="Examples to measure on and not to learn from, 0 … 0.9, or a file."),
    ] = "",
    stranger_cost: Annotated[
        float,
        typer.Option(
            min=0.01, help="A stranger taken for an intent costs as much as this many known messages turned away."
        ),
    ] = 1.0,
    source: Annotated[list[str] | None, typer.Option(help="Name and licence of the data, for the card.")] = None,
    sentences: Annotated[
        bool, typer.Option("--sentences/--no-sentences", help="With sentence vectors, where installed.")
    ] = True,
    as_json: _AsJson = False,
) -> None:
    """Train a bundle: a folder with the model, its labels, how good it is, and a card to read."""
    from agent.training.bundle import card_text, require_place, write_bundle
    from agent.training.data import read_labelled, remarks, require_labels
    from agent.training.train import train as trained

    require_place(out)
    given = read_labelled(data)
    examples, held_out = _held_out(given, holdout)
    require_labels(examples, data, at_least=1 if task is Task.INTENT else 2)
    for remark in remarks(given):
        stderr.print(f"{data.name}: {remark}", markup=False, soft_wrap=True)
    with progress("Training") as line:
        bundle = trained(
            task,
            examples,
            held_out=held_out,
            sources=tuple(source or (data.name,)),
            stranger_cost=stranger_cost,
            with_sentences=sentences,
            progress=line,
        )
    write_bundle(bundle, out)
    if as_json:
        print_json({"out": str(out), **bundle.card.model_dump(mode="json")})
        return
    stdout.print(card_text(bundle.card), markup=False, soft_wrap=True)
    stderr.print(f"Written to {out}", markup=False, soft_wrap=True)


def predict(
    model: _Model,
    inputs: Annotated[Path, typer.Option("--in", help='jsonl: a line {"text"}.')],
    out: Annotated[Path, typer.Option("--out", help="jsonl: a line for each of --in, in order.")],
) -> None:
    """Label texts: {"text","label","confidence","scores","out_of_scope","in_scope"} a line.

    For intents also "intents": those that the text expresses, in order of mention, each {"name","confidence","text"}.
    """
    from agent.training.classifier import open_classifier, threshold_of
    from agent.understand.several import SeveralIntents, said

    texts = list(_texts(inputs))
    classifier = open_classifier(model)
    intents = classifier.card.task is Task.INTENT
    if intents:
        classifier = SeveralIntents(classifier)
    threshold = threshold_of(classifier.card)
    draft = out.with_name(f".{out.name}.new")
    try:
        with progress("Predicting") as line, draft.open("wb") as stream:
            for start in range(0, len(texts), _BATCH):
                line("texts", start, len(texts))
                part = texts[start : start + _BATCH]
                for text, found in zip(part, classifier.predict(part), strict=True):
                    record = {
                        "text": text,
                        "label": found.label,
                        "confidence": found.confidence,
                        "scores": dict(found.scores),
                        "out_of_scope": found.out_of_scope,
                        "in_scope": found.out_of_scope < threshold,
                    }
                    if intents:
                        record["intents"] = [
                            {"name": part.label, "confidence": part.confidence, "text": part.text}
                            for part in said(text, found, threshold)
                        ]
                    stream.write(orjson.dumps(record) + b"\n")
        draft.replace(out)
    except OSError as error:
        raise fail(f"{out} can't be written ({error.strerror}); choose another --out") from error
    finally:
        draft.unlink(missing_ok=True)
    stderr.print(f"{len(texts)} labelled: {out}", markup=False, soft_wrap=True)


def _held_out(data: "Labelled", holdout: str) -> "tuple[Labelled, Labelled | None]":
    """(to train on, to measure on) by a share or a file."""
    from agent.training.data import read_labelled, split

    if not holdout:
        return data, None
    try:
        share = float(holdout)
    except ValueError:
        return data, read_labelled(Path(holdout))
    if not 0 < share <= 0.9:
        raise fail("--holdout is a share above 0 and at most 0.9, or a file with labelled texts")
    return split(data, share)


def _texts(file: Path) -> Iterator[str]:
    try:
        lines = file.read_text("utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise fail(f"{file} can't be read ({reason_of(error)}); expected jsonl in UTF-8") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            record = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            raise fail(f"{file}, line {number} is no JSON ({error})") from error
        text = record.get("text") if isinstance(record, dict) else None
        if not isinstance(text, str):
            raise fail(f'{file}, line {number} holds no {{"text": "…"}}')
        yield text
