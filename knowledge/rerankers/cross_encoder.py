"""A sentence-transformers cross-encoder in a folder of this machine."""

from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from knowledge.errors import KnowledgeError

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

_MAX_TOKENS = 256
_BATCH = 32


class CrossEncoderReranker:
    """Reads question and passage together; the model is loaded at its first use, and nothing is ever downloaded."""

    def __init__(self, folder: Path) -> None:
        if not (folder / "config.json").is_file():
            raise KnowledgeError(
                f"knowledge.reranker_model: {folder} is no folder of a cross-encoder. "
                "Name one, or set knowledge.reranker_base_url to a server that has the model."
            )
        self._folder = folder
        self._model: CrossEncoder | None = None
        self._lock = Lock()

    def close(self) -> None:
        """Forgets the model; the next use loads it again."""
        with self._lock:
            self._model = None

    def scores(self, question: str, texts: Sequence[str]) -> list[float]:
        """How well each text answers."""
        with self._lock:
            if self._model is None:
                self._model = _load(self._folder)
            pairs = [(question, text) for text in texts]
            found = self._model.predict(pairs, batch_size=_BATCH, show_progress_bar=False)
        return [float(score) for score in found]


def _load(folder: Path) -> "CrossEncoder":
    try:
        from sentence_transformers import CrossEncoder
    except ImportError as error:
        raise KnowledgeError("A reranker in a folder needs the extra `embeddings`.") from error
    found: CrossEncoder = CrossEncoder(str(folder), max_length=_MAX_TOKENS, local_files_only=True, device="cpu")
    return found
