"""Active learning: the utterances from whose labels a model would learn most.

Without labels, typical utterances of the largest parts (Hacohen, Dekel & Weinshall 2022, Active Learning on a Budget:
Opposite Strategies Suit High and Low Budgets); with labels, those that the model is least sure of, spread
over all that it is unsure of (Zhdanov 2019, Diverse mini-batch Active Learning).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from agent.learning.intents.neighbours import nearest
from agent.learning.intents.vectors import Sentences, Vectors

Rows = npt.NDArray[np.int64]

_POOL = 10_000
_FITTED = 10_000
_CANDIDATES = 40  # times as many as are wanted; on CLINC150 10 and 20 learn slower, 80 no better
_MOST_PARTS = 500
_TYPICAL_AMONG = 20

Reason = Literal["typical", "unsure"]
_TYPICAL: Reason = "typical"
_UNSURE: Reason = "unsure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """An utterance to label. row: its position; suggested: what the labels so far would make of it, or ""."""

    row: int
    suggested: str
    reason: Reason


def choose(sentences: Sentences, labels: Sequence[str], count: int, *, seed: int = 0) -> list[Choice]:
    """The next `count` to label, no two nearly the same.

    sentences: the unlabelled, then those that bear `labels`. Of more than 10,000 unlabelled a random part is looked at.
    """
    vectors = sentences.joined
    unlabelled = len(vectors) - len(labels)
    count = min(count, unlabelled)
    if count <= 0:
        return []
    random = np.random.default_rng(seed)
    pool = _some(np.arange(unlabelled), _POOL, random)
    names = sorted(set(labels))
    fitted = _some(np.arange(unlabelled, len(vectors)), _FITTED, random)
    probable = _probable(vectors, pool, fitted, labels, unlabelled) if len(names) > 1 else None
    if probable is None:
        chosen, reason = _typical(vectors, pool, fitted, count, seed), _TYPICAL
    else:
        chosen, reason = _unsure(vectors, pool, probable, count, seed), _UNSURE
    present = sorted({labels[row - unlabelled] for row in fitted})
    suggested = [""] * len(chosen) if probable is None else [present[n] for n in probable[chosen].argmax(axis=1)]
    return [
        Choice(row=int(pool[place]), suggested=label, reason=reason)
        for place, label in zip(chosen, suggested, strict=True)
    ]


def _probable(
    vectors: Vectors, pool: Rows, fitted: Rows, labels: Sequence[str], first: int
) -> npt.NDArray[np.float64] | None:
    """[pool, labels] by logistic regression."""
    from sklearn.linear_model import LogisticRegression

    own = [labels[row - first] for row in fitted]
    if len(set(own)) < 2:
        return None
    model = LogisticRegression(C=20.0, max_iter=300).fit(vectors[fitted], own)
    return np.asarray(model.predict_proba(vectors[pool]))


def _typical(vectors: Vectors, pool: Rows, fitted: Rows, count: int, seed: int) -> Rows:
    """Places in the pool: of each of the largest parts without a label, the text with the nearest neighbours."""
    own = vectors[pool]
    parts, middles = _parts(own, min(len(fitted) + count, _MOST_PARTS, len(pool)), seed)
    held = np.bincount((vectors[fitted] @ middles.T).argmax(axis=1), minlength=len(middles)) if len(fitted) else None
    sizes = np.bincount(parts, minlength=len(middles))
    labelled = np.zeros(len(middles), dtype=np.int64) if held is None else held
    among = min(_TYPICAL_AMONG, max(1, len(own) // 10))
    density = nearest(own, among).cosines.mean(axis=1) if len(own) > 1 else np.ones(1, dtype=np.float32)
    order = [int(n) for n in np.lexsort((-sizes, labelled)) if sizes[n]]
    chosen = []
    for part in order[:count]:
        rows = np.flatnonzero(parts == part)
        chosen.append(int(rows[np.argmax(density[rows])]))
    return _filled(np.asarray(chosen, dtype=np.int64), density, count)


def _unsure(vectors: Vectors, pool: Rows, probable: npt.NDArray[np.float64], count: int, seed: int) -> Rows:
    """Places in the pool: the middles of groups of those with the smallest margin between the two best labels."""
    two = np.partition(probable, -2, axis=1)
    margin = two[:, -1] - two[:, -2]
    candidates = np.argsort(margin, kind="stable")[: _CANDIDATES * count]
    parts, middles = _parts(vectors[pool[candidates]], min(count, len(candidates)), seed)
    chosen = []
    for part in range(len(middles)):
        rows = candidates[parts == part]
        if len(rows):
            chosen.append(int(rows[np.argmax(vectors[pool[rows]] @ middles[part])]))
    return _filled(np.asarray(chosen, dtype=np.int64), -margin, count)


def _parts(vectors: Vectors, count: int, seed: int) -> tuple[npt.NDArray[np.int64], Vectors]:
    from sklearn.cluster import KMeans, MiniBatchKMeans

    count = min(count, len(np.unique(vectors, axis=0)))
    if count > 100:
        model = MiniBatchKMeans(count, n_init=1, random_state=seed, batch_size=2048).fit(vectors)
    else:
        model = KMeans(count, n_init=1, random_state=seed).fit(vectors)
    return np.asarray(model.labels_, dtype=np.int64), np.asarray(model.cluster_centers_, dtype=np.float32)


def _filled(chosen: Rows, worth: npt.NDArray[np.floating], count: int) -> Rows:
    """Those chosen, and the most worthwhile of the others where they are too few."""
    others = np.setdiff1d(np.arange(len(worth)), chosen)
    more = others[np.argsort(-worth[others], kind="stable")][: count - len(chosen)]
    return np.asarray(np.concatenate([chosen, more]), dtype=np.int64)


def _some(rows: Rows, most: int, random: np.random.Generator) -> Rows:
    if len(rows) <= most:
        return rows
    return np.asarray(np.sort(random.choice(rows, most, replace=False)), dtype=np.int64)
