"""What holds for every request and every answer: a limit on the body, and headers that keep a browser careful."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from connectors.web.problems import problem

_MAX_BODY = 512 * 1024
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


class Limits:
    """ASGI middleware. A body that is too large is answered with 413, whether or not its length was announced."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        announced = dict(scope["headers"]).get(b"content-length", b"0")
        if not announced.isdigit() or int(announced) > _MAX_BODY:
            await _too_large(scope, receive, send)
            return
        read, answering = 0, False

        async def receive_some() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > _MAX_BODY and not answering:
                raise _TooLarge
            return message

        async def send_carefully(message: Message) -> None:
            nonlocal answering
            if message["type"] == "http.response.start":
                answering = True
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self._app(scope, receive_some, send_carefully)
        except _TooLarge:
            await _too_large(scope, receive, send)


class _TooLarge(BaseException):
    """Passes through whatever catches an Exception while it reads the body."""


async def _too_large(scope: Scope, receive: Receive, send: Send) -> None:
    await problem(413, "Too large", f"A request may have at most {_MAX_BODY // 1024} KiB.")(scope, receive, send)
