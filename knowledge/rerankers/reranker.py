"""What a reranker is, and which one is wanted."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from knowledge.rerankers.cross_encoder import CrossEncoderReranker
from knowledge.rerankers.endpoint import EndpointReranker


class Reranker(Protocol):
    """Reads a question together with each passage, which says more than their vectors do and takes longer."""

    def scores(self, question: str, texts: Sequence[str]) -> list[float]:
        """How well each text answers, higher is better. Raises KnowledgeError, or within its timeout."""
        ...

    def close(self) -> None:
        """Lets go of connections and models."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class RerankerChoice:
    """A model on a server (`base_url` and `model`), a cross-encoder in a folder (`model` alone), or none."""

    base_url: str = ""
    model: str = ""
    api_key: str = ""
    timeout_s: float = 2.0

    def make(self) -> Reranker | None:
        """The reranker that is wanted, None for none."""
        if self.base_url:
            return EndpointReranker(
                base_url=self.base_url, model=self.model, api_key=self.api_key, timeout_s=self.timeout_s
            )
        return CrossEncoderReranker(Path(self.model)) if self.model else None
