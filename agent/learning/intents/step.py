"""The step: clusters, labels in doubt and what to label next, of both languages."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import get_args

from agent.errors import CallerError
from agent.learning.intents.against_truth import agreement, read_truth
from agent.learning.intents.choosing import Choice, choose
from agent.learning.intents.clustering import cluster
from agent.learning.intents.evidence import Spoken, evidence, of_language
from agent.learning.intents.mislabelled import find_mislabelled
from agent.learning.intents.naming_by_model import ModelNamer
from agent.learning.intents.proposing import identified, propose, renamed
from agent.learning.intents.records import CLUSTERS, Cluster, Suspect, Wanted
from agent.learning.intents.sheets import write_clusters, write_suspects, write_to_label
from agent.learning.intents.summary import Found, LanguageFound, summary
from agent.learning.intents.vectors import Embed, default_embed, sentences
from agent.learning.records import read_records, write_records
from agent.learning.runs import StepContext, StepName, StepOutcome, runs_of
from agent.types import Language

SUSPECTS, TO_LABEL, SUSPECTS_SHEET, CLUSTERS_SHEET = "suspects.jsonl", "to_label.csv", "suspects.csv", "clusters.csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class IntentsStep:
    """A step for `agent.learning.runs.perform`.

    labelled: what the model in use was trained from. count: how many to label next. smallest: fewest utterances of a
    cluster. by_model: have the model of the settings name new clusters. truth: utterances whose intent is known but hidden
    from the step, to measure the clusters by.
    """

    labelled: Path | None = None
    count: int = 50
    smallest: int = 5
    by_model: bool = False
    truth: Path | None = None
    seed: int = 0
    embed_of: Callable[[Language], Embed | None] = default_embed

    def __call__(self, context: StepContext) -> StepOutcome:
        """Writes clusters.jsonl and clusters.csv, suspects.jsonl and suspects.csv, and to_label.csv."""
        if self.by_model and not context.settings.model.base_url:
            raise CallerError("no model: set [model] base_url in parley.toml, or leave --model out")
        truth = read_truth(self.truth) if self.truth else None
        spoken = evidence(context.home, context.run.need(StepName.CLEAN, "utterances.jsonl"), self.labelled)
        unlabelled = sum(not one.label for one in spoken)
        parts = [
            self._language(language, spoken, unlabelled, context)
            for language in get_args(Language)
            if any(one.language == language for one in spoken)
        ]
        clusters = identified([one for part in parts for one in part.clusters], _before(context))
        if self.by_model:
            clusters = _named_by_model(clusters, {one.label for one in spoken if one.label}, context)
        found = Found.of(parts, clusters)
        if truth is not None:
            texts = [one.text for part in parts for one in of_language(spoken, part.language)[0]]
            places = [(part.language, int(number)) for part in parts for number in part.clustering.cluster]
            found = replace(found, agreement=agreement(texts, places, truth))
        write_records(context.out / CLUSTERS, found.clusters)
        write_clusters(context.out / CLUSTERS_SHEET, found.clusters)
        write_records(context.out / SUSPECTS, found.suspects)
        write_suspects(context.out / SUSPECTS_SHEET, found.suspects)
        write_to_label(context.out / TO_LABEL, found.wanted)
        return summary(found, spoken)

    def _language(
        self, language: Language, spoken: list[Spoken], unlabelled: int, context: StepContext
    ) -> LanguageFound:
        new, known = of_language(spoken, language)
        texts = [one.text for one in (*new, *known)]
        vectors = sentences(texts, language, self.embed_of(language), seed=self.seed, progress=context.progress)
        own = vectors.take(range(len(new)))
        found = cluster(own.joined, smallest=self.smallest, seed=self.seed, progress=context.progress)
        context.progress("doubting labels", 0, len(known))
        labels = [one.label for one in known]
        doubts = find_mislabelled(vectors.take(range(len(new), len(texts))), labels)
        count = round(self.count * len(new) / unlabelled) if unlabelled else 0
        context.progress("choosing", 0, count)
        choices = choose(vectors, labels, count, seed=self.seed)
        return LanguageFound(
            language=language,
            by_meaning=vectors.meaning is not None,
            clusters=propose(found, new, known, vectors, language),
            clustering=found,
            vectors=own.joined,
            suspects=[
                Suspect(
                    id=known[doubt.row].id,
                    text=known[doubt.row].text,
                    label=labels[doubt.row],
                    suggested=doubt.suggested,
                    score=round(doubt.score, 3),
                )
                for doubt in doubts
            ],
            wanted=[_wanted(choice, new) for choice in choices],
        )


def _wanted(choice: Choice, new: list[Spoken]) -> Wanted:
    one = new[choice.row]
    return Wanted(id=one.id, text=one.text, suggested=choice.suggested, cluster="", reason=choice.reason)


def _before(context: StepContext) -> Mapping[str, tuple[str, ...]]:
    """Clusters of the latest earlier run that has some, members by id."""
    for run in reversed(runs_of(context.home)):
        if run != context.run and run.record(StepName.INTENTS) is not None:
            file = run.folder(StepName.INTENTS) / CLUSTERS
            return {one.id: one.members for one in read_records(file, Cluster)}
    return {}


def _named_by_model(clusters: list[Cluster], taken: set[str], context: StepContext) -> list[Cluster]:
    from contextlib import closing

    with closing(ModelNamer(context.settings.model)) as namer:
        return renamed(clusters, namer, sorted(taken))
