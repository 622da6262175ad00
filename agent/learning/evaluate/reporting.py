"""The report of a comparison: verdicts, differences with their intervals, what changed, and examples."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from agent.learning.evaluate.comparison import Bin, Comparison, Figure, TaskComparison, Verdict
from agent.learning.report import Cell, Report
from agent.learning.wording import Said, numbered, said

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_LISTED = 20
_SAID = {
    Verdict.BETTER: "Better: a gain that is more than chance, and no loss anywhere that is.",
    Verdict.NO_WORSE: "No worse: no loss that is more than chance, and a loss of the margin or more can be ruled out.",
    Verdict.WORSE: "Worse: at least one loss is more than chance. It should not be put into use.",
    Verdict.TOO_LITTLE: "Too little data to tell: nothing that is more than chance, and a loss of the margin can't be ruled out.",
    Verdict.FIRST: "Nothing is in use that it could be compared with; the figures are its own.",
}


def report_of(comparison: Comparison) -> Report:
    """The whole report."""
    report = Report(said("Evaluation on frozen examples"))
    report.text(
        "What was trained anew against what is in use, on examples that neither may be trained on. Differences are after "
        "minus before with 95 % intervals. A loss of up to {margin} counts as none.",
        margin=_percent(comparison.margin),
    )
    if not comparison.tasks:
        report.text(
            "Nothing was compared, as nothing was trained in this run. Label examples, or accept clusters as intents; then: "
            "parley learn train, parley learn evaluate."
        )
        return report
    report.table(
        ("task", "frozen examples", "verdict", "smallest difference that would have been seen"),
        [(said(t.task), t.examples, said(t.verdict.value), _percent(t.smallest)) for t in comparison.tasks],
    )
    for task in comparison.tasks:
        _task(report, task, comparison.margin)
    return report


def _task(report: Report, task: TaskComparison, margin: float) -> None:
    report.heading(task.task)
    report.text(_SAID[task.verdict])
    for note in task.notes:
        report.text("{note}", note=numbered(note))
    for loss in task.losses:
        report.text("Loss: {loss}.", loss=loss)
    if task.smallest is not None and task.needed is not None:
        report.text(
            "With {examples:,} examples a difference of {smallest} or more would have been seen four times in five; to see "
            "one of {margin} it takes about {needed:,}.",
            examples=task.examples,
            smallest=_percent(task.smallest),
            margin=_percent(margin),
            needed=task.needed,
        )
    if task.figures:
        report.table(("figure", "before", "after", "difference", "95 % interval", "p"), [*map(_row, task.figures)])
    drawn = [figure for figure in task.figures if figure.low is not None]
    if drawn:
        caption = said("{task}: differences with 95 % intervals", task=said(task.task))
        size = (7.5, 1.2 + 0.45 * len(drawn))
        report.figure(f"{task.task}-differences", caption, partial(_draw_differences, drawn, margin), size=size)
    _changes(report, task)
    if task.calibration_after:
        report.figure(
            f"{task.task}-calibration",
            said("{task}: how often it is right, by how confident it is", task=said(task.task)),
            partial(_draw_calibration, task.calibration_before, task.calibration_after),
            size=(4.5, 4.2),
        )


def _changes(report: Report, task: TaskComparison) -> None:
    changed = sorted((s for s in task.slices if s.gained or s.lost), key=lambda s: (s.q, s.gained - s.lost))
    if changed:
        report.text("Slices that changed; q is the p of the exact test, corrected for the number of slices.")
        report.table(
            ("slice", "examples", "before", "after", "gained", "lost", "q"),
            [
                (
                    said("{kind}: {name}", kind=said(s.kind), name=s.name),
                    s.examples,
                    s.before,
                    s.after,
                    s.gained,
                    s.lost,
                    s.q,
                )
                for s in changed[:_LISTED]
            ],
        )
    if task.confusions:
        report.text("Pairs that are confused more or less often.")
        report.table(
            ("truth", "taken for", "before", "after"),
            [(c.truth, c.told, c.before, c.after) for c in task.confusions[:_LISTED]],
        )
    if task.flips:
        lost = sum(not flip.gained for flip in task.flips)
        report.text(
            "Examples that changed sides: {lost} lost, {gained} gained.", lost=lost, gained=len(task.flips) - lost
        )
        # Half of the room for each side, so that neither hides the other.
        shown = [*task.flips[:lost][: _LISTED // 2], *task.flips[lost:][: _LISTED // 2]]
        report.table(
            ("", "text", "right", "before", "after"),
            [(said("gained" if f.gained else "lost"), f.text, f.truth, f.before, f.after) for f in shown],
        )


def _row(figure: Figure) -> tuple[Cell, ...]:
    known = figure.before is not None and figure.after is not None
    difference = f"{figure.after - figure.before:+.4f}" if known else "–"  # type: ignore[operator]
    interval = "–" if figure.low is None or figure.high is None else f"{figure.low:+.4f} … {figure.high:+.4f}"
    mark = "{difference} (gain)" if figure.gain else "{difference} (loss)" if figure.loss else "{difference}"
    p = "–" if figure.p is None else f"{figure.p:.3g}"
    return (
        said(figure.name),
        _number(figure.before),
        _number(figure.after),
        said(mark, difference=difference),
        interval,
        p,
    )


def _draw_differences(figures: list[Figure], margin: float, axes: Axes) -> None:
    for place, figure in enumerate(reversed(figures)):
        middle = (figure.after or 0.0) - (figure.before or 0.0)
        low, high = figure.low or 0.0, figure.high or 0.0
        colour = "#2f6b4f" if figure.gain else "#a33a2b" if figure.loss else "#54605d"
        axes.plot([low, high], [place, place], color=colour, linewidth=2.5)
        axes.plot([middle], [place], "o", color=colour)
    axes.axvline(0, color="#1c2422", linewidth=1)
    axes.axvline(-margin, color="#54605d", linewidth=1, linestyle=":")
    axes.set_yticks(range(len(figures)), [figure.name for figure in reversed(figures)])
    axes.set_ylim(-0.6, len(figures) - 0.4)
    axes.set_xlabel("after − before (dotted: the margin)")


def _draw_calibration(before: tuple[Bin, ...], after: tuple[Bin, ...], axes: Axes) -> None:
    axes.plot([0, 1], [0, 1], color="#b9c2bf", linewidth=1)
    for bins, name, colour in ((before, "before", "#8a9692"), (after, "after", "#2f6b4f")):
        if bins:
            axes.plot([b.confidence for b in bins], [b.right for b in bins], "o-", color=colour, label=name)
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1.02)
    axes.set_xlabel("confidence")
    axes.set_ylabel("share right")
    axes.legend(frameon=False)


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.4f}"


def _percent(share: float | None) -> Said:
    return said("–") if share is None else said("{points:.1f} points", points=100 * share)
