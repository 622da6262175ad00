"""Chat completions of an OpenAI-compatible server over plain HTTP: a token is a line of JSON, and no more is made of it.

langchain's chat model and openai's client make four objects of each token and take 45 MB of memory: more than half of
what a streamed answer cost. Tools, which have no stream, are still driven by them (`agent.tools.chat_model`).
"""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from typing import Any

import httpx

from agent.errors import ModelFaltered, ModelRefused, ModelUnavailable
from agent.settings import ModelSettings

_FAULTS, _TOO_MANY_REQUESTS = 500, 429
_REFUSALS = frozenset({400, 422})
_ERRORS = 400
_PARTING_S = 0.2  # for the end of a stream whose last event has come: a connection that was read to its end is kept
_LONGEST_COMPLAINT = 300
_IDLE = 16  # connections kept; at each request httpx compares each of those that are idle with all others
_NO_KEY = "none"  # to servers that want no key; to those that do it is a wrong one


def shared_http(settings: ModelSettings) -> httpx.AsyncClient:
    """The connections that all requests to the model servers share. Close it."""
    return httpx.AsyncClient(
        timeout=httpx.Timeout(settings.total_timeout_s, connect=settings.connect_timeout_s),
        limits=httpx.Limits(max_connections=None, max_keepalive_connections=_IDLE),
        trust_env=not settings.on_this_machine,
    )


class Completions:
    """One server. What fails raises ModelFaltered where it may pass, ModelRefused where the request was to blame, else
    ModelUnavailable.
    """

    def __init__(self, settings: ModelSettings, http: httpx.AsyncClient) -> None:
        self._base_url = settings.base_url
        self._url = settings.base_url.rstrip("/")
        self._http = http
        self._headers = {
            "Authorization": f"Bearer {settings.api_key.get_secret_value() or _NO_KEY}",
            "Accept-Encoding": "identity",
            "Content-Type": "application/json",
        }

    async def first_offered(self) -> str:
        """The name of the first model that the server offers."""
        try:
            answer = await self._http.get(f"{self._url}/models", headers=self._headers)
            await self._check(answer)
            return str(answer.json()["data"][0]["id"])
        except (httpx.HTTPError, httpx.InvalidURL, ValueError, LookupError, TypeError) as error:
            raise self.failure(error) from error

    async def answer(self, payload: Mapping[str, object]) -> str:
        """An answer whole."""
        body = json.dumps(payload, ensure_ascii=False).encode("utf-8", "replace")
        try:
            found = await self._http.post(f"{self._url}/chat/completions", content=body, headers=self._headers)
            await self._check(found)
            return str(found.json()["choices"][0]["message"]["content"] or "")
        except (httpx.HTTPError, httpx.InvalidURL, ValueError, LookupError, TypeError) as error:
            raise self.failure(error) from error

    async def stream(self, payload: Mapping[str, object]) -> AsyncIterator[Mapping[str, Any]]:
        """The chunks of an answer, as the server sends them; closing it ends the server's work."""
        body = json.dumps({**payload, "stream": True}, ensure_ascii=False).encode("utf-8", "replace")
        try:
            async with self._http.stream(
                "POST", f"{self._url}/chat/completions", content=body, headers=self._headers
            ) as answer:
                await self._check(answer)
                async for event in _events(answer):
                    chunk = json.loads(event)
                    if not isinstance(chunk, dict) or "error" in chunk:
                        raise ModelFaltered(self.complaint(str(chunk)))
                    yield chunk
        except (httpx.HTTPError, httpx.InvalidURL, ValueError, TypeError) as error:
            raise self.failure(error) from error

    async def _check(self, answer: httpx.Response) -> None:
        """Raises where the server did not do as it was asked."""
        status = answer.status_code
        if status < _ERRORS:
            return
        said = f"error {status}: {(await answer.aread()).decode('utf-8', 'replace')}"
        if status in _REFUSALS:
            raise ModelRefused(self.complaint(f"it refused the request: {said}"))
        kind = ModelFaltered if status >= _FAULTS or status == _TOO_MANY_REQUESTS else ModelUnavailable
        raise kind(self.complaint(said))

    def failure(self, error: Exception) -> ModelUnavailable:
        """What went wrong on the way. Another try may go well, but not after a wait that was in vain."""
        kind = ModelUnavailable if isinstance(error, TimeoutError | httpx.TimeoutException) else ModelFaltered
        return kind(self.complaint(f"{type(error).__name__}: {error}"))

    def complaint(self, reason: str) -> str:
        """A sentence for the operator."""
        said = " ".join(reason.split())[:_LONGEST_COMPLAINT].rstrip(".")
        return f"The model server at {self._base_url} failed: {said}. See: parley doctor"


async def _events(answer: httpx.Response) -> AsyncIterator[bytes]:
    """The data of each event up to the last, `[DONE]`; an event of OpenAI's protocol is one line."""
    begun = b""
    pieces = answer.aiter_bytes()
    async for piece in pieces:
        *lines, begun = (begun + piece).split(b"\n")
        for line in lines:
            data = line[5:].strip() if line.startswith(b"data:") else b""
            if data == b"[DONE]":
                with suppress(TimeoutError, httpx.HTTPError):
                    async with asyncio.timeout(_PARTING_S):
                        async for _ in pieces:
                            pass
                return
            if data:
                yield data
