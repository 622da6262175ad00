"""One page from the web: public https addresses only, with limits on time, size and redirects."""

import ipaddress
import socket
from urllib.parse import urljoin, urlsplit

import httpx

from knowledge.errors import UnreadableSource

_MAX_BYTES = 8 * 2**20
_MAX_REDIRECTS = 5
_TIMEOUT = httpx.Timeout(20.0, connect=5.0)
_SUFFIXES = {"text/html": ".html", "application/xhtml+xml": ".html", "text/markdown": ".md", "text/plain": ".txt"}


def fetch_page(url: str, *, transport: httpx.BaseTransport | None = None) -> tuple[bytes, str]:
    """The page's bytes and the file ending of its kind.

    Raises UnreadableSource when the address is not public https or the page cannot be had within the limits.
    """
    client = httpx.Client(timeout=_TIMEOUT, follow_redirects=False, trust_env=False, transport=transport)
    at = url
    try:
        with client:
            for _ in range(_MAX_REDIRECTS):
                if transport is None:
                    refuse_private(at)
                with client.stream("GET", at, headers={"User-Agent": "parley", "Accept": "text/html,text/*"}) as answer:
                    if answer.is_redirect:
                        at = urljoin(at, answer.headers["location"])
                        continue
                    return _read(url, answer)
    except httpx.HTTPError as error:
        raise UnreadableSource(url, str(error) or type(error).__name__) from error
    raise UnreadableSource(url, f"more than {_MAX_REDIRECTS} redirects")


def refuse_private(url: str) -> None:
    """Raises UnreadableSource unless `url` is https and its host has public addresses only."""
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname:
        raise UnreadableSource(url, "only https pages are read")
    try:
        found = socket.getaddrinfo(parts.hostname, parts.port or 443, type=socket.SOCK_STREAM)
    except OSError as error:
        raise UnreadableSource(url, "its host is unknown") from error
    if not all(ipaddress.ip_address(str(entry[4][0]).split("%")[0]).is_global for entry in found):
        raise UnreadableSource(url, "its host is not on the public internet")


def _read(url: str, answer: httpx.Response) -> tuple[bytes, str]:
    if answer.status_code != 200:
        raise UnreadableSource(url, f"the server answered {answer.status_code}")
    kind = answer.headers.get("content-type", "text/html").split(";")[0].strip().lower()
    if kind not in _SUFFIXES:
        raise UnreadableSource(url, f"{kind} is not a page of text")
    data = bytearray()
    for part in answer.iter_bytes():
        data += part
        if len(data) > _MAX_BYTES:
            raise UnreadableSource(url, f"larger than {_MAX_BYTES >> 20} MiB")
    return bytes(data), _SUFFIXES[kind]
