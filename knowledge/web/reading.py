"""Reads from the web: redirects followed, robots.txt obeyed, limits on size and time, only what has changed since."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from urllib.parse import urljoin, urlsplit

import httpx
from protego import Protego

from knowledge.errors import UnreadableSource
from knowledge.web.addresses import PublicTransport
from knowledge.web.courtesy import Courtesy, retry_after

AGENT = "parley"
_ACCEPT = "text/html,application/xhtml+xml,text/markdown,text/plain;q=0.9,application/xml;q=0.8,*/*;q=0.5"
_MAX_BYTES = 32 * 2**20
_MAX_ROBOTS = 512 * 2**10
_MAX_REDIRECTS = 5
_TRIES = 3
_PAUSE_S = 2.0
_TIMEOUT = httpx.Timeout(20.0, connect=5.0)
_TOTAL_S = 60.0
_BUSY = frozenset({429, 503})
_MOVED = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """What a server said of a page when it was read, to ask whether it has changed since."""

    etag: str = ""
    modified: str = ""

    def headers(self) -> dict[str, str]:
        """The question."""
        asked = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        return {name: value for name, value in asked.items() if value}


NEVER = Stamp()
"""The stamp of a page that was not read before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """url: where redirects led; kind: content type, lower case, without parameters; charset: "" where none was said."""

    url: str
    data: bytes
    kind: str = ""
    charset: str = ""
    stamp: Stamp = NEVER


class Web:
    """Reads pages over one client. Safe to share between threads; close it at the end."""

    def __init__(
        self,
        transport: httpx.BaseTransport | None = None,
        courtesy: Courtesy | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = httpx.Client(
            timeout=_TIMEOUT, follow_redirects=False, trust_env=False, transport=transport or PublicTransport()
        )
        self._courtesy = courtesy or Courtesy()
        self._clock = clock
        self._robots: dict[str, Protego] = {}
        self._lock = Lock()

    def close(self) -> None:
        """Closes all connections."""
        self._client.close()

    def read(self, url: str, stamp: Stamp = NEVER, max_bytes: int = _MAX_BYTES) -> Fetched | None:
        """What stands at an address; None when it has not changed since `stamp`.

        Raises UnreadableSource where it cannot or may not be read.
        """
        return self._follow(url, lambda at: self._let_in(url, at), stamp, max_bytes)

    def _follow(self, url: str, check: Callable[[str], None], stamp: Stamp, max_bytes: int) -> Fetched | None:
        at = url
        for _ in range(_MAX_REDIRECTS + 1):
            _refuse_plain(url, at)
            check(at)
            try:
                found = self._patiently(url, at, stamp, max_bytes)
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                raise UnreadableSource(url, str(error) or type(error).__name__) from error
            except _Refused:
                raise
            except UnreadableSource as error:
                raise UnreadableSource(url, error.reason) from error
            if not isinstance(found, str):
                return found
            at = urljoin(at, found)
        raise UnreadableSource(url, f"more than {_MAX_REDIRECTS} redirects")

    def _patiently(self, url: str, at: str, stamp: Stamp, max_bytes: int) -> Fetched | str | None:
        """One address, tried again where the server asks for patience; where it redirects to, as a str."""
        host = urlsplit(at).netloc
        for tried in range(1, _TRIES + 1):
            with (
                self._courtesy.turn(host),
                self._client.stream("GET", at, headers=_headers(stamp)) as answer,
            ):
                if answer.status_code not in _BUSY or tried == _TRIES:
                    return self._received(url, at, answer, max_bytes)
                asked = retry_after(answer.headers.get("retry-after", ""), otherwise=_PAUSE_S * tried)
            self._courtesy.rest(host, asked)
        raise AssertionError("the last try returns")  # pragma: no cover

    def _received(self, url: str, at: str, answer: httpx.Response, max_bytes: int) -> Fetched | str | None:
        if answer.status_code == 304:
            return None
        if answer.status_code in _MOVED and "location" in answer.headers:
            return str(answer.headers["location"])
        if answer.status_code != 200:
            raise _Refused(url, answer.status_code)
        data = bytearray()
        end = self._clock() + _TOTAL_S
        for part in answer.iter_bytes():
            data += part
            if len(data) > max_bytes:
                raise UnreadableSource(url, f"larger than {max_bytes >> 20} MiB")
            if self._clock() > end:
                raise UnreadableSource(url, f"slower than {_TOTAL_S:.0f} seconds")
        kind, _, _ = answer.headers.get("content-type", "").partition(";")
        return Fetched(
            url=at,
            data=bytes(data),
            kind=kind.strip().lower(),
            charset=answer.charset_encoding or "",
            stamp=Stamp(etag=answer.headers.get("etag", ""), modified=answer.headers.get("last-modified", "")),
        )

    def _let_in(self, url: str, at: str) -> None:
        """Raises UnreadableSource where robots.txt forbids an address, or cannot be read (RFC 9309)."""
        parts = urlsplit(at)
        with self._lock:
            rules = self._robots.get(parts.netloc)
        if rules is None:
            rules = self._rules(url, f"https://{parts.netloc}/robots.txt")
            if (delay := rules.crawl_delay(AGENT)) is not None:
                self._courtesy.ask_every(parts.netloc, float(delay))
            with self._lock:
                self._robots[parts.netloc] = rules
        if not rules.can_fetch(at, AGENT):
            raise UnreadableSource(url, "the robots.txt of its server does not let parley read it")

    def _rules(self, url: str, at: str) -> Protego:
        try:
            found = self._follow(at, lambda _: None, NEVER, _MAX_ROBOTS)
        except _Refused as error:
            if 400 <= error.status < 500 and error.status not in _BUSY:
                return Protego.parse("")
            raise UnreadableSource(url, f"the robots.txt of its server can't be read ({error.reason})") from error
        except UnreadableSource as error:
            raise UnreadableSource(url, error.reason) from error
        return Protego.parse(found.data.decode("utf-8", "replace") if found else "")


class _Refused(UnreadableSource):
    """The server answered, but not with the page."""

    def __init__(self, source: str, status: int) -> None:
        super().__init__(source, f"the server answered {status}")
        self.status = status


def _headers(stamp: Stamp) -> dict[str, str]:
    return {"User-Agent": AGENT, "Accept": _ACCEPT, "Accept-Encoding": "gzip, deflate", **stamp.headers()}


def _refuse_plain(url: str, at: str) -> None:
    if urlsplit(at).scheme != "https" or not urlsplit(at).hostname:
        reason = "only https pages are read" if at == url else f"it leads to {at}, and only https pages are read"
        raise UnreadableSource(url, reason)
