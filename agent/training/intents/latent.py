"""Terms brought down to their main directions (latent semantic analysis), so that a kernel can read words of any language."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from agent.training.intents.terms import KINDS, Matrix
from knowledge.index.sparse import SparseRows

Floats = npt.NDArray[np.float32]
Places = npt.NDArray[np.int64]

_TERMS = 16_384  # those that weigh most; a bundle of them takes 8 MB at most
_DIMENSIONS = 256
_LONGEST = np.float32(len(KINDS) ** 0.5)  # the rows of each kind of terms have length one
_EXAMPLES_OF_ONE = 8  # a direction of fewer examples than this tells of them alone


@dataclass(frozen=True, slots=True)
class LatentSpace:
    """columns: [t] of the terms that are read; directions: [t, d], as exact as a bundle keeps them (half precision)."""

    columns: Places
    directions: Floats

    @classmethod
    def fit(cls, rows: Matrix) -> "LatentSpace":
        """The space of texts that were read by terms, [n, terms]."""
        from sklearn.utils.extmath import randomized_svd

        weight = np.asarray(rows.multiply(rows).sum(axis=0)).ravel()
        columns = np.sort(np.argsort(-weight, kind="stable")[:_TERMS])
        most = max(1, min(_DIMENSIONS, rows.shape[0] // _EXAMPLES_OF_ONE, len(columns)))
        _, _, found = randomized_svd(rows[:, columns], most, n_iter=3, random_state=0)
        return cls(columns, found.T.astype(np.float16).astype(np.float32))

    def project(self, rows: Matrix | SparseRows) -> Floats:
        """[n, d] of [n, terms]: of length one at most, the shorter the less of a text the directions tell."""
        held = rows.matrix() if isinstance(rows, SparseRows) else rows
        return np.asarray(held[:, self.columns] @ self.directions / _LONGEST, dtype=np.float32)
