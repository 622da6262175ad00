"""Finds labels that are likely wrong: confident learning over predictions made without the label in question.

Northcutt, Jiang & Chuang 2021, Confident Learning: Estimating Uncertainty in Dataset Labels. In place of folds, each text
is predicted by a ridge regression fitted on all the others, which has a closed form, and by its nearest neighbours.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from agent.learning.intents.neighbours import nearest
from agent.learning.intents.vectors import Sentences, Vectors

Floats = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]

SURE = 2.3
"""A suggestion two hundred times as probable; on CLINC150 with 5 % planted this is where F1 is best."""

_FEWEST = 4
_RIDGE = 1.0
_NEIGHBOURS = 10
_SHARPNESS = 20.0
_FLOOR = 1e-6
_BLOCK = 2048
_TEMPERATURES = np.geomspace(0.01, 1.0, 25)


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A label in doubt. row: position of the text; score: how many times as probable the suggested one is, log 10."""

    row: int
    suggested: str
    score: float


def find_mislabelled(sentences: Sentences, labels: Sequence[str], *, sure: float = SURE) -> list[Doubt]:
    """Labels in doubt with at least the score `sure`, the most doubtful first.

    A text is in doubt where another label is at least as probable as it is on average for the texts that bear it, and
    much more so than the text's own. Labels of fewer than four texts are neither doubted nor suggested.
    """
    counts = Counter(labels)
    rows = [row for row, label in enumerate(labels) if counts[label] >= _FEWEST]
    names = sorted({labels[row] for row in rows})
    if len(names) < 2:
        return []
    given = np.asarray([names.index(labels[row]) for row in rows], dtype=np.int64)
    probable = left_out_probabilities(sentences.take(rows), given, len(names))
    suggested = _confident(probable, given)
    places = np.arange(len(rows))
    own, other = probable[places, given], probable[places, suggested]
    scores = np.log10(other / own)
    doubted = np.flatnonzero((suggested != given) & (scores >= sure))
    order = doubted[np.argsort(-scores[doubted], kind="stable")]
    return [Doubt(row=rows[n], suggested=names[suggested[n]], score=float(scores[n])) for n in order]


def left_out_probabilities(sentences: Sentences, given: Labels, count: int) -> Floats:
    """[n, labels]: what each text would be taken for, had its own label not been seen; the rows sum to 1.

    The geometric mean of a ridge regression of each view and of the neighbours in the first of them.
    """
    parts = [_left_out_ridge(view, given, count) for view in sentences.views]
    parts.append(_left_out_neighbours(sentences.views[0], given, count))
    logs = sum(np.log(part + _FLOOR) for part in parts) / len(parts)
    return _softmax(np.asarray(logs, dtype=np.float64))


def _confident(probable: Floats, given: Labels) -> Labels:
    """The most probable label among those above their threshold: their average where they are given; else the given."""
    thresholds = np.array([probable[given == n, n].mean() for n in range(probable.shape[1])])
    above = np.where(probable >= thresholds, probable, -1.0)
    return np.where(above.max(axis=1) > 0, above.argmax(axis=1), given)


def _left_out_ridge(vectors: Vectors, given: Labels, count: int) -> Floats:
    """Leave-one-out predictions of a ridge regression on indicators (Allen 1974, PRESS), as probabilities."""
    wide = np.hstack([vectors, np.full((len(vectors), 1), 0.5, dtype=np.float32)]).astype(np.float64)
    targets = np.eye(count)[given]
    inverse = np.linalg.inv(wide.T @ wide + _RIDGE * np.eye(wide.shape[1]))
    weights = inverse @ (wide.T @ targets)
    left_out = np.empty_like(targets)
    for start in range(0, len(wide), _BLOCK):
        rows = slice(start, start + _BLOCK)
        leverage = np.minimum(np.einsum("nd,nd->n", wide[rows] @ inverse, wide[rows]), 0.999)[:, None]
        left_out[rows] = (wide[rows] @ weights - leverage * targets[rows]) / (1 - leverage)
    return _tempered(left_out, given)


def _tempered(scores: Floats, given: Labels) -> Floats:
    """Probabilities at the temperature with the least log-loss, a wrong label's capped, since some are wrong."""
    places = np.arange(len(given))

    def loss(temperature: float) -> float:
        chances = _softmax(scores / temperature)[places, given]
        return float(np.minimum(-np.log(chances + 1e-12), 5.0).mean())

    return _softmax(scores / min(_TEMPERATURES, key=loss))


def _left_out_neighbours(vectors: Vectors, given: Labels, count: int) -> Floats:
    near = nearest(vectors, _NEIGHBOURS)
    weights = np.exp(_SHARPNESS * (near.cosines - near.cosines.max(axis=1, keepdims=True)))
    votes = np.full((len(vectors), count), 0.01 / count)
    np.add.at(votes, (np.arange(len(vectors))[:, None], given[near.rows]), weights)
    return np.asarray(votes / votes.sum(axis=1, keepdims=True))


def _softmax(scores: Floats) -> Floats:
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))
