"""`parley score`: how good a bundle is on labelled texts, by itself and with a language model at its side."""

import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from agent.cli.output import fail, print_json, progress, stderr, stdout
from agent.training.bundle import Task
from agent.training.classifier import Classifier, Prediction
from agent.types import JsonValue

if TYPE_CHECKING:
    from agent.training.data import Labelled
    from agent.training.scoring import Score, SeveralScore

_BATCH = 2048
_ASKED_AT_ONCE = 32
_PATIENCE_S = 30.0  # for a model that nobody waits for
_GIVEN_UP_AFTER = 8  # texts of one batch without a usable answer
_WORST = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class _Measured:
    """Of one way to tell the labels. score: of texts with one label; several: of those with more; either may be missing."""

    score: "Score | None"
    several: "SeveralScore | None"
    seconds: float

    def as_json(self) -> dict[str, JsonValue]:
        found = self.score.as_json() if self.score else {}
        return {**found, **({"several": self.several.as_json()} if self.several else {}), "seconds": self.seconds}


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("score")(score)


def score(
    model: Annotated[Path, typer.Option("--model", metavar="DIR", help="The bundle's folder.")],
    data: Annotated[Path, typer.Option("--data", help="csv with text,label or jsonl with those keys.")],
    with_llm: Annotated[
        bool,
        typer.Option(
            "--with-llm",
            help="Also with the model of the settings, which chooses among likely intents (by the one request of `understand`, where set).",
        ),
    ] = False,
    examples: Annotated[
        Path | None,
        typer.Option(help="Labelled utterances to show the model; without it, those that the home accepted."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Measure a bundle on labelled texts that it was not trained on.

    `oos` marks those that no intent is for; `a|b`, or "labels": ["a", "b"], those that say two things.
    """
    from agent.training.classifier import open_classifier
    from agent.training.data import read_labelled
    from agent.understand.several import SeveralIntents

    if with_llm:
        _require_model()
    rows = read_labelled(data)
    classifier: Classifier = open_classifier(model)
    intents = classifier.card.task is Task.INTENT
    if with_llm and not intents:
        raise fail(f"{model} is for {classifier.card.task.value}; --with-llm measures intents")
    if intents:
        classifier = SeveralIntents(classifier)
    labels = _labels(rows, classifier, data, model)
    begun = time.perf_counter()
    with progress("Scoring") as line:
        predictions: list[Prediction] = []
        for start in range(0, len(rows), _BATCH):
            line("texts", start, len(rows))
            predictions.extend(classifier.predict(rows.texts[start : start + _BATCH]))
    alone = _measured(predictions, labels, classifier, begun)
    beside = _with_llm(classifier, rows, labels, examples) if with_llm else None
    if as_json:
        others: dict[str, JsonValue] = {"with_llm": {**beside[0].as_json(), **beside[1]}} if beside else {}
        print_json({"task": classifier.card.task.value, "model": str(model), **alone.as_json(), **others})
        return
    if beside:
        _print_beside(alone, *beside)
    _print(alone)


def _require_model() -> None:
    """Before minutes go by with the classifier."""
    from agent.errors import SettingsError
    from agent.settings import home_folder, load_settings

    if not load_settings(home_folder()).model.base_url:
        raise SettingsError("--with-llm: no model; set [model] base_url in parley.toml to an OpenAI-compatible server")


def _labels(rows: "Labelled", classifier: Classifier, data: Path, model: Path) -> list[tuple[str, ...]]:
    """The labels of each text, having said which of them the model does not know."""
    from agent.training.data import OUT_OF_SCOPE, labels_of

    known = {*classifier.card.labels}
    labels = [labels_of(label, known) for label in rows.labels]
    unknown = sorted({label for several in labels for label in several} - known - {OUT_OF_SCOPE})
    if not any(known.intersection(several) for several in labels):
        raise fail(f"{data} has none of the labels of {model}: {', '.join(sorted(known)[:5])} …")
    if unknown:
        stderr.print(f"labels that the model does not know, all counted as wrong: {', '.join(unknown)}", markup=False)
    return labels


def _measured(
    predictions: Sequence[Prediction], labels: Sequence[tuple[str, ...]], classifier: Classifier, begun: float
) -> _Measured:
    from agent.training.classifier import threshold_of
    from agent.training.data import OUT_OF_SCOPE
    from agent.training.scoring import score as scored
    from agent.training.scoring import score_several

    seconds = round(time.perf_counter() - begun, 2)
    pairs = [*zip(predictions, labels, strict=True)]
    single = [(one, own[0]) for one, own in pairs if len(own) == 1]
    several = [(one, own) for one, own in pairs if len(own) > 1]
    inside = [one for one, label in single if label != OUT_OF_SCOPE]
    threshold = threshold_of(classifier.card)
    return _Measured(
        score=scored([one for one, _ in single], [label for _, label in single], threshold=threshold)
        if inside
        else None,
        several=score_several([one for one, _ in several], [own for _, own in several], inside) if several else None,
        seconds=seconds,
    )


def _with_llm(
    classifier: Classifier, rows: "Labelled", labels: Sequence[tuple[str, ...]], examples: Path | None
) -> tuple[_Measured, dict[str, JsonValue]]:
    """What classifier and model reach together, and how often the model was asked and gave no usable answer."""
    from agent.bundles import known_utterances
    from agent.home import Home
    from agent.settings import home_folder, load_settings
    from agent.training.data import read_labelled
    from agent.understand.intent_chooser import IntentChooser
    from agent.understand.llm_intents import ModelIntents
    from agent.understand.one_call import OneCall

    settings = load_settings(home_folder()).model
    shown = read_labelled(examples) if examples else known_utterances(Home(home_folder()))
    begun = time.perf_counter()
    patient = settings.model_copy(update={"intents_timeout_s": _PATIENCE_S, "understand_timeout_s": _PATIENCE_S})
    with (
        closing(OneCall(patient) if settings.understand else IntentChooser(patient)) as chooser,
        progress("Asking the model") as line,
    ):
        intents = ModelIntents(classifier, chooser, shown)
        predictions: list[Prediction] = []
        for start in range(0, len(rows), _ASKED_AT_ONCE):
            line(f"texts, {intents.asked} asked about", start, len(rows))
            asked, failed = intents.asked, intents.failed
            predictions.extend(intents.predict(rows.texts[start : start + _ASKED_AT_ONCE]))
            asked, failed = intents.asked - asked, intents.failed - failed
            if asked == failed >= _GIVEN_UP_AFTER:
                raise fail(
                    f"the model at {settings.base_url} gave no usable answer to any of {asked} texts in a row; "
                    "see: parley doctor",
                    status=1,
                )
        measured = _measured(predictions, labels, classifier, begun)
    return measured, {"asked": intents.asked, "failed": intents.failed, "examples_shown": len(shown)}


def _print_beside(alone: _Measured, beside: _Measured, asked: dict[str, JsonValue]) -> None:
    """Both in one table."""
    table = Table("", "classifier", "with the model", box=None)
    for name, first, second in _figures(alone, beside):
        table.add_row(name, first, second)
    table.add_row("asked about", "", str(asked["asked"]))
    table.add_row("no usable answer", "", str(asked["failed"]))
    table.add_row("seconds", f"{alone.seconds:,.1f}", f"{beside.seconds:,.1f}")
    stdout.print(table)
    stdout.print("The classifier by itself:")


def _figures(alone: _Measured, beside: _Measured) -> list[tuple[str, str, str]]:
    found: list[tuple[str, str, str]] = []
    if alone.score and beside.score:
        found += [
            ("accuracy", f"{alone.score.accuracy:.1%}", f"{beside.score.accuracy:.1%}"),
            ("macro F1", f"{alone.score.macro_f1:.1%}", f"{beside.score.macro_f1:.1%}"),
            ("calibration error", f"{alone.score.calibration_error:.1%}", f"{beside.score.calibration_error:.1%}"),
        ]
        if alone.score.scope and beside.score.scope:
            first, second = alone.score.scope, beside.score.scope
            found.append(("out of scope: AUROC", f"{first.auroc:.3f}", f"{second.auroc:.3f}"))
    if alone.several and beside.several:
        found.append(("several: exact", f"{alone.several.exact:.1%}", f"{beside.several.exact:.1%}"))
    return found


def _print(measured: _Measured) -> None:
    if several := measured.several:
        stdout.print(
            f"{several.examples:,} that say several things: just these told of {several.exact:.1%}, precision "
            f"{several.precision:.1%}, recall {several.recall:.1%}"
            + (f"; several told of {several.told_several:.1%} of the others" if several.single else "")
        )
    if (found := measured.score) is None:
        return
    stdout.print(
        f"{found.examples:,} examples: accuracy {found.accuracy:.1%}, macro F1 {found.macro_f1:.1%}, "
        f"calibration error {found.calibration_error:.1%}"
    )
    if scope := found.scope:
        stdout.print(
            f"{scope.examples:,} out of scope: AUROC {scope.auroc:.3f}; at the threshold {scope.threshold:.2f} "
            f"{scope.recall:.1%} of them are recognised, {scope.kept:.1%} of the others kept, {scope.accuracy_kept:.1%} right"
        )
    worst = sorted(found.labels, key=lambda one: one.f1)[:_WORST]
    table = Table("label", *(("precision", "recall", "F1", "examples")), box=None)
    for one in worst:
        table.add_row(one.label, f"{one.precision:.1%}", f"{one.recall:.1%}", f"{one.f1:.1%}", f"{one.support:,}")
    if len(found.labels) > len(worst):
        stdout.print(f"The {len(worst)} weakest of {len(found.labels)} labels (--json gives all):")
    stdout.print(table)
