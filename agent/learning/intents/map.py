"""A map of sentence vectors: what is alike lies near each other."""

import numpy as np
import numpy.typing as npt

from agent.learning.intents.vectors import Vectors

_SHOWN = 1500
_BY_VARIANCE = 40


def flat_map(vectors: Vectors, *, seed: int = 0) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """(positions of the texts shown, [shown, 2]): by t-SNE (van der Maaten & Hinton 2008) of a sample; few by PCA."""
    from sklearn.decomposition import PCA
    from sklearn.manifold import TSNE
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    rows = np.arange(len(vectors))
    if len(rows) > _SHOWN:
        rows = np.sort(np.random.default_rng(seed).choice(len(rows), _SHOWN, replace=False))
    shown = vectors[rows].astype(np.float64)
    wide = min(*shown.shape, _BY_VARIANCE)
    if len(rows) < 3 or wide < 2:
        return rows, np.column_stack([np.arange(len(rows)), np.zeros(len(rows))]).astype(np.float64)
    reduced = PCA(wide, random_state=seed).fit_transform(shown)
    if len(rows) < _BY_VARIANCE:
        return rows, np.asarray(reduced[:, :2])
    model = TSNE(perplexity=min(30, len(rows) // 4), init="pca", random_state=seed, max_iter=500)
    with threadpool_limits(1):  # its threads wait for each other: ten times as slow on a busy machine
        flat = model.fit_transform(reduced)
    return rows, np.asarray(flat, dtype=np.float64)
