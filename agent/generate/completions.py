"""Chat completions of an OpenAI-compatible server over plain HTTP: a token is a line of JSON, and no more is made of it.

langchain's chat model and openai's client make four objects of each token and take 45 MB of memory: more than half of
what a streamed answer cost. Tools, which have no stream, are still driven by them (`agent.tools.chat_model`). aiohttp
reads in C: 45 tokens take it 1.2 ms of processor time, and httpx 4.5.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from ssl import SSLContext
from typing import Any

import aiohttp
import orjson

from agent.errors import ModelFaltered, ModelRefused, ModelUnavailable
from agent.settings import ModelSettings

_FAULTS, _TOO_MANY_REQUESTS = 500, 429
_REFUSALS = frozenset({400, 422})
_ERRORS = 400
_PARTING_S = 0.2  # for the end of a stream whose last event has come: a connection that was read to its end is kept
_LONGEST_COMPLAINT = 300
_KEPT_S = 5.0  # an idle connection; servers such as uvicorn close theirs then
_NO_KEY = "none"  # to servers that want no key; to those that do it is a wrong one


def shared_http(settings: ModelSettings) -> aiohttp.ClientSession:
    """The connections that all requests to the model servers share. To be called in an event loop; close it."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=_KEPT_S, ssl=_trusted(settings) or True),
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=settings.total_timeout_s, sock_connect=settings.connect_timeout_s),
        trust_env=not settings.on_this_machine,
    )


def _trusted(settings: ModelSettings) -> SSLContext | None:
    """The certificates that all other clients here trust; None where nothing is encrypted, as to read them takes memory."""
    servers = (settings.base_url, settings.hedge_base_url, *(other.base_url for other in settings.others))
    if not any(server.startswith("https:") for server in servers):
        return None
    import httpx

    return httpx.create_ssl_context(trust_env=not settings.on_this_machine)


class Completions:
    """One server. What fails raises ModelFaltered where it may pass, ModelRefused where the request was to blame, else
    ModelUnavailable.
    """

    def __init__(self, settings: ModelSettings, http: aiohttp.ClientSession) -> None:
        self._base_url = settings.base_url
        self._url = settings.base_url.rstrip("/")
        self._http = http
        # A server that says nothing for as long as its first token may take hangs, also in the middle of an answer.
        self._while_streaming = aiohttp.ClientTimeout(
            total=settings.total_timeout_s,
            sock_connect=settings.connect_timeout_s,
            sock_read=settings.first_token_timeout_s,
        )
        self._headers = {
            "Authorization": f"Bearer {settings.api_key.get_secret_value() or _NO_KEY}",
            "Accept-Encoding": "identity",
            "Content-Type": "application/json",
        }

    async def first_offered(self) -> str:
        """The name of the first model that the server offers."""
        try:
            async with self._http.get(f"{self._url}/models", headers=self._headers, allow_redirects=False) as answer:
                await self._check(answer)
                return str(json.loads(await answer.read())["data"][0]["id"])
        except (aiohttp.ClientError, TimeoutError, ValueError, LookupError, TypeError) as error:
            raise self.failure(error) from error

    async def answer(self, payload: Mapping[str, object]) -> str:
        """An answer whole."""
        try:
            async with self._asked(payload) as answer:
                return str(json.loads(await answer.read())["choices"][0]["message"]["content"] or "")
        except (aiohttp.ClientError, TimeoutError, ValueError, LookupError, TypeError) as error:
            raise self.failure(error) from error

    async def stream(self, payload: Mapping[str, object]) -> AsyncIterator[Mapping[str, Any]]:
        """The chunks of an answer, as the server sends them; closing it ends the server's work."""
        try:
            async with self._asked({**payload, "stream": True}, patience=self._while_streaming) as answer:
                async for event in _events(answer.content):
                    chunk = orjson.loads(event)
                    if not isinstance(chunk, dict) or "error" in chunk:
                        raise ModelFaltered(self.complaint(str(chunk)))
                    yield chunk
        except (aiohttp.ClientError, TimeoutError, ValueError, TypeError) as error:
            raise self.failure(error) from error

    @asynccontextmanager
    async def _asked(
        self, payload: Mapping[str, object], *, patience: aiohttp.ClientTimeout | None = None
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        """The server's answer as it begins. patience: None for that of the connections."""
        body = json.dumps(payload, ensure_ascii=False).encode("utf-8", "replace")
        await asyncio.sleep(0)  # a kept connection that the server has closed is found out by the event loop
        url = f"{self._url}/chat/completions"
        asking = self._http.post(
            url, data=body, headers=self._headers, allow_redirects=False, timeout=patience or self._http.timeout
        )
        async with asking as answer:
            await self._check(answer)
            yield answer

    async def _check(self, answer: aiohttp.ClientResponse) -> None:
        """Raises where the server did not do as it was asked."""
        status = answer.status
        if status < _ERRORS:
            return
        said = f"error {status}: {(await answer.read()).decode('utf-8', 'replace')}"
        if status in _REFUSALS:
            raise ModelRefused(self.complaint(f"it refused the request: {said}"))
        kind = ModelFaltered if status >= _FAULTS or status == _TOO_MANY_REQUESTS else ModelUnavailable
        raise kind(self.complaint(said))

    def failure(self, error: Exception) -> ModelUnavailable:
        """What went wrong on the way. Another try may go well, but not after a wait that was in vain."""
        if isinstance(error, TimeoutError):
            return ModelUnavailable(self.complaint("it takes longer than [model] allows for a token or for the answer"))
        return ModelFaltered(self.complaint(f"{type(error).__name__}: {error}"))

    def complaint(self, reason: str) -> str:
        """A sentence for the operator."""
        said = " ".join(reason.split())[:_LONGEST_COMPLAINT].rstrip(".")
        return f"The model server at {self._base_url} failed: {said}. See: parley doctor"


async def _events(content: aiohttp.StreamReader) -> AsyncIterator[bytes]:
    """The data of each event up to the last, `[DONE]`; an event of OpenAI's protocol is one line."""
    begun = b""
    async for piece in content.iter_any():
        *lines, begun = (begun + piece).split(b"\n")
        for line in lines:
            data = line[5:].strip() if line.startswith(b"data:") else b""
            if data == b"[DONE]":
                with suppress(TimeoutError, aiohttp.ClientError):
                    async with asyncio.timeout(_PARTING_S):
                        await content.read()
                return
            if data:
                yield data
