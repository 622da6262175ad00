"""Which intents are left out together to play the strangers: some at random, or all that are alike.

Of intents left out at random the like ones stay: nearer strangers than most that are met, so that a threshold for them
turns away many messages for a few strangers more. A field that is left out as a whole is nearer to what is met.
"""

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt

from agent.training.intents.terms import Matrix

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Floats: TypeAlias = npt.NDArray[np.float32]
Places: TypeAlias = npt.NDArray[np.int64]
Groups: TypeAlias = tuple[Places, ...]

_GROUPS, _FIELDS = 4, 8  # each left out once: of intents at random, and of those that are alike


def ways(rows: "Matrix | Floats", labels: Places, count: int) -> tuple[Groups, ...]:
    """Labels in groups of like size, each label in one: at random, and, where there are labels enough, by likeness.

    rows: [n, columns] of the examples, sparse or not; labels: 0 … count − 1, each with an example.
    """
    by_chance = _split(np.random.default_rng(0).permutation(count), _GROUPS)
    if count <= _GROUPS:  # each is a group
        return (by_chance,)
    return by_chance, _split(_side_by_side(rows, labels, count), _FIELDS)


def _split(order: Places, groups: int) -> Groups:
    return tuple(group for group in np.array_split(order, min(groups, len(order))) if len(group) < len(order))


def _side_by_side(rows: "Matrix | Floats", labels: Places, count: int) -> Places:
    """The labels in an order in which the like ones are neighbours: the leaves of a tree by average linkage."""
    from scipy.cluster.hierarchy import leaves_list, linkage
    from scipy.spatial.distance import squareform
    from sklearn.metrics.pairwise import cosine_distances

    distances = cosine_distances(_indicators(labels, count) @ rows)
    np.fill_diagonal(distances, 0.0)
    return np.asarray(leaves_list(linkage(squareform(distances, checks=False), "average")), dtype=np.int64)


def _indicators(labels: Places, count: int) -> "csr_matrix":
    """[labels, n], 1 where the example has the label."""
    from scipy.sparse import csr_matrix

    ones = np.ones(len(labels), np.float32)
    return csr_matrix((ones, (labels, np.arange(len(labels)))), shape=(count, len(labels)))
