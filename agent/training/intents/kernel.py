"""Kernel ridge regression of the labels on sentence vectors, with its answers for what it has not seen, in closed form.

The left-out predictions follow from the inverse of the kernel matrix G = (K + λI)⁻¹: for a set S of examples,
f(S without S) = Y_S − (G_SS)⁻¹ (G Y)_S (Rifkin & Lippert 2007), so that neither cross-validation nor strangers cost a
second fit.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Places = npt.NDArray[np.int64]

GAMMA, RIDGE = 1.0, 0.1
_ROWS = 1024  # of a kernel at once


@dataclass(frozen=True, slots=True)
class Kernel:
    """anchors: [n, d] vectors trained on; weights: [n, labels]; the kernel is exp(−γ‖x − z‖²)."""

    anchors: Floats
    weights: Floats
    gamma: float = GAMMA

    def scores(self, vectors: Floats) -> Floats:
        """[texts, labels]: about 1 for the label of what was trained on, about 0 for the others."""
        return self.read(vectors)[0]

    def read(self, vectors: Floats) -> tuple[Floats, Floats]:
        """Scores [texts, labels], and the likeness of the nearest example [texts]; few texts at a time, for memory."""
        scores, nearest = [np.zeros((0, self.weights.shape[1]), np.float32)], [np.zeros(0, np.float32)]
        for start in range(0, len(vectors), _ROWS):
            likeness = self.likeness(vectors[start : start + _ROWS])
            scores.append(likeness @ self.weights)
            nearest.append(likeness.max(axis=1))
        return np.concatenate(scores), np.concatenate(nearest)

    def likeness(self, vectors: Floats) -> Floats:
        """[texts, n] of the kernel."""
        return gaussian(vectors, self.anchors, self.gamma)


@dataclass(frozen=True, slots=True)
class Fitted:
    """A kernel with what tells of unseen examples. inverse: [n, n], G; targets: [n, labels]."""

    kernel: Kernel
    inverse: Floats
    targets: Floats

    def left_out(self) -> Floats:
        """[n, labels]: of each example, the scores of the model fitted on all others."""
        return np.asarray(self.targets - self.kernel.weights / np.diag(self.inverse)[:, None], dtype=np.float32)

    def without(self, rows: Places) -> Floats:
        """[rows, labels]: the scores of these examples by the model fitted on all but them."""
        from scipy.linalg import solve

        block = self.inverse[np.ix_(rows, rows)]
        gone = solve(block, self.kernel.weights[rows], assume_a="pos", check_finite=False)
        return np.asarray(self.targets[rows] - gone, dtype=np.float32)


def fit_kernel(vectors: Floats, labels: Places, count: int, *, gamma: float = GAMMA, ridge: float = RIDGE) -> Fitted:
    """A kernel on vectors [n, d] whose labels are 0 … count − 1; n³ steps and 4n² bytes."""
    from scipy.linalg import cho_factor, lapack

    targets = np.eye(count, dtype=np.float32)[labels]
    matrix = gaussian(vectors, vectors, gamma)
    matrix[np.diag_indices_from(matrix)] += ridge
    factor, lower = cho_factor(matrix, lower=True, overwrite_a=True, check_finite=False)
    inverse, _ = lapack.spotri(factor, lower=lower, overwrite_c=1)
    _mirror(inverse)
    weights = np.asarray(inverse @ targets, dtype=np.float32)
    return Fitted(Kernel(np.asarray(vectors, dtype=np.float32), weights, gamma), inverse, targets)


def gaussian(left: Floats, right: Floats, gamma: float) -> Floats:
    """[left, right] of exp(−γ‖x − z‖²)."""
    found = (np.float32(2 * gamma) * left) @ right.T
    found -= np.float32(gamma) * _squares(left)[:, None]
    found -= np.float32(gamma) * _squares(right)[None, :]
    np.minimum(found, 0.0, out=found)
    return np.asarray(np.exp(found, out=found), dtype=np.float32)


def _squares(rows: Floats) -> Floats:
    """[n] squared lengths of rows, without a copy of all that they hold."""
    return np.asarray(np.einsum("ij,ij->i", rows, rows), dtype=np.float32)


def evenly(labels: Places, most: int, *, seed: int = 0) -> Places:
    """Places of at most `most` examples, each label by its share, at least one of each."""
    if len(labels) <= most:
        return np.arange(len(labels))
    random = np.random.default_rng(seed)
    kept: list[Places] = []
    for label in np.unique(labels):
        rows = np.flatnonzero(labels == label)
        kept.append(random.permutation(rows)[: max(1, int(most * len(rows) / len(labels)))])
    return np.sort(np.concatenate(kept))


def _mirror(matrix: Floats) -> None:
    """Copies the lower triangle over the upper one, in place."""
    for start in range(0, len(matrix), _ROWS):
        stop = min(start + _ROWS, len(matrix))
        matrix[:start, start:stop] = matrix[start:stop, :start].T
        block = matrix[start:stop, start:stop]
        matrix[start:stop, start:stop] = np.tril(block) + np.tril(block, -1).T
