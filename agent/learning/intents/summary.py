"""The report of the step: what customers want, which labels to look at, what to label next."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from agent.learning.intents.against_truth import Agreement
from agent.learning.intents.clustering import Clustering
from agent.learning.intents.evidence import Spoken
from agent.learning.intents.map import flat_map
from agent.learning.intents.records import Cluster, Suspect, Wanted
from agent.learning.intents.vectors import Vectors
from agent.learning.report import BETWEEN, Report
from agent.learning.runs import StepOutcome
from agent.learning.wording import Said, said
from agent.types import Language

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_CLUSTERS, _SUSPECTS, _WANTED = 200, 50, 50
_LONGEST = 110
_NAMED_ON_MAP = 12
_SAID = {"en": "English", "zh": "Chinese"}
_WAYS = {True: "meaning and wording", False: "wording"}


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageFound:
    """What was found of one language. vectors: of its unlabelled utterances, as is `clustering`."""

    language: Language
    by_meaning: bool
    clusters: list[Cluster]
    clustering: Clustering
    vectors: Vectors
    suspects: list[Suspect]
    wanted: list[Wanted]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What was found, the largest clusters and the gravest doubts first. agreement: with a truth that was given."""

    parts: Sequence[LanguageFound]
    clusters: list[Cluster]
    suspects: list[Suspect]
    wanted: list[Wanted]
    agreement: Agreement | None = None

    @classmethod
    def of(cls, parts: Sequence[LanguageFound], clusters: Sequence[Cluster]) -> "Found":
        """All languages together. clusters: of all parts, with their ids."""
        place = {member: one.id for one in clusters for member in one.members}
        wanted = [one.model_copy(update={"cluster": place.get(one.id, "")}) for part in parts for one in part.wanted]
        suspects = sorted((one for part in parts for one in part.suspects), key=lambda one: -one.score)
        ids = {(one.language, one.members): one for one in clusters}
        named = [replace(part, clusters=[ids[one.language, one.members] for one in part.clusters]) for part in parts]
        ordered = sorted(clusters, key=lambda one: -one.size)
        return cls(parts=named, clusters=ordered, suspects=suspects, wanted=wanted)


def summary(found: Found, spoken: Sequence[Spoken]) -> StepOutcome:
    """Figures and report."""
    unlabelled = sum(not one.label for one in spoken)
    labelled = len(spoken) - unlabelled
    clustered = sum(one.size for one in found.clusters)
    covered = sum(one.size for one in found.clusters if one.more_of)
    figures: dict[str, float | int | str] = {
        "unlabelled utterances": unlabelled,
        "clusters": len(found.clusters),
        "of them more examples of known intents": sum(bool(one.more_of) for one in found.clusters),
        "unclustered share": round(1 - clustered / unlabelled, 4) if unlabelled else 0.0,
        "share covered by known intents": round(covered / unlabelled, 4) if unlabelled else 0.0,
        "labelled utterances": labelled,
        "labels in doubt": len(found.suspects),
        "to label next": len(found.wanted),
    }
    report = Report(said("Intents: what customers want"))
    _how(report, found)
    if found.agreement:
        figures["agreement with the hidden intents"] = round(found.agreement.shared, 4)
        figures["utterances compared with the truth"] = found.agreement.compared
        _compared(report, found.agreement)
    _clusters(report, found)
    _suspects(report, found, labelled)
    _wanted(report, found)
    return StepOutcome(figures=figures, report=report)


def _how(report: Report, found: Found) -> None:
    if not found.parts:
        report.text("There is no utterance to look at.")
        return
    report.text(
        "Utterances were compared: {ways}. Every text is in one cluster; those that lie far outside of theirs, "
        "or nearer to another one, count as unclustered and are not among its members. Nothing is taken over until "
        "somebody accepts it: parley learn accept intents CLUSTER, or labels filled into to_label.csv or suspects.csv and "
        "parley learn accept labels FILE.",
        ways=tuple(
            said("{language} by {way}", language=said(_SAID[part.language]), way=said(_WAYS[part.by_meaning]))
            for part in found.parts
        ),
    )


def _compared(report: Report, agreement: Agreement) -> None:
    report.text(
        "Measured by {compared:,} utterances of {intents} intents that are known and were hidden: "
        "adjusted mutual information {shared:.3f} (1: clusters and intents are the same; 0: chance). "
        "The unclustered count, too, as part of the cluster that they lie nearest to.",
        compared=agreement.compared,
        intents=agreement.intents,
        shared=agreement.shared,
    )


def _clusters(report: Report, found: Found) -> None:
    report.heading("Clusters")
    if not found.clusters:
        report.text("None: there are no unlabelled utterances.")
        return
    report.table(
        ("cluster", "utterances", "name", "status", "words", "typical", "least sure"),
        [_row(one) for one in found.clusters[:_CLUSTERS]],
    )
    if len(found.clusters) > _CLUSTERS:
        report.text("{more} smaller ones are in clusters.jsonl.", more=len(found.clusters) - _CLUSTERS)
    sizes = [one.size for one in found.clusters]
    report.figure("sizes", said("Utterances in each cluster, largest first"), lambda axes: _draw_sizes(axes, sizes))
    for part in found.parts:
        if len(part.clusters) > 1:
            report.figure(
                f"map-{part.language}",
                said(
                    "Clusters of {language} utterances; what lies near is alike. Named are the largest.",
                    language=said(_SAID[part.language]),
                ),
                partial(_draw_map, part),
                size=(7.5, 6),
            )


def _row(one: Cluster) -> tuple[str | int | Said, ...]:
    known = said("more of {intent}", intent=one.more_of) if one.more_of else said("new")
    if one.nearest and not one.more_of:
        known = said("new, {share:.0%} like {intent}", share=one.nearest.share, intent=one.nearest.label)
    typical = BETWEEN.join(_short(example.text) for example in one.central[:2])
    unsure = _short(one.borderline[0].text) if one.borderline else ""
    return one.id, one.size, one.name, known, ", ".join(one.terms[:6]), typical, unsure


def _suspects(report: Report, found: Found, labelled: int) -> None:
    report.heading("Labels in doubt")
    if not found.suspects:
        if labelled:
            report.text("None.")
        else:
            report.text("There are no labelled utterances to doubt.")
        return
    report.text("Another label is far more probable, judged by all the other labelled utterances.")
    rows = [(_short(one.text), one.label, one.suggested, one.score) for one in found.suspects[:_SUSPECTS]]
    report.table(("utterance", "label", "rather", "times as probable, log 10"), rows)
    if len(found.suspects) > _SUSPECTS:
        report.text("All {count} are in suspects.csv.", count=len(found.suspects))


def _wanted(report: Report, found: Found) -> None:
    report.heading("To label next")
    if not found.wanted:
        report.text("Nothing.")
        return
    report.text("What a model would learn most from: fill in the column label of to_label.csv.")
    rows = [(_short(one.text), one.suggested, one.cluster, said(one.reason)) for one in found.wanted[:_WANTED]]
    report.table(("utterance", "suggested", "cluster", "because"), rows)


def _draw_sizes(axes: "Axes", sizes: Sequence[int]) -> None:
    axes.bar(range(1, len(sizes) + 1), sizes, width=0.9, color="#2f6f62")
    axes.set(xlabel="cluster", ylabel="utterances")


def _draw_map(part: LanguageFound, axes: "Axes") -> None:
    rows, places = flat_map(part.vectors)
    cluster = part.clustering.cluster[rows]
    loose = ~part.clustering.settled[rows]
    axes.scatter(places[loose, 0], places[loose, 1], s=3, color="#c9cfcd", linewidths=0)
    axes.scatter(places[~loose, 0], places[~loose, 1], s=5, c=cluster[~loose], cmap="tab20", linewidths=0)
    numbers = [number for number in range(len(part.clustering)) if len(part.clustering.members(number))]
    for number, one in list(zip(numbers, part.clusters, strict=True))[:_NAMED_ON_MAP]:
        own = places[(cluster == number) & ~loose]
        if len(own):
            across, up = np.median(own, axis=0)
            axes.annotate(one.name, (across, up), ha="center", fontsize=8, fontweight="bold")
    axes.set(xticks=[], yticks=[])
    axes.spines[["left", "bottom"]].set_visible(False)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
