"""The nearest neighbours of sentence vectors, and the graph of those who share theirs."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from agent.learning.intents.vectors import Vectors
from knowledge.progress import Progress, silent

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

_BLOCK = 1024
_FEWEST_SHARED = 0.1


@dataclass(frozen=True, slots=True)
class Neighbours:
    """rows: [n, k] positions, itself not among them, in no order; cosines: [n, k]."""

    rows: npt.NDArray[np.int64]
    cosines: Vectors


def nearest(vectors: Vectors, count: int, *, among: Vectors | None = None, progress: Progress = silent) -> Neighbours:
    """The `count` nearest of `among`, or of the vectors themselves, exact, a block at a time: [block, n] at once."""
    others = vectors if among is None else among
    count = min(count, len(others) - (among is None))
    rows = np.empty((len(vectors), count), dtype=np.int64)
    cosines = np.empty((len(vectors), count), dtype=np.float32)
    for start in range(0, len(vectors), _BLOCK):
        progress("neighbours", start, len(vectors))
        similar = vectors[start : start + _BLOCK] @ others.T
        if among is None:
            own = np.arange(len(similar))
            similar[own, start + own] = -2
        best = np.argpartition(-similar, count - 1, axis=1)[:, :count]
        rows[start : start + _BLOCK] = best
        cosines[start : start + _BLOCK] = np.take_along_axis(similar, best, axis=1)
    return Neighbours(rows, cosines)


def shared_graph(near: Neighbours) -> "csr_matrix":
    """[n, n] symmetric: neighbours, weighted by the share of neighbours that they have in common."""
    from scipy.sparse import csr_matrix, identity

    count, width = near.rows.shape
    ends = np.arange(0, count * width + 1, width)
    links = csr_matrix((np.ones(count * width, dtype=np.float32), near.rows.ravel(), ends), shape=(count, count))
    reached = links + identity(count, dtype=np.float32, format="csr")
    shared = (reached @ reached.T).multiply(links.maximum(links.T)).tocsr() / (width + 1)
    shared.data[shared.data < _FEWEST_SHARED] = 0
    shared.eliminate_zeros()
    return shared
