"""Which web pages may call the API: the server's own, and those of the origins that the settings allow."""

from collections.abc import Mapping, Sequence

from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from agent.settings.web import SiteSettings
from connectors.web.callers import header
from connectors.web.problems import problem

_METHODS = "GET, POST, DELETE"
_HEADERS = "Authorization, Content-Type, Last-Event-ID"
_EXPOSED = "Retry-After, Content-Disposition"
_PREFLIGHT_S = "600"


class Origins:
    """ASGI middleware over /v1. A page of an origin that is not allowed gets 403, and no header that lets it read."""

    def __init__(self, app: ASGIApp, allowed: Sequence[str], sites: Mapping[str, SiteSettings]) -> None:
        self._app = app
        self._site_of = {origin: name for name, site in sites.items() for origin in site.origins}
        self._allowed = {*allowed, *self._site_of}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request; `scope["site"]` is the site whose page sent it, "" for others."""
        if scope["type"] != "http" or not scope["path"].startswith("/v1/"):
            await self._app(scope, receive, send)
            return
        origin = header(scope, b"origin").lower()
        scope["site"] = self._site_of.get(origin, "")
        allowed = origin in self._allowed
        if origin and not allowed and origin.partition("://")[2] != header(scope, b"host").lower():
            detail = f"Pages of {origin[:100]} may not call this server: name the origin in [server] allowed_origins."
            await problem(403, "Origin refused", detail)(scope, receive, _varying(send))
            return
        if not allowed:
            await self._app(scope, receive, _varying(send))
            return
        if scope["method"] == "OPTIONS" and header(scope, b"access-control-request-method"):
            await _preflight(origin)(scope, receive, send)
            return
        await self._app(scope, receive, _readable(send, origin))


def _preflight(origin: str) -> Response:
    return Response(
        status_code=204,
        headers={
            "Access-Control-Allow-Origin": origin,
            "Access-Control-Allow-Methods": _METHODS,
            "Access-Control-Allow-Headers": _HEADERS,
            "Access-Control-Max-Age": _PREFLIGHT_S,
            "Vary": "Origin",
        },
    )


def _varying(send: Send) -> Send:
    """Tells caches that the answer depends on the origin."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).add_vary_header("Origin")
        await send(message)

    return sending


def _readable(send: Send, origin: str) -> Send:
    """Lets pages of the origin read the answer."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers["Access-Control-Allow-Origin"] = origin
            headers["Access-Control-Expose-Headers"] = _EXPOSED
            headers.add_vary_header("Origin")
        await send(message)

    return sending
