"""The report of step 4: what is proposed, how surely, and in whose words."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from agent.learning.graph.proposals import Kind, Proposal, State
from agent.learning.report import Report
from agent.learning.wording import said

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_LISTED = 40
_TITLES = {
    Kind.ALIAS: "Other names of known things",
    Kind.ENTITY: "New things",
    Kind.VALUE: "Attributes",
    Kind.LINK: "Edges between things",
}


def report_of(proposals: Sequence[Proposal], *, empty: bool = False) -> Report:
    """The whole report. empty: whether the graph holds nothing yet."""
    report = Report(said("Proposals for the knowledge graph"))
    offered = [p for p in proposals if p.state is State.OPEN]
    report.text(
        "Nothing of this is in the graph. To take proposals in: parley learn accept graph ID… or --above 0.9; what is "
        "rejected (parley learn reject graph ID…) is not proposed again. The score is the estimated chance that a "
        "proposal is right: wordings are believed as far as they agree with what the graph holds already."
    )
    if empty:
        report.text(
            "The graph holds nothing yet, so that nothing but names could be looked for. Fill it first (parley graph import "
            "FILE, or parley graph build), and run this again: then attributes, edges and other names are proposed, too."
        )
    if offered:
        report.figure("scores", said("Proposals by score"), partial(_draw, offered))
    for kind, title in _TITLES.items():
        ordered = sorted((p for p in offered if p.kind is kind), key=lambda p: -p.score)
        if ordered:
            report.heading("{title} ({count})", title=said(title), count=len(ordered))
            report.table(
                ("id", "proposal", "type", "score", "may also be", "said"),
                [
                    (p.id, p.said, p.head_type, p.score, "; ".join(p.others) or "–", _quote(p))
                    for p in ordered[:_LISTED]
                ],
            )
            if len(ordered) > _LISTED:
                report.text("{more} more stand in proposals.jsonl.", more=len(ordered) - _LISTED)
    conflicts = sorted((p for p in proposals if p.state is State.CONFLICT), key=lambda p: -p.score)
    if conflicts:
        report.heading("{title} ({count})", title=said("Conflicts with the graph"), count=len(conflicts))
        report.text(
            "Here somebody says otherwise than the graph: one of the two is wrong. These are accepted by their id alone, "
            "never by --above."
        )
        report.table(
            ("id", "said", "the graph holds", "score", "words"),
            [(p.id, p.said, "; ".join(p.others), p.score, _quote(p)) for p in conflicts[:_LISTED]],
        )
    if not proposals:
        report.text("Nothing new was found.")
    return report


def _quote(proposal: Proposal) -> str:
    return " / ".join(f"{proof.quote} ({proof.source})" for proof in proposal.evidence[:2])


def _draw(proposals: Sequence[Proposal], axes: Axes) -> None:
    kinds = [kind for kind in Kind if any(p.kind is kind for p in proposals)]
    axes.hist(
        [[p.score for p in proposals if p.kind is kind] for kind in kinds],
        bins=[n / 10 for n in range(11)],
        stacked=True,
        label=[kind.value for kind in kinds],
        color=["#2f6b4f", "#7fae96", "#c9a227", "#54605d"][: len(kinds)],
    )
    axes.locator_params(axis="y", integer=True)
    axes.set_xlabel("score")
    axes.set_ylabel("proposals")
    axes.legend(frameon=False)
