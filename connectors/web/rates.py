"""How much is taken from one source: token buckets that fill up evenly, for so many sources as fit into memory."""

import math
import time
from collections import OrderedDict
from collections.abc import Callable

from starlette.types import ASGIApp, Receive, Scope, Send

from agent.settings.web import LimitSettings
from connectors.web.callers import Addresses
from connectors.web.problems import Refused, problem

_MOST_SOURCES = 50_000  # of one kind, some 10 MB; beyond them the one that has been quiet longest is forgotten


class Buckets:
    """One bucket a source, of `per_minute` tokens; 0 is no limit."""

    def __init__(
        self, per_minute: int, *, most: int = _MOST_SOURCES, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._per_minute = per_minute
        self._most = most
        self._clock = clock
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()  # source → tokens left, and when

    def take(self, source: str) -> int:
        """Takes a token; 0, or in how many seconds there is one again."""
        if not self._per_minute:
            return 0
        now, rate = self._clock(), self._per_minute / 60
        left, at = self._levels.get(source, (float(self._per_minute), now))
        left = min(self._per_minute, left + (now - at) * rate)
        enough = left >= 1
        self._levels[source] = (left - 1 if enough else left, now)
        self._levels.move_to_end(source)
        if len(self._levels) > self._most:
            self._levels.popitem(last=False)
        return 0 if enough else max(1, math.ceil((1 - left) / rate))


class Rates:
    """The limits of a server."""

    def __init__(self, limits: LimitSettings) -> None:
        self.address = Buckets(limits.address_per_minute)
        self.site = Buckets(limits.site_per_minute)
        self._beginning = Buckets(limits.new_conversations_per_minute)
        self._conversation = Buckets(limits.conversation_per_minute)

    def begin(self, address: str) -> None:
        """Counts a new conversation. Raises Refused (429)."""
        _check(self._beginning.take(address), "new conversations from this address")

    def say(self, conversation_id: str) -> None:
        """Counts what is sent into a conversation, once its token is known to open it. Raises Refused (429)."""
        _check(self._conversation.take(conversation_id), "messages in this conversation")


class RateLimits:
    """ASGI middleware over /v1: the limits by address and by site. Who has the server's key is not limited."""

    def __init__(self, app: ASGIApp, rates: Rates, addresses: Addresses, has_key: Callable[[Scope], bool]) -> None:
        self._app = app
        self._rates = rates
        self._addresses = addresses
        self._has_key = has_key

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request; `scope["address"]` is where it comes from."""
        if scope["type"] == "http" and scope["path"].startswith("/v1/"):
            address = scope["address"] = self._addresses.of(scope)
            wait = 0 if self._has_key(scope) else self._rates.address.take(address)
            what = "requests from this address"
            if not wait and scope.get("site"):
                wait, what = self._rates.site.take(scope["site"]), "requests from this site"
            if wait:
                await problem(*_too_many(what, wait), retry_after_s=wait)(scope, receive, send)
                return
        await self._app(scope, receive, send)


def _check(wait_s: int, what: str) -> None:
    if wait_s:
        raise Refused(*_too_many(what, wait_s), retry_after_s=wait_s)


def _too_many(what: str, wait_s: int) -> tuple[int, str, str]:
    return 429, "Too many requests", f"Too many {what}: try again in {wait_s} seconds."
