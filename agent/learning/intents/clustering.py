"""Finds clusters, and how many there are: communities of a graph of nearest neighbours, then moved to their middles."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from agent.learning.intents.neighbours import Neighbours, nearest, shared_graph
from agent.learning.intents.vectors import Vectors, unit
from knowledge.progress import Progress, silent

Numbers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]

_NEIGHBOURS = 15
_RESOLUTIONS = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
_AS_GOOD = 0.97  # of the best silhouette: then fewer clusters are rather read by a person
_HOPELESS = 0.9
_STRUCTURE = (
    0.25  # a silhouette below it says of no partition that it is one (Kaufman & Rousseeuw 1990): a finer one may be
)
_ROUNDS = 10
_SAMPLE = 4000


@dataclass(frozen=True, slots=True, kw_only=True)
class Clustering:
    """Where each of n texts belongs. cluster: [n], 0 … k-1, the largest cluster first; every text has one.

    nearness: [n], cosine with the middle of its cluster; margin: [n], by how much that is more than with the next best
    middle; settled: [n], whether it is typical enough to be shown as a member, else it counts as unclustered.
    middles: [k, dimensions], unit.
    """

    cluster: Numbers
    nearness: Floats
    margin: Floats
    settled: npt.NDArray[np.bool_]
    middles: Vectors

    def __len__(self) -> int:
        return len(self.middles)

    def members(self, cluster: int) -> Numbers:
        """Positions of a cluster's settled texts, nearest to its middle first."""
        rows = np.flatnonzero((self.cluster == cluster) & self.settled)
        return np.asarray(rows[np.argsort(-self.nearness[rows], kind="stable")], dtype=np.int64)


def cluster(vectors: Vectors, *, smallest: int = 5, seed: int = 0, progress: Progress = silent) -> Clustering:
    """Clusters of unit vectors.

    Communities by Louvain's method (Blondel et al. 2008) in the graph of shared nearest neighbours (Jarvis & Patrick
    1973) at several resolutions; the coarsest whose mean silhouette (Rousseeuw 1987, cosine) is about the best is
    kept, which is what decides on the number of clusters. Clusters smaller than `smallest` dissolve, and each text goes to the
    nearest middle, as in spherical k-means. Time and memory grow little faster than n.
    """
    count = len(vectors)
    smallest = max(2, min(smallest, count // 4))
    if count < 2 * smallest:
        return _described(vectors, np.zeros(count, dtype=np.int64))
    near = nearest(vectors, min(_NEIGHBOURS, max(2, count // 8)), progress=progress)
    tried: list[tuple[float, Numbers]] = []
    for number, found in enumerate(_partitions(near, seed)):
        progress("clustering", number, len(_RESOLUTIONS))
        moved = _moved(vectors, _without_small(vectors, found, smallest), smallest)
        tried.append((_silhouette(vectors, moved, seed), moved))
        top = max(score for score, _ in tried)
        if top > _STRUCTURE and tried[-1][0] < _HOPELESS * top:  # past its top; finer ones only take longer
            break
    enough = _AS_GOOD * max(score for score, _ in tried)
    best = min((moved for score, moved in tried if score >= enough), key=lambda moved: int(moved.max()))
    return _described(vectors, best)


def _partitions(near: Neighbours, seed: int) -> Iterable[Numbers]:
    import networkx as nx

    graph = nx.from_scipy_sparse_array(shared_graph(near))
    for resolution in _RESOLUTIONS:
        communities = nx.community.louvain_communities(graph, resolution=resolution, seed=seed)
        found = np.empty(len(near.rows), dtype=np.int64)
        for number, community in enumerate(communities):
            found[list(community)] = number
        yield found


def _without_small(vectors: Vectors, found: Numbers, smallest: int) -> Numbers:
    """Small clusters dissolved, their texts in the nearest of the others."""
    names, sizes = np.unique(found, return_counts=True)
    large = names[sizes >= smallest]
    if not len(large):
        return np.zeros(len(found), dtype=np.int64)
    if len(large) == len(names):
        return _renumbered(found)
    middles = _middles(vectors, found, large)
    stray = ~np.isin(found, large)
    kept = found.copy()
    kept[stray] = large[_best(vectors[stray], middles)]
    return _renumbered(kept)


def _moved(vectors: Vectors, found: Numbers, smallest: int) -> Numbers:
    """Each text to the nearest middle, again and again."""
    for _ in range(_ROUNDS):
        middles = _middles(vectors, found, np.unique(found))
        moved = _without_small(vectors, _best(vectors, middles), smallest)
        if np.mean(moved == found) > 0.999:
            return moved
        found = moved
    return found


def _best(vectors: Vectors, middles: Vectors) -> Numbers:
    return np.asarray((vectors @ middles.T).argmax(axis=1), dtype=np.int64)


def _middles(vectors: Vectors, found: Numbers, names: Numbers) -> Vectors:
    from scipy.sparse import csr_matrix

    chosen = np.searchsorted(names, found)
    valid = (chosen < len(names)) & (names[np.minimum(chosen, len(names) - 1)] == found)
    rows = np.flatnonzero(valid)
    belongs = csr_matrix((np.ones(len(rows), dtype=np.float32), (chosen[rows], rows)), shape=(len(names), len(vectors)))
    return unit(belongs @ vectors)


def _renumbered(found: Numbers) -> Numbers:
    """0 … k-1, the largest first; of the same size, the one with the first text."""
    _, first, inverse, sizes = np.unique(found, return_index=True, return_inverse=True, return_counts=True)
    order = np.lexsort((first, -sizes))
    places = np.empty(len(order), dtype=np.int64)
    places[order] = np.arange(len(order))
    return places[inverse]


def _silhouette(vectors: Vectors, found: Numbers, seed: int) -> float:
    from sklearn.metrics import silhouette_score

    rows = np.arange(len(found))
    if len(rows) > _SAMPLE:
        rows = np.sort(np.random.default_rng(seed).choice(len(rows), _SAMPLE, replace=False))
    labels = found[rows]
    if not 2 <= len(np.unique(labels)) < len(rows):
        return 0.0
    return float(silhouette_score(vectors[rows], labels, metric="cosine"))


def _described(vectors: Vectors, found: Numbers) -> Clustering:
    found = _renumbered(found) if len(found) else found
    middles = _middles(vectors, found, np.unique(found)) if len(found) else np.zeros((0, 1), dtype=np.float32)
    near = np.zeros(len(found), dtype=np.float32)
    margin = np.zeros(len(found), dtype=np.float32)
    for start in range(0, len(found), 4096):
        rows = slice(start, start + 4096)
        similar = vectors[rows] @ middles.T
        places = np.arange(len(similar)), found[rows]
        near[rows] = similar[places]
        similar[places] = -1
        margin[rows] = near[rows] - (similar.max(axis=1) if len(middles) > 1 else 0)
    return Clustering(
        cluster=found, nearness=near, margin=margin, settled=_settled(found, near, margin), middles=middles
    )


def _settled(found: Numbers, near: Floats, margin: Floats) -> npt.NDArray[np.bool_]:
    """Texts nearer to their middle than to any other, and not far outside of their cluster (Tukey's fence)."""
    settled = margin > 0
    for number in np.unique(found):
        rows = np.flatnonzero(found == number)
        low, high = np.quantile(near[rows], (0.25, 0.75))
        settled[rows] &= near[rows] >= low - 1.5 * (high - low)
    return np.asarray(settled, dtype=np.bool_)
