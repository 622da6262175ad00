"""Step 6: bundles for what people have labelled, trained without the frozen examples, with a search over settings."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from agent.errors import CallerError
from agent.learning.evaluate.frozen import FrozenSets
from agent.learning.intents.accepting import read_accepted, same_text
from agent.learning.intents.evidence import evidence
from agent.learning.intents.records import CLUSTERS, Cluster
from agent.learning.records import read_records
from agent.learning.report import Report
from agent.learning.runs import StepContext, StepName, StepOutcome
from agent.learning.wording import numbered, said
from agent.training.bundle import Bundle, Card, Task, write_bundle
from agent.training.data import OUT_OF_SCOPE, Labelled, each_once, read_labelled, split, write_labelled
from agent.training.mood.defaults import service_messages
from agent.training.train import train
from agent.training.trials import Tried

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_FEW = 20  # examples of a feeling that people checked, from which on a model is trained with them
_AT_LEAST = 2  # examples of an intent
_CURVE = (0.25, 0.5)
_SET_ASIDE = "set_aside"
_SOURCE = "learning run"
_CLUSTERS = 12  # that are shown where nothing is labelled


@dataclass(frozen=True, slots=True, kw_only=True)
class Train:
    """The step, its options bound. labelled: intents that were labelled elsewhere; curve: whether to draw what more
    examples would bring; needed: whether it is an error that there is nothing to train from.
    """

    labelled: Path | None = None
    curve: bool = True
    needed: bool = True

    def __call__(self, context: StepContext) -> StepOutcome:
        """Writes `intent/` and, where people have checked enough, `emotion/` and `sentiment/`; and `set_aside/`, for the
        evaluation. Raises CallerError when there is nothing to train from, and that is needed.
        """
        frozen = FrozenSets.open(context.home)
        report = Report(said("Training"))
        figures: dict[str, float | int | str] = {}
        for task, found in self._examples(context).items():
            frozen.keep(task, read_accepted(context.home, task))
            _set_aside(frozen.set_aside(found), task, context.out)
            data, left_out = trainable(frozen.to_train(found))
            if len(data.label_names) < 2:
                continue
            bundle, tried = _trained(task, data, context)
            write_bundle(bundle, context.out / task.value)
            figures[f"{task.value}: examples"] = len(data)
            figures[f"{task.value}: accuracy, left out"] = next(
                (value for name, value in bundle.card.metrics.items() if name.startswith("accuracy")), 0.0
            )
            _tell(report, task, bundle, data, left_out, tried)
            if self.curve and task is Task.INTENT:
                _draw_curve(report, data, bundle, context)
        if not figures and not self.needed:
            return _nothing(context)
        if not figures:
            raise CallerError(
                "nothing to train from: label examples first (parley learn accept labels FILE), or give --labelled FILE"
            )
        return StepOutcome(figures=figures, report=report)

    def _examples(self, context: StepContext) -> Mapping[Task, Labelled]:
        found = {Task.INTENT: intents_of(context, self.labelled)}
        checked = read_accepted(context.home, Task.EMOTION)
        if len(checked) >= _FEW:
            found[Task.EMOTION] = each_once([service_messages(), checked], same_text)
        judged = read_accepted(context.home, Task.SENTIMENT)
        if len(judged) >= _FEW:
            found[Task.SENTIMENT] = judged
        return found


def _nothing(context: StepContext) -> StepOutcome:
    """What to do where nobody has labelled anything yet."""
    report = Report(said("Training"))
    report.text(
        "There is nothing to train from yet: nobody has labelled anything. Fill the column label of clusters.csv or "
        "to_label.csv in {folder} with names of intents, then: parley learn accept intents clusters.csv, or parley learn "
        "accept labels to_label.csv; and run this again. Or give what is labelled elsewhere: --labelled FILE.",
        folder=context.run.folder(StepName.INTENTS).name,
    )
    file = context.run.folder(StepName.INTENTS) / CLUSTERS
    clusters = list(read_records(file, Cluster)) if file.is_file() else []
    if clusters:
        report.text("The largest clusters, and how to take each:")
        report.table(
            ("cluster", "utterances", "typical", "command"),
            [
                (
                    one.id,
                    one.size,
                    one.central[0].text if one.central else "",
                    f"parley learn accept intents {one.id} --name {one.name}",
                )
                for one in clusters[:_CLUSTERS]
            ],
        )
    return StepOutcome(figures={"trained": "nothing yet"}, report=report)


def intents_of(context: StepContext, labelled: Path | None) -> Labelled:
    """Utterances whose intent is known; of a text with several labels the one given last counts.

    In order: the file, or the sample company's where the home holds it; what the conversations of this run were labelled or
    corrected with; what people accepted.
    """
    utterances = context.run.need(StepName.CLEAN, "utterances.jsonl") if context.run.record(StepName.CLEAN) else None
    known = [one for one in evidence(context.home, utterances, labelled) if one.label]
    return Labelled(tuple(one.text for one in known), tuple(one.label for one in known))


def set_aside_of(step: Path, task: Task) -> Labelled:
    """What the step, whose folder this is, did not train on, whether people accepted it or it was labelled elsewhere."""
    file = step / _SET_ASIDE / f"{task.value}.csv"
    return read_labelled(file) if file.is_file() else Labelled((), ())


def sets_aside(card: Card) -> bool:
    """Whether a bundle is of this step, so that it never met what is set aside."""
    return any(source.startswith(_SOURCE) for source in card.sources)


def _set_aside(data: Labelled, task: Task, out: Path) -> None:
    if len(data):
        (out / _SET_ASIDE).mkdir(exist_ok=True)
        write_labelled(data, out / _SET_ASIDE / f"{task.value}.csv")


def trainable(data: Labelled) -> tuple[Labelled, tuple[str, ...]]:
    """The examples of labels that have enough of them, and the labels that do not."""
    counts = Counter(data.labels)
    rare = tuple(sorted(label for label, count in counts.items() if count < _AT_LEAST and label != OUT_OF_SCOPE))
    return data.take([n for n, label in enumerate(data.labels) if label not in rare]), rare


def _trained(task: Task, data: Labelled, context: StepContext) -> tuple[Bundle, list[Tried]]:
    tried: list[Tried] = []
    bundle = train(
        task,
        data,
        sources=(f"{_SOURCE} {context.run.root.name}",),
        search=True,
        on_tried=tried.append,
        progress=context.progress,
    )
    return bundle, tried


def _tell(
    report: Report, task: Task, bundle: Bundle, data: Labelled, left_out: Sequence[str], tried: Sequence[Tried]
) -> None:
    report.heading(
        "{task}: {examples:,} examples of {labels} labels",
        task=said(task.value),
        examples=len(data),
        labels=len(data.label_names),
    )
    if left_out:
        report.text(
            "Left out, with fewer than {least} examples to train on: {labels}.",
            least=_AT_LEAST,
            labels=", ".join(left_out),
        )
    report.table(
        ("measured on what it was not fitted on", "value"),
        [(said(n), float(v)) for n, v in bundle.card.metrics.items()],
    )
    report.table(("setting", "value"), [(said(name), said(str(value))) for name, value in bundle.card.settings.items()])
    if tried:
        best = sorted(tried, key=lambda one: -one.accuracy)
        report.text("Settings that were tried, by the share of left-out examples that each tells right:")
        report.table(("setting", "accuracy"), [(numbered(one.setting), one.accuracy) for one in best[:12]])
    counts = Counter(data.labels).most_common()
    rarest = ", ".join(f"{label} ({count})" for label, count in counts[::-1][:8])
    report.text("Fewest examples: {labels}. More of these help most.", labels=rarest)


def _draw_curve(report: Report, data: Labelled, bundle: Bundle, context: StepContext) -> None:
    """What the number of examples brings: by parts of them, each measured on what was left out; all of them is the bundle."""
    shares: list[int] = []
    values: list[float] = []
    for share in _CURVE:
        part, _ = split(data, 1 - share)
        if min(Counter(part.labels).values(), default=0) < _AT_LEAST:
            continue
        context.progress("drawing the curve", len(shares), len(_CURVE))
        shares.append(len(part))
        values.append(train(Task.INTENT, part, with_sentences=False).card.metrics["accuracy"])
    if shares:
        whole = bundle.card.metrics
        shares.append(len(data))
        values.append(whole.get("accuracy without sentence vectors", whole["accuracy"]))
        caption = said("What more examples bring (by words alone)")
        report.figure("curve", caption, lambda axes: _plot(axes, shares, values))


def _plot(axes: "Axes", sizes: Sequence[int], values: Sequence[float]) -> None:
    axes.plot(list(sizes), list(values), marker="o", color="#0b5d57")
    axes.set_xlabel("examples")
    axes.set_ylabel("accuracy, left out")
    axes.set_xlim(left=0)
