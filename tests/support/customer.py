"""A customer's page as the server sees it: sends until it is heard, follows the events, resumes where they broke."""

import asyncio
import json
from dataclasses import dataclass
from typing import Any

import httpx

ENDS = {"reply.completed", "turn.failed", "turn.stopped"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenEvent:
    """An event as it came over the wire."""

    n: int
    type: str
    data: dict[str, Any]


class Customer:
    """One conversation. accepted: client_id → number of each message with a 202; seen: what the stream brought."""

    def __init__(self, url: str) -> None:
        self.accepted: dict[str, int] = {}
        self.seen: list[SeenEvent] = []
        self.interrupted = 0
        self._http = httpx.AsyncClient(base_url=url, timeout=10)
        self._path = ""
        self._news = asyncio.Condition()
        self._following: asyncio.Task[None] | None = None

    async def begin(self) -> None:
        """A new conversation, followed from now on."""
        made = (await self._http.post("/v1/conversations")).json()
        self._path = f"/v1/conversations/{made['id']}"
        self._http.headers["Authorization"] = f"Bearer {made['token']}"
        self._following = asyncio.create_task(self._follow())

    async def leave(self) -> None:
        if self._following is not None:
            self._following.cancel()
            await asyncio.gather(self._following, return_exceptions=True)
        await self._http.aclose()

    async def send(self, text: str, client_id: str) -> None:
        """Sends one message, again and again until it has a 202."""
        while True:
            try:
                answer = await self._http.post(f"{self._path}/messages", json={"text": text, "client_id": client_id})
            except httpx.TransportError:
                await asyncio.sleep(0.1)
                continue
            assert answer.status_code == 202, answer.text
            n = answer.json()["n"]
            assert self.accepted.setdefault(client_id, n) == n
            return

    async def _follow(self) -> None:
        while True:
            try:
                last = {"Last-Event-ID": str(self.seen[-1].n)} if self.seen else {}
                async with self._http.stream("GET", f"{self._path}/events", headers=last, timeout=60) as response:
                    async for line in response.aiter_lines():
                        if line.startswith("data: "):
                            event = json.loads(line[6:])
                            if "n" not in event:  # passes by
                                continue
                            async with self._news:
                                self.seen.append(SeenEvent(n=event["n"], type=event["type"], data=event["data"]))
                                self._news.notify_all()
            except httpx.TransportError:
                self.interrupted += 1
            await asyncio.sleep(0.05)

    async def sees(self, type: str, message: int, count: int = 1, within_s: float = 60) -> None:
        """Waits for the count-th event of a type about a message."""
        async with asyncio.timeout(within_s), self._news:
            await self._news.wait_for(
                lambda: sum(e.type == type and e.data.get("message") == message for e in self.seen) >= count
            )

    async def sees_all_answered(self, within_s: float = 60) -> None:
        """Waits until every accepted message has come to an end."""
        async with asyncio.timeout(within_s), self._news:
            await self._news.wait_for(
                lambda: set(self.accepted.values()) <= {e.data.get("message") for e in self.seen if e.type in ENDS}
            )

    async def transcript(self) -> list[SeenEvent]:
        answer = await self._http.get(self._path)
        assert answer.status_code == 200, answer.text
        return [SeenEvent(n=e["n"], type=e["type"], data=e["data"]) for e in answer.json()["events"]]

    def reads(self) -> dict[int, str]:
        """What stands on the customer's screen as the answer to each message, pieced together from the stream."""
        shown: dict[int, str] = {}
        for event in self.seen:
            message = event.data.get("message", 0)
            if event.type == "turn.started" or event.data.get("reset"):
                shown[message] = ""
            elif event.type == "reply.delta":
                shown[message] += event.data["text"]
            elif event.type == "turn.failed":
                shown[message] = event.data["text"]
        return shown
