"""Vectors from an OpenAI-compatible server (`POST /embeddings`), such as vLLM with `--runner pooling`."""

from collections.abc import Sequence

import httpx
import numpy as np

from knowledge.embedders.embedder import RECIPE, Vectors, unit
from knowledge.errors import KnowledgeError

_BATCH = 64
_TIMEOUT = httpx.Timeout(30.0, connect=3.0)


class EndpointEmbedder:
    """Asks a server for vectors; tries a failed request once more. Close it with `close`."""

    languages = frozenset({"en", "zh"})
    reads_short = True

    def __init__(
        self, *, base_url: str, model: str, api_key: str = "", transport: httpx.BaseTransport | None = None
    ) -> None:
        if not base_url or not model:
            raise KnowledgeError(
                "embedder = endpoint needs knowledge.embedding_base_url and knowledge.embedding_model."
            )
        headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        self._client = httpx.Client(
            base_url=base_url.rstrip("/"), headers=headers, timeout=_TIMEOUT, transport=transport, trust_env=False
        )
        self._model = model
        self.name = name_of(model)

    def close(self) -> None:
        """Closes the connections to the server."""
        self._client.close()

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """[n, d] float32, unit length. Raises KnowledgeError when the server does not answer well."""
        parts = [self._ask(texts[start : start + _BATCH]) for start in range(0, len(texts), _BATCH)]
        return unit(np.concatenate(parts)) if parts else np.zeros((0, 0), dtype=np.float32)

    def embed_query(self, text: str) -> Vectors:
        """[d] float32, unit length."""
        return np.asarray(self.embed_documents([text])[0], dtype=np.float32)

    def _ask(self, texts: Sequence[str]) -> Vectors:
        problem = ""
        for _ in range(2):
            try:
                response = self._client.post("/embeddings", json={"model": self._model, "input": list(texts)})
                response.raise_for_status()
                rows = sorted(response.json()["data"], key=lambda row: row["index"])
                vectors = np.array([row["embedding"] for row in rows], dtype=np.float32)
                if vectors.shape[0] == len(texts):
                    return vectors
                problem = "it gave too few vectors"
            except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
                problem = str(error) or type(error).__name__
        raise KnowledgeError(f"The embedding server {self._client.base_url} does not answer well: {problem}")


def name_of(model: str) -> str:
    """The fingerprint of the vectors that a server makes with a model."""
    return f"endpoint/{model}/{RECIPE}"
