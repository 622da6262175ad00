"""Streams of a chat model as the server sends them: plain dictionaries, which is all that langchain makes of them.

openai's client builds an object of pydantic for each token and looks through the request for what its types would change
in it; together a third of what a streamed answer cost.
"""

from typing import Any

import openai

_OPTIONS = frozenset({"extra_headers", "extra_query", "extra_body", "timeout"})


class PlainChunks:
    """Stands where langchain's chat model expects the `chat.completions` of a client."""

    def __init__(self, client: openai.AsyncOpenAI) -> None:
        self._client = client

    @property
    def with_raw_response(self) -> Any:
        """The client's own, which asks for an answer whole."""
        return self._client.chat.completions.with_raw_response

    async def create(self, **payload: Any) -> object:
        """The stream, or the answer whole; raises as the client does."""
        if not payload.get("stream") or _OPTIONS & payload.keys():
            return await self._client.chat.completions.create(**payload)
        return await self._client.post(
            "/chat/completions", body=payload, cast_to=object, stream=True, stream_cls=openai.AsyncStream[object]
        )
