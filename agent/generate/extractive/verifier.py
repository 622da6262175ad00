"""Reads a question and a span together and says whether the one answers the other: MiniLM as a cross-encoder.

The packaged MiniLM is changed by low-rank additions to its linear layers (LoRA, Hu et al. 2021, arXiv:2106.09685) and
scored from the mean of its tokens. The additions lie in `verifier.npz`; `python -m evals.benchmarks.fit_verifier` fits
them. English only; where MiniLM is not installed there is no verifier, and the composer goes by words.
"""

from collections.abc import Sequence
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from knowledge.embedders import minilm

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedTokenizerBase

FILE = "verifier.npz"
SCALE = 2.0
MAX_TOKENS = 128


class Verifier:
    """Loads its model at the first use, or when it is warmed. additions: other ones than those of the package."""

    def __init__(self, additions: Path | None = None) -> None:
        self._additions = additions or files("agent.generate.extractive") / FILE
        self._lock = Lock()

    @property
    def is_available(self) -> bool:
        """Whether the model's packages are installed."""
        return minilm.is_available()

    def warm(self) -> None:
        """Loads the model."""
        self.scores("Is it open?", ["It is open."])

    def scores(self, question: str, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """[n] logits: above 0 where a text, read in its context, answers the question."""
        import torch

        with self._lock:
            tokenizer, model, weight, bias = self._loaded
            encoded = tokenizer(
                [question] * len(texts),
                list(texts),
                truncation="longest_first",
                max_length=MAX_TOKENS,
                padding=True,
                return_tensors="pt",
            )
            with torch.inference_mode():
                tokens = model(**encoded).last_hidden_state.float()
                mask = encoded["attention_mask"][:, :, None].float()
                pooled = (tokens * mask).sum(1) / mask.sum(1)
                return np.asarray((pooled @ weight + bias).numpy(), dtype=np.float32)

    @cached_property
    def _loaded(self) -> "tuple[PreTrainedTokenizerBase, torch.nn.Module, torch.Tensor, float]":
        import torch

        tokenizer, model = minilm.load()
        dtype = next(model.parameters()).dtype
        model = model.float()
        with self._additions.open("rb") as stream, np.load(stream) as stored:
            modules = dict(model.named_modules())
            for name in {key.rpartition("/")[0] for key in stored if "/" in key}:
                up, down = stored[f"{name}/B"].astype(np.float32), stored[f"{name}/A"].astype(np.float32)
                parameter = modules[name].weight
                assert isinstance(parameter, torch.nn.Parameter)
                parameter.data += SCALE * torch.from_numpy(up @ down)
            weight = torch.from_numpy(stored["weight"].astype(np.float32))
            return tokenizer, model.to(dtype), weight, float(stored["bias"])
