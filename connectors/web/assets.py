"""Pages and the widget's files, from memory: packed once, with tags and rules for caches."""

import gzip
import hashlib
import mimetypes
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocketClose

from connectors.web.callers import header
from connectors.web.problems import problem

_PACKED = ("text/", "application/json", "application/javascript", "image/svg+xml")
_WORTH_PACKING = 512  # bytes
_IMMUTABLE = re.compile(r"/widget/parley-[0-9a-f]{16}\.js")  # its name holds its digest
_FOR_EVERY_SITE = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """One file as it is served. packed: by gzip; None where that gains nothing."""

    content: bytes
    packed: bytes | None
    headers: Mapping[str, str]


class Assets:
    """ASGI app over folders that are read once, at the start. Only what lies there can be had, by its exact path."""

    def __init__(self, pages: Path, widget: Path) -> None:
        """pages: served at /, `chat.html` at /chat; widget: at /widget/."""
        self._assets = {path: _asset(file, path) for path, file in _paths(pages, widget).items()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await WebSocketClose()(scope, receive, send)
            return
        await self._answer(scope)(scope, receive, send)

    def _answer(self, scope: Scope) -> Response:
        asset = self._assets.get(scope["path"])
        if scope["method"] not in {"GET", "HEAD"}:
            answer: Response = problem(405, "Request refused", "Method Not Allowed")
            answer.headers["Allow"] = "GET, HEAD"
            return answer
        if asset is None:
            return problem(404, "Request refused", "Not Found")
        tags = {tag.strip().removeprefix("W/") for tag in header(scope, b"if-none-match").split(",")}
        if tags & {asset.headers["ETag"].removeprefix("W/"), "*"}:
            return Response(status_code=304, headers={**asset.headers, "Vary": "Accept-Encoding"})
        packed = asset.packed if _takes_gzip(header(scope, b"accept-encoding")) else None
        encoding = {"Content-Encoding": "gzip"} if packed else {}
        body = packed or asset.content
        answer = Response(body, headers={**asset.headers, **encoding, "Vary": "Accept-Encoding"})
        if scope["method"] == "HEAD":
            answer.body = b""
        return answer


def _paths(pages: Path, widget: Path) -> dict[str, Path]:
    """What lies where; a page is found without its suffix too, and index.html at /."""
    found = {f"/{file.name}": file for file in sorted(pages.iterdir()) if file.is_file()}
    for file in sorted(pages.glob("*.html")):
        found["/" if file.stem == "index" else f"/{file.stem}"] = file
    if widget.is_dir():
        found |= {
            f"/widget/{file.relative_to(widget).as_posix()}": file for file in widget.rglob("*") if file.is_file()
        }
    return found


def _asset(file: Path, path: str) -> Asset:
    content = file.read_bytes()
    kind = "text/javascript" if file.suffix in {".js", ".mjs"} else mimetypes.guess_type(file.name)[0]
    kind = kind or "application/octet-stream"
    is_text = kind.startswith(_PACKED)
    packed = gzip.compress(content, mtime=0) if is_text and len(content) >= _WORTH_PACKING else None
    if _IMMUTABLE.fullmatch(path):
        cached = "public, max-age=31536000, immutable"
    elif path.startswith("/widget/"):
        cached = "public, max-age=300"
    else:
        cached = "no-cache"
    headers = {
        "Content-Type": f"{kind}; charset=utf-8" if is_text else kind,
        "Cache-Control": cached,
        "ETag": f'W/"{hashlib.sha256(content).hexdigest()[:16]}"',  # weak: the same for both encodings
        **(_FOR_EVERY_SITE if path.startswith("/widget/") else {}),
    }
    return Asset(content=content, packed=packed if packed and len(packed) < len(content) else None, headers=headers)


def _takes_gzip(accepted: str) -> bool:
    for offer in accepted.lower().split(","):
        coding, _, weight = offer.partition(";")
        if coding.strip() in {"gzip", "*"}:
            return weight.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return False
