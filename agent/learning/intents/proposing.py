"""Makes clusters of one language into proposals: named, with examples, told from what is known already."""

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np

from agent.learning.intents.clustering import Clustering, Numbers
from agent.learning.intents.evidence import Spoken
from agent.learning.intents.matching import at_home, is_more_of, looks_like, nearest_known, stable_ids
from agent.learning.intents.naming import distinct, name_of, telling_terms
from agent.learning.intents.records import Cluster, Example
from agent.learning.intents.vectors import Sentences
from agent.types import Language

Namer = Callable[[Sequence[str], Sequence[str], Language], str]
"""A name for (examples, terms, language), "" for none."""

_CENTRAL = 5
_BORDERLINE = 3


def propose(
    found: Clustering,
    unlabelled: Sequence[Spoken],
    labelled: Sequence[Spoken],
    sentences: Sentences,
    language: Language,
) -> list[Cluster]:
    """The clusters of a language, the largest first, ids still empty.

    sentences: of the unlabelled, then of the labelled.
    """
    count = len(unlabelled)
    joined = sentences.joined
    labels = [one.label for one in labelled]
    likeness = looks_like(joined[:count], joined[count:], labels)
    members = [found.members(number) for number in range(len(found))]
    groups = [[unlabelled[row].text for row in rows] for rows in members]
    terms = telling_terms(groups, language)
    known = [nearest_known([likeness[row] for row in rows]) for rows in members]
    homes = at_home(joined[count:], labels, found.middles)
    more = [
        nearest.label if nearest and is_more_of(nearest, home) else None
        for nearest, home in zip(known, homes, strict=True)
    ]
    names = distinct(
        [name_of(*pair, language) for pair in zip(terms, groups, strict=True)], terms, taken=sorted(set(labels))
    )
    return [
        Cluster(
            id="",
            name=intent or name,
            language=language,
            size=len(rows),
            terms=tuple(words),
            central=_examples(rows[:_CENTRAL], unlabelled, found),
            borderline=_examples(_least_sure(rows[_CENTRAL:], found), unlabelled, found),
            nearest=nearest,
            more_of=intent,
            members=tuple(unlabelled[row].id for row in rows),
        )
        for rows, words, name, nearest, intent in zip(members, terms, names, known, more, strict=True)
        if len(rows)
    ]


def renamed(clusters: Sequence[Cluster], namer: Namer, taken: Sequence[str]) -> list[Cluster]:
    """New clusters named by `namer`; the names stay different from each other and from those taken."""
    wished = [
        cluster.name
        if cluster.more_of
        else namer([one.text for one in cluster.central], cluster.terms, cluster.language) or cluster.name
        for cluster in clusters
    ]
    new = [number for number, cluster in enumerate(clusters) if not cluster.more_of]
    names = distinct([wished[number] for number in new], [clusters[number].terms for number in new], taken)
    better = dict(zip(new, names, strict=True))
    return [cluster.model_copy(update={"name": better.get(n, cluster.name)}) for n, cluster in enumerate(clusters)]


def identified(clusters: Sequence[Cluster], before: Mapping[str, Sequence[str]]) -> list[Cluster]:
    """Clusters with ids: those of the last run where they hold the same utterances."""
    ids = stable_ids([cluster.members for cluster in clusters], before)
    return [cluster.model_copy(update={"id": given}) for cluster, given in zip(clusters, ids, strict=True)]


def _examples(rows: Iterable[int], spoken: Sequence[Spoken], found: Clustering) -> tuple[Example, ...]:
    return tuple(
        Example(id=spoken[row].id, text=spoken[row].text, nearness=round(float(found.nearness[row]), 4)) for row in rows
    )


def _least_sure(rows: Numbers, found: Clustering) -> Sequence[int]:
    order = np.argsort(found.margin[rows], kind="stable")[:_BORDERLINE]
    return [int(row) for row in rows[order]]
