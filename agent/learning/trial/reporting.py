"""The report of a trial, for people."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from agent.learning.report import Report
from agent.learning.trial.advice import Recommendation
from agent.learning.trial.comparing import Agreement, Latency, ShadowFigures, Share, ShareFigures
from agent.learning.trial.turns import ShadowedTurn
from agent.learning.wording import said
from agent.training.speakers import Trial

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_EXAMPLES = 20
_PLOTTED = 15

Shown = Callable[[ShadowedTurn], str | None]
"""The text of a turn as it may be shown, masked; None where its customer did not agree."""


def head(task: str, speaks: str, trial: Trial, advice: Recommendation) -> Report:
    """The report's beginning: what is tried, and what to do."""
    report = Report(said("Use: {version} on trial for {task}", version=trial.version, task=said(task)))
    share = said("in {percent:g} % of the conversations", percent=trial.percent)
    report.text(
        "{version} has been tried {how} since {since} UTC; {speaks} speaks.",
        version=trial.version,
        how=share if trial.percent else said("as a shadow"),
        since=f"{trial.since:%Y-%m-%d %H:%M}",
        speaks=speaks or said("what is built in"),
    )
    report.heading("Recommendation: {advice}", advice=said(advice.advice.value))
    report.text("Because {why}.", why=advice.why)
    if advice.command:
        report.text("Command: parley learn {command}", command=advice.command)
    return report


def shadow_report(report: Report, figures: ShadowFigures, shown: Shown) -> None:
    """Agreement, disagreements, latency."""
    if not figures.agreement.total:
        report.text("No turn was compared yet.")
        return
    report.heading("Agreement")
    low, high = figures.agreement.interval
    report.text(
        "Both said the same in {rate:.1%} of {turns:,} turns (95 % interval {low:.1%} to {high:.1%}). Small talk and calls "
        "for a person are known without a model and not counted.",
        rate=figures.agreement.rate,
        turns=figures.agreement.total,
        low=low,
        high=high,
    )
    if figures.speaks_right.total:
        report.text(
            "Of {turns} turns that a person put right, who speaks had {ours} right, the shadow {its}.",
            turns=figures.speaks_right.total,
            ours=figures.speaks_right.count,
            its=figures.shadow_right.count,
        )
    rows = [(one.said, one.share.total, one.share.rate, one.usual) for one in figures.by_intent]
    report.table(("who speaks said", "turns", "agreed", "the shadow's usual other word"), rows)
    plotted = [one for one in figures.by_intent if one.share.total >= 3][:_PLOTTED]
    if plotted:
        caption = said("Agreement by what was said, with 95 % intervals")
        report.figure("agreement", caption, lambda axes: _draw_agreement(axes, plotted))
    report.heading("Disagreements")
    texts = [(turn, shown(turn)) for turn in figures.disagreements]
    visible = [(turn, text) for turn, text in texts if text is not None]
    report.text(
        "{all} in all; the texts of {visible} may be shown, as their customers agreed. Those on which both were sure come "
        "first; all that may be shown stand in to_label.csv.",
        all=len(texts),
        visible=len(visible),
    )
    if visible:
        report.table(
            ("text", "who speaks", "", "shadow", ""),
            [(text, t.said, t.said_confidence, t.shadow, t.shadow_confidence) for t, text in visible[:_EXAMPLES]],
        )
    _latency(report, figures.speaks, figures.shadow, "a classification", "shadow")


def share_report(report: Report, figures: ShareFigures) -> None:
    """How conversations went in both arms, and latency."""
    report.heading("How conversations went")
    report.text(
        "{ours:,} conversations with who speaks, {its:,} with the one on trial; {mixed:,} in which both spoke are left out. "
        "Each conversation counts once; rated ones alone count for ratings. p: Fisher's exact test, corrected for their "
        "number (Holm).",
        ours=figures.conversations[0],
        its=figures.conversations[1],
        mixed=figures.mixed,
    )
    report.table(
        ("", "who speaks", "of", "on trial", "of", "difference, 95 %", "p"),
        [
            (
                said(one.name),
                _percent(one.speaks),
                one.speaks.total,
                _percent(one.tried),
                one.tried.total,
                f"{one.low:+.1%} … {one.high:+.1%}",
                one.p_holm,
            )
            for one in figures.outcomes
        ],
    )
    report.figure("arms", said("What should be rare, with 95 % intervals"), lambda axes: _draw_arms(axes, figures))
    _latency(report, figures.speaks, figures.tried, "the understanding of a turn", "on trial")


def _latency(report: Report, speaks: Latency, other: Latency, of: str, name: str) -> None:
    report.heading("Latency")
    report.text("Milliseconds of {of}.", of=said(of))
    rows = [(said("who speaks"), speaks.median, speaks.p95), (said(name), other.median, other.p95)]
    report.table(("", "median", "95 of 100 below"), rows)


def _percent(share: Share) -> str:
    return f"{share.rate:.1%}" if share.total else "–"


def _draw_agreement(axes: "Axes", plotted: Sequence[Agreement]) -> None:
    places = range(len(plotted))
    rates = [one.share.rate for one in plotted]
    reach = _reach([one.share for one in plotted])
    axes.barh(places, rates, xerr=reach, color="#5a9c8f", ecolor="#54605d")
    axes.set_yticks(places, [one.said for one in plotted])
    axes.invert_yaxis()
    axes.set_xlim(0, 1)


def _draw_arms(axes: "Axes", figures: ShareFigures) -> None:
    for offset, name, color in ((-0.12, "who speaks", "#5a9c8f"), (0.12, "on trial", "#c2703d")):
        shares = [one.speaks if offset < 0 else one.tried for one in figures.outcomes]
        known = [n for n, share in enumerate(shares) if share.total]
        axes.errorbar(
            [shares[n].rate for n in known],
            [n + offset for n in known],
            xerr=_reach([shares[n] for n in known]),
            fmt="o",
            color=color,
            label=name,
        )
    axes.set_yticks(range(len(figures.outcomes)), [one.name for one in figures.outcomes])
    axes.invert_yaxis()
    axes.legend(frameon=False)


def _reach(shares: Sequence[Share]) -> list[list[float]]:
    """How far each interval goes below and above its rate."""
    below = [max(0.0, share.rate - share.interval[0]) for share in shares]
    return [below, [max(0.0, share.interval[1] - share.rate) for share in shares]]
