"""Step 7 as it is run: what this run trained, and its proposals for the graph, against what is in use."""

import math
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import numpy as np

from agent.homes import open_graph
from agent.learning.evaluate.comparing import Told, compare_labels
from agent.learning.evaluate.comparison import COMPARISON, Comparison, Figure, TaskComparison, Verdict
from agent.learning.evaluate.frozen import FrozenSets, joined
from agent.learning.evaluate.graph_questions import compare_graphs
from agent.learning.evaluate.judging import Terms
from agent.learning.evaluate.measures import calibration_error, macro_f1, share
from agent.learning.evaluate.reporting import report_of
from agent.learning.graph.accepting import graph_with
from agent.learning.graph.proposals import State, read_proposals
from agent.learning.intents.accepting import read_accepted
from agent.learning.runs import StepContext, StepName, StepOutcome
from agent.learning.training import set_aside_of, sets_aside
from agent.training.bundle import Card, Task
from agent.training.data import OUT_OF_SCOPE, Labelled
from agent.understand.language import ScriptLanguages


class Model(Protocol):
    """A trained model, opened; `agent.training.classifier.Classifier` is one."""

    @property
    def card(self) -> Card: ...
    def predict(self, texts: Sequence[str]) -> Sequence[Told]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluate:
    """The step, its options bound.

    open_model: opens a bundle (raises BundleError); in_use: where the bundles lie that speak now; above: the score from
    which on the proposals of this run are tried on the graph.
    """

    open_model: Callable[[Path], Model]
    in_use: Mapping[Task, Path]
    above: float = 0.9
    terms: Terms = field(default_factory=Terms)

    def __call__(self, context: StepContext) -> StepOutcome:
        frozen = FrozenSets.open(context.home)
        found: list[TaskComparison] = []
        cards: dict[str, dict[str, str]] = {"in_use": {}, "candidate": {}}
        for done, task in enumerate(Task):
            context.progress(task.value, done, len(Task) + 1)
            data = frozen.keep(task, read_accepted(context.home, task))
            candidate = context.run.folder(StepName.TRAIN) / task.value
            if not candidate.is_dir():
                continue
            after = self.open_model(candidate)
            cards["candidate"][task.value] = after.card.data_sha256
            before = self.open_model(self.in_use[task]) if task in self.in_use else None
            if before is not None:
                cards["in_use"][task.value] = before.card.data_sha256
            aside = set_aside_of(context.run.folder(StepName.TRAIN), task)
            found.append(self._labels(task, data, aside, before, after))
        context.progress("graph", len(Task), len(Task) + 1)
        found.extend(self._graph(context, frozen))
        comparison = Comparison(made=datetime.now(UTC), margin=self.terms.margin, tasks=tuple(found), **cards)
        (context.out / COMPARISON).write_text(comparison.model_dump_json(indent=1), "utf-8")
        figures = {task.task: task.verdict.value for task in found} or {"compared": "nothing was trained in this run"}
        return StepOutcome(figures=figures, report=report_of(comparison))

    def _labels(
        self, task: Task, data: Labelled, aside: Labelled, before: Model | None, after: Model
    ) -> TaskComparison:
        """On what is frozen, and on what the training set aside, unless what is in use may have met that."""
        notes: tuple[str, ...] = ()
        if before is None or sets_aside(before.card):
            data = joined(aside, data)
        elif more := len(joined(aside, data)) - len(data):
            notes = (
                f"{more:,} examples that were set aside of labelled files are not counted: what is in use was not trained "
                "by parley learn, and may have been trained on them.",
            )
        compared = self._compared(task, data, before, after)
        return compared.model_copy(update={"notes": (*compared.notes, *notes)})

    def _compared(self, task: Task, data: Labelled, before: Model | None, after: Model) -> TaskComparison:
        if not any(label != OUT_OF_SCOPE for label in data.labels):
            note = "No example of this task is frozen yet: accept some, or put a file of your own into learning/frozen."
            return TaskComparison(task=task.value, examples=0, verdict=Verdict.TOO_LITTLE, notes=(note,))
        told = after.predict(data.texts)
        if before is None:
            return _first(task, data, told)
        languages = [ScriptLanguages().detect(text, ()) for text in data.texts]
        return compare_labels(task.value, data, before.predict(data.texts), told, languages, self.terms)

    def _graph(self, context: StepContext, frozen: FrozenSets) -> list[TaskComparison]:
        """The graph with this run's best proposals, on the questions that people froze; nothing is put into use."""
        questions = frozen.questions()
        file = context.run.folder(StepName.GRAPH) / "proposals.jsonl"
        if not questions or not file.is_file():
            return []
        taken = [p for p in read_proposals(file) if p.state is State.OPEN and p.score >= self.above]
        with closing(open_graph(context.home)) as before, graph_with(before, taken) as after:
            compared = compare_graphs(questions, before, after, self.terms)
        note = f"After: the graph with the {len(taken)} proposals of this run whose score is {self.above:g} or more."
        return [compared.model_copy(update={"notes": (note,)})]


def read_comparison(folder: Path) -> Comparison:
    """What the step left in a folder."""
    return Comparison.model_validate_json((folder / COMPARISON).read_bytes())


def _first(task: Task, data: Labelled, told: Sequence[Told]) -> TaskComparison:
    """Figures of a model that nothing was in use before."""
    rows = [n for n, label in enumerate(data.labels) if label != OUT_OF_SCOPE]
    truth, said = [data.labels[n] for n in rows], [told[n] for n in rows]
    right = [one.label == label for one, label in zip(said, truth, strict=True)]
    measures = {
        "accuracy": share(right),
        "macro F1": macro_f1(truth, [one.label for one in said]),
        "calibration error (ECE)": calibration_error(right, [one.confidence for one in said]),
    }
    values = {name: measure(np.ones(len(rows))) for name, measure in measures.items()}
    figures = [Figure(name=n, before=None, after=v) for n, v in values.items() if not math.isnan(v)]
    return TaskComparison(task=task.value, examples=len(rows), verdict=Verdict.FIRST, figures=tuple(figures))
