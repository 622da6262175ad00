"""Tells clusters of what is known already from new ones, and a cluster of this run from those of the last."""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from agent.learning.intents.neighbours import nearest
from agent.learning.intents.records import Known
from agent.learning.intents.vectors import Vectors

# Chosen on CLINC150, ten examples known of every second intent: of 67 clusters of known intents 59 are told as such, of 86
# others 7 (without a look at where the examples lie: 60 and 19).
_LIKE = 0.2  # of an intent's own examples are less like each other than what counts as like them
_MOST = 0.5
_AT_HOME = 0.2
_OVERLAP = 0.3


def looks_like(vectors: Vectors, known: Vectors, labels: Sequence[str]) -> list[str]:
    """The intent that each vector looks like, or "" for none.

    known: vectors of labelled texts. A vector looks like the intent of its nearest labelled text when it is as near to it
    as four fifths of the labelled texts are to the nearest other one of their own intent.
    """
    if len(known) < 2 or not len(vectors):
        return [""] * len(vectors)
    fence = _fence(known, labels)
    near = nearest(vectors, 1, among=known)
    return [
        labels[row] if cosine >= fence else "" for row, cosine in zip(near.rows[:, 0], near.cosines[:, 0], strict=True)
    ]


def nearest_known(likenesses: Sequence[str]) -> Known | None:
    """The intent that most texts of a cluster look like. likenesses: of its texts, "" for none."""
    counts = Counter(label for label in likenesses if label)
    if not counts:
        return None
    label, count = min(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return Known(label=label, share=round(count / len(likenesses), 4))


def at_home(known: Vectors, labels: Sequence[str], middles: Vectors) -> list[dict[str, float]]:
    """For each cluster, the share of every intent's labelled texts that its middle is the nearest to, 0…1."""
    shares: list[dict[str, float]] = [{} for _ in middles]
    counts = Counter(labels)
    if len(known) and len(middles):
        for place, label in zip((known @ middles.T).argmax(axis=1), labels, strict=True):
            shares[place][label] = shares[place].get(label, 0.0) + 1 / counts[label]
    return shares


def is_more_of(known: Known | None, home: Mapping[str, float]) -> bool:
    """Whether a cluster holds further examples of an intent rather than a new one.

    Its texts must look like that intent, and the intent's own must lie there. home: see `at_home`.
    """
    return known is not None and known.share >= _MOST and home.get(known.label, 0.0) >= _AT_HOME - 1e-9


def stable_ids(members: Sequence[Sequence[str]], before: Mapping[str, Sequence[str]]) -> list[str]:
    """Ids of clusters: that of the earlier cluster with the greatest overlap of members (Jaccard), else a fresh one.

    before: members of the last run's clusters by id; no id is given twice.
    """
    home = {member: name for name, ids in before.items() for member in ids}
    overlaps = []
    for number, ids in enumerate(members):
        for name, common in Counter(home[one] for one in ids if one in home).items():
            overlaps.append((common / (len(ids) + len(before[name]) - common), number, name))
    given: dict[int, str] = {}
    for overlap, number, name in sorted(overlaps, key=lambda one: (-one[0], one[1], one[2])):
        if overlap >= _OVERLAP and number not in given and name not in given.values():
            given[number] = name
    last = max((int(name[1:]) for name in before if name[1:].isdecimal()), default=0)
    fresh = iter(range(last + 1, last + len(members) + 1))
    return [given[number] if number in given else f"c{next(fresh)}" for number in range(len(members))]


def _fence(known: Vectors, labels: Sequence[str]) -> float:
    names = np.unique(np.asarray(labels), return_inverse=True)[1]
    own = []
    for number in range(names.max() + 1):
        same = known[names == number]
        if len(same) > 1:
            own.append(nearest(same, 1).cosines[:, 0])
    return float(np.quantile(np.concatenate(own), _LIKE)) if own else 0.8
