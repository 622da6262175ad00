"""How the fake Slack tells the app what happened: signed requests, or envelopes over WebSockets, again where unheard."""

import asyncio
import hashlib
import hmac
import itertools
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlencode

import httpx
from starlette.websockets import WebSocket, WebSocketDisconnect

Kind = Literal["events_api", "interactive", "slash_commands"]
SIGNING_SECRET = "signing-secret-of-the-fake"


@dataclass
class Delivery:
    """One thing told. acks: seconds that each answer took; answered: what the app answered at last, None if never."""

    body: dict[str, Any]
    kind: Kind
    attempts: int = 0
    acks: list[float] = field(default_factory=list)
    answered: dict[str, Any] | str | None = None
    status: int = 0

    @property
    def acknowledged(self) -> bool:
        return self.answered is not None


@dataclass
class Socket:
    """A connection of the app's. Envelopes that were sent and not answered are in `waiting`."""

    socket: WebSocket
    waiting: dict[str, asyncio.Future[dict[str, Any]]] = field(default_factory=dict)

    async def tell(self, envelope: dict[str, Any], patience_s: float) -> dict[str, Any]:
        """The app's answer. Raises TimeoutError or ConnectionError."""
        answer = self.waiting[envelope["envelope_id"]] = asyncio.get_running_loop().create_future()
        try:
            await self.socket.send_text(json.dumps(envelope))  # ASCII, whatever people write
            async with asyncio.timeout(patience_s):
                return await answer
        except (RuntimeError, WebSocketDisconnect) as error:
            raise ConnectionError from error
        finally:
            self.waiting.pop(envelope["envelope_id"], None)


class Deliveries:
    """Tells the app. request_url: where to in HTTP mode; "" tells over the open sockets, each in turn.

    waits: seconds before each further attempt (Slack waits a moment, a minute, five minutes); patience_s: for an answer.
    """

    def __init__(self) -> None:
        self.request_url = ""
        self.patience_s = 3.0
        self.waits: tuple[float, ...] = (0.05, 0.1, 0.2)
        self.sockets: list[Socket] = []
        self.connections = 0
        self.all: list[Delivery] = []
        self._numbers = itertools.count(1)
        self._turn = itertools.count()
        self._client = httpx.AsyncClient(timeout=3.0)

    async def close(self) -> None:
        await self._client.aclose()

    async def deliver(self, body: dict[str, Any], kind: Kind = "events_api") -> Delivery:
        """Tells once, and again as often as Slack would, until the app has acknowledged it."""
        delivery = Delivery(body, kind)
        self.all.append(delivery)
        # Slack does not repeat what a person waits for.
        waits = (0.0, *self.waits) if kind == "events_api" else (0.0,)
        for attempt, wait in enumerate(waits):
            await asyncio.sleep(wait)
            delivery.attempts += 1
            begun = time.perf_counter()
            try:
                await self._tell(delivery, attempt)
            except (TimeoutError, ConnectionError, httpx.HTTPError):
                continue
            delivery.acks.append(time.perf_counter() - begun)
            if delivery.acknowledged:
                break
        return delivery

    async def _tell(self, delivery: Delivery, attempt: int) -> None:
        if self.request_url:
            body = encoded(delivery.body, delivery.kind)
            headers = signed(body) | {"Content-Type": content_type(delivery.kind)}
            if attempt:
                headers |= {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": "http_timeout"}
            answer = await self._client.post(self.request_url, content=body, headers=headers)
            delivery.status = answer.status_code
            if answer.is_success:
                is_json = answer.headers.get("content-type", "").startswith("application/json")
                delivery.answered = answer.json() if is_json and answer.content else answer.text
            return
        if not self.sockets:
            raise ConnectionError
        envelope: dict[str, Any] = {
            "envelope_id": f"envelope-{next(self._numbers)}",
            "type": delivery.kind,
            "payload": delivery.body,
            "accepts_response_payload": delivery.kind != "events_api",
        }
        if delivery.kind == "events_api":
            envelope |= {"retry_attempt": attempt, "retry_reason": "timeout" if attempt else ""}
        answered = await self.sockets[next(self._turn) % len(self.sockets)].tell(envelope, self.patience_s)
        delivery.answered = answered.get("payload") or {}

    async def serve(self, socket: WebSocket) -> None:
        """One WebSocket, until it is closed."""
        await socket.accept()
        self.connections += 1
        info = {"type": "hello", "num_connections": len(self.sockets) + 1, "connection_info": {"app_id": "A1"}}
        await socket.send_json(info)
        own = Socket(socket)
        self.sockets.append(own)
        try:
            while True:
                answer = json.loads(await socket.receive_text())
                waiting = own.waiting.get(answer.get("envelope_id", ""))
                if waiting and not waiting.done():
                    waiting.set_result(answer)
        except (WebSocketDisconnect, RuntimeError):
            pass
        finally:
            self.sockets.remove(own)
            for waiting in own.waiting.values():
                if not waiting.done():
                    waiting.set_exception(ConnectionError())

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Asks every socket to go and come back, as Slack does now and then."""
        for one in tuple(self.sockets):
            await one.socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {}})


def content_type(kind: Kind) -> str:
    return "application/json" if kind == "events_api" else "application/x-www-form-urlencoded"


def encoded(body: Mapping[str, Any], kind: Kind) -> bytes:
    """A request's body as Slack writes it."""
    if kind == "events_api":
        return json.dumps(body).encode()
    return urlencode({"payload": json.dumps(body)} if kind == "interactive" else body).encode()


def signed(body: bytes, *, secret: str = SIGNING_SECRET, at: float | None = None) -> dict[str, str]:
    """The headers that prove that Slack sent it."""
    timestamp = str(int(time.time() if at is None else at))
    digest = hmac.new(secret.encode(), b"v0:" + timestamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": f"v0={digest}"}
