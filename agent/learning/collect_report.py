"""What the report of step 1 says."""

from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from agent.learning.report import Report
from agent.learning.tallies import Tally
from agent.learning.wording import said

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_SHOWN, _BARS = 50, 50


def collected_report(tallies: Sequence[Tally], broken: Path) -> Report:
    """Sources, what was left out and why, and plots; no word of what anybody said."""
    report = Report(said("Collected conversations"))
    report.heading("Sources")
    report.table(
        (
            "source",
            "conversations",
            "customers' messages",
            "bot",
            "people",
            "nobody agreed",
            "refused",
            "deleted",
            "broken",
        ),
        [
            (
                one.source,
                one.conversations,
                one.turns.get("user", 0),
                one.turns.get("assistant", 0),
                one.turns.get("agent", 0),
                one.not_agreed,
                one.refused,
                one.deleted,
                one.broken,
            )
            for one in tallies
        ],
    )
    tally = sum(tallies, Tally.of(""))
    if tally.not_agreed:
        report.text(
            "{left_out:,} conversations were left out because nobody said that they may be learned from. For an imported "
            "file, give it a field or column `consent`, or state --consented; for the widget, ask when it opens.",
            left_out=tally.not_agreed,
        )
    if tally.days:
        report.heading("When")
        report.figure("days", said("Conversations by the day of their first message"), _days(tally))
    report.heading("How long")
    report.figure("lengths", said("Messages in a conversation"), _lengths(tally))
    if tally.broken:
        report.heading("What could not be read")
        with broken.open("rb") as stream:
            places = [orjson.loads(line) for line in islice(stream, _SHOWN)]
        report.table(("source", "where", "why"), [(one["source"], one["where"], one["reason"]) for one in places])
        if tally.broken > _SHOWN:
            report.text("… and {more:,} more in {file}.", more=tally.broken - _SHOWN, file=broken.name)
    return report


def _days(tally: Tally) -> "Callable[[Axes], None]":
    days = sorted(tally.days)

    def draw(axes: "Axes") -> None:
        axes.bar(range(len(days)), [tally.days[day] for day in days], color="#2f7d6d")
        step = max(1, len(days) // 8)
        axes.set_xticks(range(0, len(days), step), days[::step], rotation=30, ha="right")
        axes.locator_params(axis="y", integer=True)
        axes.set_ylabel("conversations")

    return draw


def _lengths(tally: Tally) -> "Callable[[Axes], None]":
    def draw(axes: "Axes") -> None:
        width = 1 + max(tally.lengths, default=1) // _BARS  # whole messages, so that no bar is empty by itself
        edges = range(1, max(tally.lengths, default=1) + width + 1, width)
        bins = [edge - 0.5 for edge in edges]
        axes.hist(list(tally.lengths), bins=bins, weights=list(tally.lengths.values()), rwidth=0.9)
        axes.locator_params(axis="x", integer=True)
        axes.set_xlabel("messages")
        axes.locator_params(axis="y", integer=True)
        axes.set_ylabel("conversations")

    return draw
