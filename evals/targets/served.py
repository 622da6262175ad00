"""A running Parley server: a conversation for each case, as a customer would have it."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import httpx
from httpx_sse import SSEError, aconnect_sse

from agent.types import Reply
from evals.cases import Case
from evals.scoring.turns import score
from evals.targets.held import hold
from evals.targets.openai import OpenAITarget, check
from evals.targets.replies import reply_of_json, usage_of
from evals.targets.target import Answered, Done, TargetFailed

_PATIENCE_S = 120.0
_DONE = "tool.completed"
_FAILED = frozenset({"turn.failed", "turn.stopped"})


@dataclass(frozen=True, slots=True)
class ServedTarget:
    """client: with the server's address, and its key where it has one.

    A dialogue is held in one. A case with a history goes to `/v1/chat/completions`, which takes one as given; a conversation would answer anew.
    """

    client: httpx.AsyncClient
    instructions: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return f"served {self.client.base_url}"

    def score(self, case: Case, reply: Reply) -> dict[str, float]:
        return score(case, reply, self.instructions)

    async def answer(self, case: Case) -> Answered:
        if case.history:
            return await OpenAITarget(client=self.client, model="parley", path="v1/chat/completions").answer(case)
        if case.dialogue is None:
            conversation = await ServedConversation.begun(self.client)
            return await conversation.say(case.question)
        async with served_conversation(self.client) as held:
            return await hold(case.dialogue, held)


class ServedConversation:
    """Implements `evals.targets.held.Held` over the API of customers."""

    def __init__(self, client: httpx.AsyncClient, id: str, token: str) -> None:
        self._client = client
        self._place = f"v1/conversations/{id}"
        self._key = {"Authorization": f"Bearer {token}"}
        self._said = 0

    @classmethod
    async def begun(cls, client: httpx.AsyncClient) -> "ServedConversation":
        """A new one. Raises TargetFailed."""
        with _reached(client):
            opened = await client.post("v1/conversations", json={"consent": True})
            await check(opened)
        return cls(client, opened.json()["id"], opened.json()["token"])

    async def say(self, text: str) -> Answered:
        """As `Held.say`."""
        self._said += 1
        begun = time.perf_counter()
        with _reached(self._client):
            body = {"text": text, "client_id": str(self._said)}
            sent = await self._client.post(f"{self._place}/messages", json=body, headers=self._key)
            await check(sent)
            try:
                async with asyncio.timeout(_PATIENCE_S):
                    return await self._answer(text, begun, sent.json()["n"])
            except TimeoutError as error:
                raise TargetFailed(f"no reply within {_PATIENCE_S:g} s; is a colleague in the conversation?") from error

    async def done(self) -> tuple[Done, ...]:
        """As `Held.done`, of the transcript."""
        with _reached(self._client):
            read = await self._client.get(self._place, headers=self._key)
            await check(read)
        return tuple(
            Done(tool=str(one["data"].get("tool")), record=json.dumps(one["data"], ensure_ascii=False))
            for one in read.json()["events"]
            if one["type"] == _DONE
        )

    async def forget(self) -> None:
        """Deletes it with what its tools recorded; a server that will not is left as it is."""
        with suppress(httpx.HTTPError):
            await self._client.delete(self._place, headers=self._key)

    async def _answer(self, text: str, begun: float, after: int) -> Answered:
        first = 0.0
        place = f"{self._place}/events?after={after}"
        async with aconnect_sse(self._client, "GET", place, headers=self._key) as source:
            await check(source.response)
            async for event in source.aiter_sse():
                data: dict[str, Any] = json.loads(event.data) if event.data else {}
                kind = event.event if event.event != "message" else data.get("type", "")
                if kind in {"reply.delta", "reply.completed"}:
                    first = first or time.perf_counter() - begun
                if kind in _FAILED:
                    raise TargetFailed(f"{kind}: {event.data[:300]}")
                if kind == "reply.completed":
                    timings = {"first_token": 1000 * first, "total": 1000 * (time.perf_counter() - begun)}
                    reply = reply_of_json(data.get("data", data), text, timings)
                    return Answered(reply=reply, usage=usage_of(reply))
        raise TargetFailed("the events ended without a reply")


@asynccontextmanager
async def served_conversation(client: httpx.AsyncClient) -> AsyncIterator[ServedConversation]:
    """One conversation, deleted after it, so that the next finds the store as it was. Raises TargetFailed."""
    conversation = await ServedConversation.begun(client)
    try:
        yield conversation
    finally:
        await conversation.forget()


@contextmanager
def _reached(client: httpx.AsyncClient) -> Iterator[None]:
    """Turns what the connection raises into TargetFailed."""
    try:
        yield
    except (httpx.HTTPError, SSEError) as error:
        raise TargetFailed(f"{client.base_url}: {error or type(error).__name__}") from error
