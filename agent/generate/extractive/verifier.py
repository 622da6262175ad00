"""Reads a question and a span together and says whether the one answers the other: a cross-encoder of MS MARCO, fitted.

The packaged cross-encoder is changed by low-rank additions to its linear layers (LoRA, Hu et al. 2021,
arXiv:2106.09685). The additions lie in `verifier.npz`; `python -m evals.fits.encoders` fits them.
Chinese it reads by its glosses; where it is not installed there is no verifier, and the composer goes by words.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from agent.memory import give_back
from knowledge.embedders import glosses
from knowledge.embedders.bert import Bert
from knowledge.embedders.low_rank import LowRank
from knowledge.embedders.onnx_weights import OnnxWeights
from knowledge.embedders.readers import readers
from knowledge.rerankers import packaged

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Floats = npt.NDArray[np.float32]

FILE = "verifier.npz"
MAX_TOKENS = 128
_REMEMBERED = 64
_LAST = (packaged.LAYERS,)
_POOLER = "pooler.dense"


class Verifier:
    """Loads its model at the first use, or when it is warmed. additions: other ones than those of the package."""

    def __init__(self, additions: Path | None = None) -> None:
        self._additions = additions or files("agent.generate.extractive") / FILE
        self._lock = Lock()
        self._read: OrderedDict[tuple[str, ...], Floats] = OrderedDict()

    @cached_property
    def is_available(self) -> bool:
        """Whether the model's packages are installed."""
        return packaged.is_available() and glosses.is_available()

    def warm(self) -> None:
        """Loads the model."""
        self.scores("Is it open?", ["It is open."])

    def scores(self, question: str, texts: Sequence[str]) -> Floats:
        """[n] logits: above 0 where a text, read in its context, answers the question; the last few are remembered, as a turn may
        compose the same answer twice.
        """
        key = (question, *texts)
        with self._lock:
            known = self._read.get(key)
        if known is None:
            known = self._scored(question, texts)
            known.setflags(write=False)
        with self._lock:
            self._read[key] = known
            self._read.move_to_end(key)
            if len(self._read) > _REMEMBERED:
                self._read.popitem(last=False)
        return known

    def _scored(self, question: str, texts: Sequence[str]) -> Floats:
        with self._lock:
            loaded = self._loaded
        english = glosses.shared().english
        asked = english(question)
        read = [loaded.tokenizer.encode(asked, english(text)) for text in texts]  # in other threads it took longer
        first = list(readers().map(lambda one: loaded.model.read([one.ids], [one.type_ids], _LAST)[0][0, 0], read))
        return loaded.logits(np.reshape(first, (len(texts), packaged.DIMENSIONS)))

    @cached_property
    def _loaded(self) -> "_Loaded":
        loaded = _opened(LowRank(self._additions), packaged.weights())
        give_back()  # perhaps in the midst of serving: 50 MB
        return loaded


def _opened(changed: LowRank, source: OnnxWeights) -> "_Loaded":
    return _Loaded(
        tokenizer=packaged.tokenizer(MAX_TOKENS),
        model=Bert(changed, weights=source, layers=packaged.LAYERS),
        pooler=changed(f"{_POOLER}.weight", source(f"{_POOLER}.weight")),
        pooler_bias=source(f"{_POOLER}.bias"),
        weight=changed.number("weight"),
        bias=float(changed.number("bias")),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Loaded:
    tokenizer: "Tokenizer"
    model: Bert
    pooler: Floats
    pooler_bias: Floats
    weight: Floats
    bias: float

    def logits(self, first: Floats) -> Floats:
        """[n] of the first token of each pair, [n, 384]."""
        pooled = np.tanh(first @ self.pooler.T + self.pooler_bias)
        return np.asarray(pooled @ self.weight + self.bias, dtype=np.float32)
