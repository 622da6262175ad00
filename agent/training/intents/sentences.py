"""Sentence vectors for a classifier: layers of MiniLM side by side, each centred, brought down to their main directions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from knowledge.embedders import minilm

Floats = npt.NDArray[np.float32]

_DIMENSIONS = 256
# Weights of the parts of `MiniLM.read_layers`. With few examples the last layer alone says most; with many, the wording
# that lower layers keep adds to it. Which is better is measured on the examples at hand.
MIXES: Mapping[str, tuple[float, ...]] = {
    "last layer": (1, 0, 0, 0, 0, 0, 0, 0),
    "last layers": (2, 1, 1, 0, 0, 0, 0, 0),
    "four layers": (1, 1, 1, 1, 1, 1, 1, 1),
}


@dataclass(frozen=True, slots=True)
class SentenceSpace:
    """centres: [8, 384]; mix: a name of MIXES; middle: [3072]; directions: [3072, d]."""

    centres: Floats
    mix: str
    middle: Floats
    directions: Floats

    @classmethod
    def fit(cls, layers: Floats, mix: str) -> "SentenceSpace":
        """The space of these sentences, [n, 8, 384]."""
        from sklearn.decomposition import PCA

        centres = layers.mean(axis=0)
        centres[0] = 0.0  # the last layer's mean is made for cosines as it is
        stacked = _stacked(layers, centres, mix)
        most = min(_DIMENSIONS, *stacked.shape)
        found = PCA(most, svd_solver="randomized", random_state=0).fit(stacked)
        return cls(centres, mix, found.mean_.astype(np.float32), found.components_.T.astype(np.float32))

    def project(self, layers: Floats) -> Floats:
        """[n, d] of [n, 8, 384]."""
        stacked = _stacked(layers, self.centres, self.mix)
        return np.asarray((stacked - self.middle) @ self.directions, dtype=np.float32)


def read_layers(texts: Sequence[str]) -> Floats:
    """[n, 8, 384] of texts, by the one MiniLM of this process."""
    return minilm.shared().read_layers(texts)


def warm() -> None:
    """Loads the model, so that the first message need not wait for it."""
    minilm.shared().read_layers(["hello"])


def is_available() -> bool:
    """Whether MiniLM is installed."""
    return minilm.is_available()


def _stacked(layers: Floats, centres: Floats, mix: str) -> Floats:
    """[n, 3072], rows of length one: the parts centred, of length one each, then weighed."""
    weights = np.asarray(MIXES[mix], dtype=np.float32)
    parts = layers - centres
    parts = parts / np.maximum(np.linalg.norm(parts, axis=2, keepdims=True), 1e-9) * weights[:, None]
    flat = parts.reshape(len(parts), parts.shape[1] * parts.shape[2])
    return np.asarray(flat / np.maximum(np.linalg.norm(flat, axis=1, keepdims=True), 1e-9), dtype=np.float32)
