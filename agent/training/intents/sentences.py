"""Sentence vectors for a classifier: layers of MiniLM side by side, each centred, brought down to their main directions.

MiniLM is the one that the search reads the same message by: a turn does it once (decision 36).

Where some of the examples are Chinese, the vector of the multilingual encoder stands beside them, of every text: MiniLM has
but the glosses of a Chinese word, the encoder reads it as it stands.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from knowledge.embedders import minilm, use

Floats = npt.NDArray[np.float32]

ENCODER = minilm.SEARCHING
"""The MiniLM that new models are trained on."""
_DIMENSIONS = 256
# Weights of the parts of `MiniLM.read_layers`. With few examples the last layer alone says most; with many, the wording
# that lower layers keep adds to it. Which is better is measured on the examples at hand.
MIXES: Mapping[str, tuple[float, ...]] = {
    "last layer": (1, 0, 0, 0, 0, 0, 0, 0),
    "last layers": (2, 1, 1, 0, 0, 0, 0, 0),
    "four layers": (1, 1, 1, 1, 1, 1, 1, 1),
}


@dataclass(frozen=True, slots=True)
class Readings:
    """Of n texts. layers: [n, 8, 384] of MiniLM; multilingual: [n, 512], or [n, 0] where only MiniLM reads."""

    layers: Floats
    multilingual: Floats

    def take(self, rows: npt.NDArray[np.int64]) -> "Readings":
        """Those of some rows."""
        return Readings(self.layers[rows], self.multilingual[rows])

    @classmethod
    def joined(cls, parts: "Sequence[Readings]") -> "Readings":
        """Parts one after the other."""
        return cls(
            np.concatenate([part.layers for part in parts]), np.concatenate([part.multilingual for part in parts])
        )


@dataclass(frozen=True, slots=True)
class SentenceSpace:
    """centres: [8, 384]; mix: a name of MIXES; middle: [3072 or 3584]; directions: [3072 or 3584, d]; encoder: one of
    `minilm.ENCODERS`.
    """

    centres: Floats
    mix: str
    middle: Floats
    directions: Floats
    encoder: str = ENCODER

    @classmethod
    def fit(cls, read: Readings, mix: str) -> "SentenceSpace":
        """The space of these sentences."""
        from sklearn.decomposition import PCA

        centres = read.layers.mean(axis=0)
        centres[0] = 0.0  # the last layer's mean is made for cosines as it is
        stacked = _stacked(read, centres, mix)
        most = min(_DIMENSIONS, *stacked.shape)
        found = PCA(most, svd_solver="randomized", random_state=0).fit(stacked)
        return cls(centres, mix, found.mean_.astype(np.float32), found.components_.T.astype(np.float32))

    @property
    def is_multilingual(self) -> bool:
        """Whether the multilingual encoder reads, too."""
        return len(self.middle) > self.centres.size

    def project(self, read: Readings) -> Floats:
        """[n, d]."""
        stacked = _stacked(read, self.centres, self.mix)
        return np.asarray((stacked - self.middle) @ self.directions, dtype=np.float32)


def read(texts: Sequence[str], *, multilingual: bool, encoder: str = ENCODER) -> Readings:
    """Texts by a MiniLM of this process, and by its multilingual encoder, beside it, where that is wanted."""
    reader = minilm.ENCODERS[encoder]()
    if not multilingual:
        return Readings(reader.read_layers(texts), np.zeros((len(texts), 0), np.float32))
    vectors = _beside().submit(use.shared().read, texts)
    return Readings(reader.read_layers(texts), vectors.result())


@cache
def _beside() -> ThreadPoolExecutor:
    """The thread in which the encoder reads what MiniLM reads at the same time; it lets one in at a time."""
    return ThreadPoolExecutor(1, "encoder")


def is_available(*, multilingual: bool = False, encoder: str = ENCODER) -> bool:
    """Whether MiniLM is installed, and this version of Parley has that encoder; multilingual: and the multilingual one."""
    return encoder in minilm.ENCODERS and minilm.is_available() and (not multilingual or use.is_available())


def _stacked(read: Readings, centres: Floats, mix: str) -> Floats:
    """[n, 3072 or 3584], rows of length one: the parts of MiniLM centred, of length one each, then weighed; the encoder's
    vector weighs as much as all of them.
    """
    weights = np.asarray(MIXES[mix], dtype=np.float32)
    parts = read.layers - centres
    parts = parts / np.maximum(np.linalg.norm(parts, axis=2, keepdims=True), 1e-9) * weights[:, None]
    stacked = _unit(parts.reshape(len(parts), parts.shape[1] * parts.shape[2]))
    return _unit(np.hstack([stacked, read.multilingual])) if read.multilingual.shape[1] else stacked


def _unit(rows: Floats) -> Floats:
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9), dtype=np.float32)
