"""A reranker on a server that speaks vLLM's `POST /score`, as `vllm serve --runner pooling` with a cross-encoder does."""

from collections.abc import Sequence

import httpx

from knowledge.errors import KnowledgeError


class EndpointReranker:
    """Asks a server once; a slow or broken one is not asked again for this question. Close it with `close`."""

    def __init__(
        self,
        *,
        base_url: str,
        model: str,
        api_key: str = "",
        timeout_s: float = 2.0,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        self._client = httpx.Client(
            base_url=base_url.rstrip("/"), headers=headers, timeout=timeout_s, transport=transport, trust_env=False
        )
        self._model = model

    def close(self) -> None:
        """Closes the connections to the server."""
        self._client.close()

    def scores(self, question: str, texts: Sequence[str]) -> list[float]:
        """How well each text answers. Raises KnowledgeError when the server does not say so well and in time."""
        body = {"text_1": question, "text_2": list(texts)} | ({"model": self._model} if self._model else {})
        try:
            response = self._client.post("/score", json=body)
            response.raise_for_status()
            rows = sorted(response.json()["data"], key=lambda row: row["index"])
            found = [float(row["score"]) for row in rows]
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            problem = str(error) or type(error).__name__
            raise KnowledgeError(f"The reranker {self._client.base_url} does not answer well: {problem}") from error
        if len(found) != len(texts):
            raise KnowledgeError(f"The reranker {self._client.base_url} gave {len(found)} scores for {len(texts)}.")
        return found
