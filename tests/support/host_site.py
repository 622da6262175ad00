"""A company's site on loopback, of another origin than Parley's, under a strict policy: its pages embed the chat."""

import asyncio
import html
import mimetypes
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

_TITLE = "Shop"
_PIXEL = b'<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'


@dataclass
class HostSite:
    """parley: the origin that the chat's files come from; api: the one that its requests go to, if another.

    built: a folder whose files are served, too; its pages bring the policies named in `trusted` beside the chat's own.
    """

    port: int = 0
    parley: str = ""
    api: str = ""
    built: Path | None = None
    trusted: str = ""

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def page(self, by: str = "loader", **attributes: str) -> str:
        """The address of a page that embeds the chat by `loader`, `module` or not at all (`plain`)."""
        return f"{self.origin}/{by}?{urlencode({'server': self.api or self.parley, **attributes})}"

    @property
    def policy(self) -> str:
        """The strictest that works.

        No inline script or style, no eval. `trusted-types`: the two policies are made by Lit (its templates, which are
        constants of the build) and by DOMPurify (what it has cleaned); the chat makes none of its own. Styles are
        constructed sheets, which need no `style-src`; its own pictures are inline SVG, so that `img-src` is needed only
        for pictures in answers. Files are saved from `blob:` links, which no directive governs.
        """
        return "; ".join(
            (
                "default-src 'none'",
                f"script-src 'self' {self.parley}",
                "style-src 'self'",
                f"connect-src {' '.join(dict.fromkeys((self.parley, self.api or self.parley)))}",
                "img-src 'self'",
                "base-uri 'none'",
                "form-action 'none'",
                "frame-ancestors 'none'",
                "require-trusted-types-for 'script'",
                f"trusted-types lit-html dompurify {self.trusted}".strip(),
            )
        )

    def _document(self, path: str, attributes: dict[str, str]) -> str:
        said = {name: html.escape(value) for name, value in attributes.items()}
        if path == "/loader":
            data = " ".join(f'data-{name}="{value}"' for name, value in said.items())
            head, body = f'<script async src="{self.parley}/widget/loader.js" {data}></script>', ""
        elif path == "/module":
            head = f'<script type="module" src="{self.parley}/widget/parley.js" crossorigin></script>'
            given = " ".join(f'{name}="{value}"' for name, value in said.items())
            body = f"<parley-chat {given}></parley-chat>"
        else:
            head = body = ""
        return (
            f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{_TITLE}</title>'
            f'<link rel="icon" href="/icon.svg">{head}</head><body><main><h1>{_TITLE}</h1><p>Things to buy.</p></main>{body}</body></html>'
        )

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            line = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")[0]
            url = urlsplit(line.split(" ")[1])
            file = self.built / url.path[1:] if self.built else None
            if url.path == "/icon.svg":
                kind, body = "image/svg+xml", _PIXEL
            elif file and file.is_file():
                kind, body = mimetypes.guess_type(file)[0] or "text/plain", await asyncio.to_thread(file.read_bytes)
            else:
                kind, body = (
                    "text/html; charset=utf-8",
                    self._document(url.path, dict(parse_qsl(url.query, keep_blank_values=True))).encode(),
                )
            head = f"HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\ncontent-length: {len(body)}\r\nconnection: close\r\n"
            writer.write(f"{head}content-security-policy: {self.policy}\r\n\r\n".encode() + body)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def host_site() -> AsyncIterator[HostSite]:
    """A site on a free port; `parley` is to be set before it is visited."""
    site = HostSite()
    server = await asyncio.start_server(site.serve, "127.0.0.1", 0)
    site.port = server.sockets[0].getsockname()[1]
    try:
        yield site
    finally:
        server.close()
        await server.wait_closed()
