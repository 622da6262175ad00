"""Customers of a Chainlit server, each in a session of its own: `customers.py URL FIRST COUNT OVER_S`, questions on standard input.

So many come first, and ask; prints "met" and waits for a line. Then COUNT come, too; prints "idle" once their sessions are
open, waits for a line, and they ask; prints a JSON list with, for each turn, seconds from
sending to the first words and to the end of the answer, and its text; null where none came in a minute.
"""

import asyncio
import json
import sys
import time
import uuid
from collections.abc import Sequence
from typing import Any

import socketio

_PATIENCE_S = 60.0
_OPENING = 20


class Session:
    """A visitor's socket."""

    def __init__(self) -> None:
        self.socket: Any = socketio.AsyncClient(reconnection=False)
        self.sent = self.first = 0.0
        self.text = ""
        self.ready, self.done = asyncio.Event(), asyncio.Event()
        self.socket.on("*", self._hear)

    async def _hear(self, event: str, *said: Any) -> None:
        if not self.sent:
            self.ready.set()
            return
        if event in {"stream_token", "stream_start"}:
            self.first = self.first or time.perf_counter()
        if event == "stream_token":
            self.text += said[0]["token"]
        if event == "task_end":
            self.done.set()

    async def open(self, url: str) -> None:
        who = {"sessionId": str(uuid.uuid4()), "clientType": "webapp", "userEnv": "{}", "chatProfile": ""}
        await self.socket.connect(url, socketio_path="/ws/socket.io", transports=["websocket"], auth=who)
        await self.socket.emit("connection_successful")
        await asyncio.wait_for(self.ready.wait(), _PATIENCE_S)

    async def ask(self, question: str) -> dict[str, Any]:
        message = {"id": str(uuid.uuid4()), "threadId": "", "name": "User", "type": "user_message", "output": question}
        self.sent = time.perf_counter()
        now = "2026-01-01T00:00:00Z"
        await self.socket.emit("client_message", {"message": {**message, "createdAt": now}, "fileReferences": []})
        await asyncio.wait_for(self.done.wait(), _PATIENCE_S)
        return {"first": self.first - self.sent, "done": time.perf_counter() - self.sent, "text": self.text}


async def _converse(url: str, first: Sequence[str], then: Sequence[str], over_s: float) -> None:
    met = await _opened(url, len(first))
    await _all_ask(met, first, over_s)
    print("met", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    sessions = await _opened(url, len(then))
    print("idle", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    print(json.dumps(await _all_ask(sessions, then, over_s)), flush=True)
    await asyncio.gather(*(session.socket.disconnect() for session in (*met, *sessions)), return_exceptions=True)


async def _opened(url: str, count: int) -> list[Session]:
    sessions = [Session() for _ in range(count)]
    for start in range(0, count, _OPENING):
        await asyncio.gather(*(session.open(url) for session in sessions[start : start + _OPENING]))
    return sessions


async def _all_ask(sessions: Sequence[Session], questions: Sequence[str], over_s: float) -> list[dict[str, Any] | None]:
    async def later(n: int) -> dict[str, Any] | None:
        await asyncio.sleep(n * over_s / len(sessions))
        try:
            return await sessions[n].ask(questions[n])
        except TimeoutError:
            return None

    return list(await asyncio.gather(*(later(n) for n in range(len(sessions)))))


def main() -> None:
    """Reads the questions, a line each, and converses."""
    url, first, count, over_s = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])
    questions = [sys.stdin.readline().strip() for _ in range(first + count)]
    asyncio.run(_converse(url, questions[:first], questions[first:], over_s))


if __name__ == "__main__":
    main()
