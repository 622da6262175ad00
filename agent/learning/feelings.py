"""Step 5: how the customers of these conversations feel, as the model in use hears it, and which of it a person should check."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from agent.learning.intents.accepting import read_accepted, same_text
from agent.learning.intents.sheets import write_sheet
from agent.learning.records import CleanUtterance, read_records
from agent.learning.report import Report
from agent.learning.runs import StepContext, StepName, StepOutcome
from agent.learning.wording import said
from agent.ports import SentimentScorer
from agent.training.bundle import Task
from agent.types import Emotion, Sentiment

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LABELLED, TO_CHECK = "labelled.csv", "to_check.csv"
_BATCH = 512
_SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """An utterance and how it sounds."""

    said: CleanUtterance
    felt: Sentiment


@dataclass(frozen=True, slots=True, kw_only=True)
class Feelings:
    """The step, its options bound. scorer: opens what tells feelings in use; count: how many a person should check."""

    scorer: Callable[[], SentimentScorer]
    count: int = 60
    seed: int = 0

    def __call__(self, context: StepContext) -> StepOutcome:
        """Writes labelled.csv, all of them, and to_check.csv, whose column `label` a person fills in."""
        said = list(read_records(context.run.need(StepName.CLEAN, "utterances.jsonl"), CleanUtterance))
        heard = list(self._heard(said, context))
        checked = read_accepted(context.home, Task.EMOTION)
        known = {same_text(text) for text in checked.texts}
        unchecked = [one for one in heard if same_text(one.said.text) not in known]
        wanted = to_check(unchecked, self.count, seed=self.seed)
        header = ("id", "text", "emotion", "polarity", "confidence")
        write_sheet(context.out / LABELLED, header, [_row(one) for one in heard])
        write_sheet(
            context.out / TO_CHECK,
            ("id", "text", "heard", "label"),
            [(one.said.id, one.said.text, one.felt.emotion.value, "") for one in wanted],
        )
        return StepOutcome(figures=_figures(heard, len(checked)), report=_report(heard, wanted))

    def _heard(self, said: Sequence[CleanUtterance], context: StepContext) -> list[Heard]:
        scorer = self.scorer()
        found: list[Heard] = []
        for start in range(0, len(said), _BATCH):
            context.progress("listening", start, len(said))
            part = said[start : start + _BATCH]
            felt = scorer.score([one.text for one in part])
            found.extend(Heard(said=one, felt=feeling) for one, feeling in zip(part, felt, strict=True))
        return found


def to_check(heard: Sequence[Heard], count: int, *, seed: int = 0) -> list[Heard]:
    """Half of them those the model is least sure of, by emotion in turn; half at random, by which it can be judged."""
    random = np.random.default_rng(seed)
    order = random.permutation(len(heard))
    drawn = [heard[place] for place in order[: count // 2]]
    rest = sorted((heard[place] for place in order[count // 2 :]), key=lambda one: one.felt.confidence)
    by_emotion = {emotion: [one for one in rest if one.felt.emotion is emotion] for emotion in Emotion}
    chosen: list[Heard] = []
    while len(drawn) + len(chosen) < count and any(by_emotion.values()):
        chosen.extend(waiting.pop(0) for waiting in by_emotion.values() if waiting)
    return [*drawn, *chosen][:count]


def _row(one: Heard) -> tuple[str, ...]:
    felt = one.felt
    return one.said.id, one.said.text, felt.emotion.value, f"{felt.polarity:.3f}", f"{felt.confidence:.3f}"


def _figures(heard: Sequence[Heard], checked: int) -> dict[str, float | int | str]:
    unhappy = sum(one.felt.polarity < 0 for one in heard)
    return {
        "utterances": len(heard),
        "unhappy": round(unhappy / len(heard), 4) if heard else 0.0,
        "angry": round(sum(one.felt.emotion is Emotion.ANGER for one in heard) / len(heard), 4) if heard else 0.0,
        "checked by people so far": checked,
    }


def _report(heard: Sequence[Heard], wanted: Sequence[Heard]) -> Report:
    report = Report(said("How customers feel"))
    report.text(
        "Labelled by the model in use. To judge and adapt it, fill the column label of to_check.csv with what you hear "
        "({emotions}), then: parley learn accept feelings FILE. The next training learns from it.",
        emotions=", ".join(Emotion),
    )
    counts = Counter(one.felt.emotion for one in heard)
    report.figure("emotions", said("Customers' messages by emotion"), lambda axes: _bars(axes, counts))
    for emotion in (Emotion.ANGER, Emotion.DISAPPOINTMENT, Emotion.ANXIETY, Emotion.GRATITUDE, Emotion.JOY):
        shown = sorted((one for one in heard if one.felt.emotion is emotion), key=lambda one: -one.felt.confidence)
        if shown:
            report.heading(emotion.value)
            rows = [(one.said.text, one.felt.polarity, one.felt.confidence) for one in shown[:_SHOWN]]
            report.table(("message", "polarity", "confidence"), rows)
    report.heading("To be checked first")
    report.table(("message", "heard"), [(one.said.text, said(one.felt.emotion.value)) for one in wanted[:20]])
    return report


def _bars(axes: "Axes", counts: Counter[Emotion]) -> None:
    names = [emotion.value for emotion in Emotion]
    bars = axes.barh(names[::-1], [counts[emotion] for emotion in Emotion][::-1], color="#0b5d57")
    axes.bar_label(bars, padding=3)
    axes.set_xlabel("messages")
