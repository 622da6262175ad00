"""How well clusters match intents that are known and were hidden from them: a check of the clustering, not for learning."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from agent.learning.intents.accepting import same_text
from agent.training.data import OUT_OF_SCOPE, read_labelled

Truth = Mapping[str, str]
"""The intent of each text that is known, by `same_text`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """compared: texts whose intent is known; intents: how many different ones; shared: adjusted mutual information of
    clusters and intents (Vinh et al. 2010), 1 for the same partition, about 0 for chance.
    """

    compared: int
    intents: int
    shared: float


def read_truth(file: Path) -> Truth:
    """Of a csv or jsonl with text and label, what is out of scope left out. Raises CallerError."""
    known = read_labelled(file)
    pairs = zip(known.texts, known.labels, strict=True)
    return {same_text(text): label for text, label in pairs if label != OUT_OF_SCOPE}


def agreement(texts: Sequence[str], clusters: Sequence[object], truth: Truth) -> Agreement | None:
    """Of texts and the cluster of each; None where the truth knows fewer than two of them."""
    from sklearn.metrics import adjusted_mutual_info_score

    numbers: dict[object, int] = {}
    pairs = [
        (truth[same_text(text)], numbers.setdefault(cluster, len(numbers)))
        for text, cluster in zip(texts, clusters, strict=True)
        if same_text(text) in truth
    ]
    if len(pairs) < 2:
        return None
    labels, found = zip(*pairs, strict=True)
    shared = float(adjusted_mutual_info_score(labels, found))
    return Agreement(compared=len(pairs), intents=len(set(labels)), shared=shared)
