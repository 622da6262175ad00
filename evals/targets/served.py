"""A running Parley server: a conversation for each case, as a customer would have it."""

import json
import time
from dataclasses import dataclass
from typing import Any

import httpx
from httpx_sse import SSEError, aconnect_sse

from agent.types import Reply
from evals.cases import Case
from evals.runner import score
from evals.targets.openai import OpenAITarget, check
from evals.targets.replies import reply_of_json, usage_of
from evals.targets.target import Answered, TargetFailed

_FAILED = frozenset({"turn.failed", "turn.stopped"})


@dataclass(frozen=True, slots=True)
class ServedTarget:
    """client: with the server's address, and its key where it has one.

    A case with a history goes to `/v1/chat/completions`, which takes one as given; a conversation would answer anew.
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
        try:
            return await self._converse(case)
        except (httpx.HTTPError, SSEError) as error:
            raise TargetFailed(f"{self.client.base_url}: {error or type(error).__name__}") from error

    async def _converse(self, case: Case) -> Answered:
        opened = await self.client.post("v1/conversations", json={"consent": True})
        await check(opened)
        place, key = f"v1/conversations/{opened.json()['id']}", {"Authorization": f"Bearer {opened.json()['token']}"}
        begun, first = time.perf_counter(), 0.0
        sent = await self.client.post(f"{place}/messages", json={"text": case.question, "client_id": "1"}, headers=key)
        await check(sent)
        async with aconnect_sse(self.client, "GET", f"{place}/events", headers=key) as source:
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
                    reply = reply_of_json(data.get("data", data), case.question, timings)
                    return Answered(reply=reply, usage=usage_of(reply))
        raise TargetFailed("the events ended without a reply")
