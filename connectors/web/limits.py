"""What holds for every request and every answer: a limit on the body, and headers that keep a browser careful."""

import logging
import re
from collections.abc import Sequence

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from connectors.web.problems import problem

_LOG = logging.getLogger(__name__)
_MAX_BODY = 512 * 1024
_UPLOAD = re.compile(r"/v1/conversations/[^/]+/files")


def security_headers(images: Sequence[str]) -> dict[str, str]:
    """The headers of every answer. images: origins from which images in answers may be shown."""
    policy = (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        " ".join(("img-src 'self'", *images)),
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types lit-html dompurify",
    )
    return {
        "Content-Security-Policy": "; ".join(policy),
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), display-capture=()",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
    }


class SecurityHeaders:
    """ASGI middleware: the headers, where an answer has not set them itself."""

    def __init__(self, app: ASGIApp, images: Sequence[str] = ()) -> None:
        self._app = app
        self._headers = security_headers(images)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""

        async def send_carefully(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_carefully if scope["type"] == "http" else send)


class BodyLimit:
    """ASGI middleware. A body that is too large is answered with 413, whether or not its length was announced."""

    def __init__(self, app: ASGIApp, upload_bytes: int = 0) -> None:
        """upload_bytes: largest body of a file that is sent."""
        self._app = app
        self._upload_bytes = upload_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = self._upload_bytes if self._upload_bytes and _UPLOAD.fullmatch(scope["path"]) else _MAX_BODY
        announced = dict(scope["headers"]).get(b"content-length", b"0")
        if not announced.isdigit() or int(announced) > most:
            await _too_large(most, scope, receive, send)
            return
        read, answering = 0, False

        async def receive_some() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > most and not answering:
                raise _TooLarge
            return message

        async def send_noting(message: Message) -> None:
            nonlocal answering
            answering = answering or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive_some, send_noting)
        except _TooLarge:
            await _too_large(most, scope, receive, send)


class _TooLarge(BaseException):
    """Passes through whatever catches an Exception while it reads the body."""


async def _too_large(most: int, scope: Scope, receive: Receive, send: Send) -> None:
    _LOG.warning("refused: a request to %s of more than %d KiB", scope["path"][:100], most // 1024)
    await problem(413, "Too large", f"This request may have at most {most // 1024} KiB.")(scope, receive, send)
