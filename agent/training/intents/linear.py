"""A linear model over terms: one line for each label against all others, by the squared hinge loss (liblinear)."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from agent.training.intents.terms import Matrix
from knowledge.index.sparse import SparseRows, times

Floats = npt.NDArray[np.float32]
Places = npt.NDArray[np.int64]

_STRENGTH = 1.0
_FOLDS = 4


@dataclass(frozen=True, slots=True)
class Lines:
    """weights: [terms, labels], float16 where a bundle holds them; bias: [labels]."""

    weights: Floats | npt.NDArray[np.float16]
    bias: Floats

    def scores(self, rows: Matrix | SparseRows) -> Floats:
        """[texts, labels]: above 0 on the label's side."""
        return np.asarray(times(rows, self.weights) + self.bias, dtype=np.float32)


def fit_lines(rows: Matrix, labels: Places, count: int) -> Lines:
    """Lines for labels 0 … count − 1; one that has no example here is always far off."""
    from sklearn.svm import LinearSVC

    present = np.unique(labels)
    weights = np.zeros((rows.shape[1], count), np.float32)
    bias = np.full(count, -2.0, np.float32)
    if len(present) > 1:
        model = LinearSVC(C=_STRENGTH, random_state=0).fit(rows, labels)
        coefficients, intercept = model.coef_, model.intercept_
        if len(present) == 2:  # of two labels scikit-learn keeps the second's line alone
            coefficients, intercept = np.vstack([-coefficients, coefficients]), np.concatenate([-intercept, intercept])
        weights[:, present] = coefficients.T
        bias[present] = intercept
    else:
        bias[present] = 1.0
    return Lines(weights, bias)


def unseen_scores(rows: Matrix, labels: Places, count: int, *, names: Matrix | None = None, seed: int = 0) -> Floats:
    """[n, labels]: of each example, the scores of lines that were fitted without it (4 folds).

    names: [labels, terms] of the labels' names, which teach in each fold; None where they do not.
    """
    found = np.zeros((rows.shape[0], count), np.float32)
    for kept, left in folds(labels, seed=seed):
        found[left] = fit_lines(*with_names(rows[kept], labels[kept], names), count).scores(rows[left])
    return found


def with_names(
    rows: Matrix, labels: Places, names: Matrix | None, among: Places | None = None
) -> tuple[Matrix, Places]:
    """Rows and labels, the labels' names behind them as one example each. among: labels whose names these are; None: all."""
    if names is None:
        return rows, labels
    from scipy.sparse import vstack

    named = np.arange(names.shape[0]) if among is None else among
    return vstack([rows, names[named]]).tocsr(), np.concatenate([labels, named])


def folds(labels: Places, *, seed: int = 0) -> Iterator[tuple[Places, Places]]:
    """(kept, left out) by places; each label spread over the folds, so that two examples suffice."""
    random = np.random.default_rng(seed)
    fold = np.zeros(len(labels), np.int64)
    for label in np.unique(labels):
        rows = random.permutation(np.flatnonzero(labels == label))
        fold[rows] = (np.arange(len(rows)) + random.integers(_FOLDS)) % _FOLDS
    for number in range(_FOLDS):
        left = np.flatnonzero(fold == number)
        if len(left):
            yield np.flatnonzero(fold != number), left
