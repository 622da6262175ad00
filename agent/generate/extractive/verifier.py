"""Reads a question and a span together and says whether the one answers the other: MiniLM as a cross-encoder.

The packaged MiniLM is changed by low-rank additions to its linear layers (LoRA, Hu et al. 2021, arXiv:2106.09685) and
scored from the mean of its tokens. The additions lie in `verifier.npz`; `python -m evals.benchmarks.fit_verifier` fits
them. Chinese it reads by its glosses; where MiniLM is not installed there is no verifier, and the composer goes by words.
"""

from collections.abc import Sequence
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from knowledge.embedders import glosses
from knowledge.embedders.bert import Bert, tokenizer
from knowledge.embedders.minilm import is_available

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Floats = npt.NDArray[np.float32]

FILE = "verifier.npz"
SCALE = 2.0
MAX_TOKENS = 128
LAST = (6,)


class Verifier:
    """Loads its model at the first use, or when it is warmed. additions: other ones than those of the package."""

    def __init__(self, additions: Path | None = None) -> None:
        self._additions = additions or files("agent.generate.extractive") / FILE
        self._lock = Lock()

    @property
    def is_available(self) -> bool:
        """Whether the model's packages are installed."""
        return is_available()

    def warm(self) -> None:
        """Loads the model."""
        self.scores("Is it open?", ["It is open."])

    def scores(self, question: str, texts: Sequence[str]) -> Floats:
        """[n] logits: above 0 where a text, read in its context, answers the question."""
        with self._lock:
            tokenizer, model, weight, bias = self._loaded
        english = glosses.shared().english
        asked = english(question)
        read = tokenizer.encode_batch([(asked, english(text)) for text in texts])
        pooled = [model.read([one.ids], [one.type_ids], LAST)[0][0].mean(axis=0) for one in read]
        return np.asarray(np.reshape(pooled, (len(texts), len(weight))) @ weight + bias, dtype=np.float32)

    @cached_property
    def _loaded(self) -> "tuple[Tokenizer, Bert, Floats, float]":
        with self._additions.open("rb") as stream, np.load(stream) as stored:
            added = {key.removesuffix("/A"): stored[key] for key in stored if key.endswith("/A")}

            def changed(name: str, weight: Floats) -> Floats:
                module = name.removesuffix(".weight")
                if module not in added:
                    return weight
                up, down = stored[f"{module}/B"].astype(np.float32), added[module].astype(np.float32)
                return np.asarray(weight + SCALE * (up @ down), dtype=np.float32)

            weight = stored["weight"].astype(np.float32)
            return tokenizer(MAX_TOKENS), Bert(changed), weight, float(stored["bias"])
