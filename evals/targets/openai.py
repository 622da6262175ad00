"""Any endpoint that speaks OpenAI's chat completions, streamed, so that the first token is timed."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing, suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import httpx
import orjson
from httpx_sse import ServerSentEvent, SSEError, aconnect_sse

from agent.types import Reply
from evals.cases import Case
from evals.scoring.turns import score
from evals.targets.held import Replayed, hold
from evals.targets.replies import plain_reply, reply_of_json
from evals.targets.target import Answered, TargetFailed

_END_S = 1.0
_BUSY = frozenset({408, 409, 425, 429, 500, 502, 503, 504})


@dataclass(frozen=True, kw_only=True)
class OpenAITarget:
    """client: with the base URL (`…/v1/`) and its key. system: instructions to go before each case.

    clients: like it, in whose turn requests go; a client looks through all its connections for each request, so that
    many clients cost less than one. None: `client` does them all.

    An endpoint that sends Parley's own record of a turn is taken at its word; of others only the text is known.
    """

    client: httpx.AsyncClient
    model: str
    clients: Iterator[httpx.AsyncClient] | None = None
    system: str = ""
    path: str = "chat/completions"

    @cached_property
    def _place(self) -> httpx.URL:
        """In full, so that no request has to put it together."""
        return self.client.base_url.join(self.path)

    @property
    def name(self) -> str:
        return f"openai {self.client.base_url} {self.model} {self.system}"

    def score(self, case: Case, reply: Reply) -> dict[str, float]:
        return score(case, reply, [self.system] if self.system else [])

    async def answer(self, case: Case) -> Answered:
        if case.dialogue is not None:
            return await hold(case.dialogue, Replayed(self.answer, case))
        said = [{"role": "user" if one.role == "user" else "assistant", "content": one.content} for one in case.history]
        head = [{"role": "system", "content": self.system}] if self.system else []
        body = {
            "model": self.model,
            "messages": [*head, *said, {"role": "user", "content": case.question}],
            "stream": True,
            "stream_options": {"include_usage": True},
        }
        try:
            return await self._stream(case, body)
        except (httpx.HTTPError, SSEError) as error:
            raise TargetFailed(f"{self.client.base_url}: {error or type(error).__name__}") from error

    async def _stream(self, case: Case, body: dict[str, Any]) -> Answered:
        begun, first, text = time.perf_counter(), 0.0, ""
        usage: dict[str, int] = {}
        own: dict[str, Any] | None = None
        ended = False
        client = next(self.clients) if self.clients else self.client
        async with aconnect_sse(client, "POST", self._place, json=body) as source:  # type: ignore[arg-type]
            await check(source.response)
            async with aclosing(source.aiter_sse()) as events:
                async for event in events:
                    if event.data == "[DONE]":
                        ended = True
                        break
                    chunk = _parsed(event.data)
                    delta = _delta(chunk)
                    first = first or (time.perf_counter() - begun if delta else 0.0)
                    text += delta
                    own = chunk.get("parley") or own
                    usage = _usage(chunk.get("usage")) or usage
                took = time.perf_counter() - begun
                await _drained(events)
        if not ended:
            raise TargetFailed("the answer broke off")
        timings = {"total": 1000 * took, **({"first_token": 1000 * first} if first else {})}
        if own is not None:
            return Answered(reply=reply_of_json(own, case.question, timings), usage=usage)
        reply = plain_reply(text, case.question, case.lang, timings, self.model)
        return Answered(reply=reply, usage=usage, bare=True)


async def _drained(events: AsyncIterator[ServerSentEvent]) -> None:
    """To the end of the stream, so that its connection serves the next case; who does not end it is not waited for."""
    with suppress(TimeoutError):
        async with asyncio.timeout(_END_S):
            async for _ in events:
                pass


async def check(response: httpx.Response) -> None:
    """Raises TargetFailed with what the server says, unless it agrees."""
    if response.is_success:
        return
    said = (await response.aread()).decode("utf-8", "replace")[:300]
    raise TargetFailed(f"{response.url} answered {response.status_code}: {said}", again=response.status_code in _BUSY)


def _parsed(data: str) -> dict[str, Any]:
    try:
        chunk = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise TargetFailed(f"a chunk is no JSON: {data[:100]}") from error
    if not isinstance(chunk, dict) or "error" in chunk:
        raise TargetFailed(f"the server says: {str(chunk)[:300]}")
    return chunk


def _delta(chunk: dict[str, Any]) -> str:
    choices = chunk.get("choices") or [{}]
    return str((choices[0].get("delta") or {}).get("content") or "")


def _usage(usage: object) -> dict[str, int]:
    if not isinstance(usage, dict):
        return {}
    return {name: usage[name] for name in ("prompt_tokens", "completion_tokens") if isinstance(usage.get(name), int)}
