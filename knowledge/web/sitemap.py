"""Sitemaps: the pages that a site lists, also in an index of sitemaps, packed or not (sitemaps.org)."""

import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from knowledge.errors import UnreadableSource
from knowledge.web.reading import Web

MAX_PAGES = 10_000
_MAX_SITEMAPS = 200
_MAX_DEPTH = 3
_MAX_BYTES = 50 * 2**20
_GZIP = b"\x1f\x8b"


@dataclass(slots=True, kw_only=True)
class Listing:
    """pages: addresses, in order; broken: what could not be read or was left out; whole: whether no page is missing."""

    pages: dict[str, None] = field(default_factory=dict)
    broken: list[UnreadableSource] = field(default_factory=list)
    whole: bool = True

    def miss(self, error: UnreadableSource) -> None:
        """Notes that pages are missing, and why."""
        self.broken.append(error)
        self.whole = False


def is_sitemap(url: str) -> bool:
    """Whether an address is that of a sitemap: no other source is XML."""
    return urlsplit(url).path.lower().endswith((".xml", ".xml.gz"))


def listed(url: str, web: Web) -> Listing:
    """The pages of a sitemap and of those that it lists. What is wrong with it is named, never raised."""
    found = Listing()
    waiting, seen = [(url, 1)], {url}
    while waiting:
        at, depth = waiting.pop(0)
        try:
            kind, addresses = _read(at, web)
        except UnreadableSource as error:
            found.miss(error)
            continue
        own = [address for address in addresses if urlsplit(address).netloc == urlsplit(url).netloc]
        if len(own) < len(addresses):
            found.broken.append(UnreadableSource(at, f"{len(addresses) - len(own)} pages of other hosts are left out"))
        if kind == "urlset":
            found.pages.update(dict.fromkeys(own))
        elif depth >= _MAX_DEPTH or len(seen) + len(own) > _MAX_SITEMAPS:
            found.miss(UnreadableSource(at, f"it lists sitemaps too deeply, or more than {_MAX_SITEMAPS}"))
        else:
            waiting += [(address, depth + 1) for address in own if address not in seen]
            seen.update(own)
        if len(found.pages) > MAX_PAGES:
            found.pages = dict(list(found.pages.items())[:MAX_PAGES])
            found.miss(UnreadableSource(url, f"it lists more than {MAX_PAGES:,} pages; name its parts"))
            break
    return found


def _read(url: str, web: Web) -> tuple[str, list[str]]:
    """ "urlset" or "sitemapindex", and the addresses in it."""
    fetched = web.read(url, max_bytes=_MAX_BYTES)
    data = fetched.data if fetched else b""
    try:
        root, *addresses = _names(_unpacked(url, data) if data.startswith(_GZIP) else data)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise UnreadableSource(url, f"it is no sitemap ({str(error) or type(error).__name__})") from error
    if root not in {"urlset", "sitemapindex"}:
        raise UnreadableSource(url, f"it is no sitemap (its root is {root[:40]!r})")
    return root, [urljoin(url, address) for address in dict.fromkeys(addresses)]


def _names(data: bytes) -> Iterator[str]:
    """The name of the root, then the text of each `loc` of a page or sitemap."""
    inside: list[str] = []
    for event, element in iterparse(io.BytesIO(data), events=("start", "end"), forbid_dtd=True):
        name = element.tag.rpartition("}")[2]
        if event == "start":
            inside.append(name)
            if len(inside) == 1:
                yield name
            continue
        # A page's images and videos have a loc, too.
        if name == "loc" and inside[-2:-1] in (["url"], ["sitemap"]) and (text := (element.text or "").strip()):
            yield text
        inside.pop()
        if len(inside) == 1:
            element.clear()


def _unpacked(url: str, data: bytes) -> bytes:
    unpacking = zlib.decompressobj(wbits=31)
    try:
        found = unpacking.decompress(data, _MAX_BYTES)
    except zlib.error as error:
        raise UnreadableSource(url, "it is no gzip") from error
    if unpacking.unconsumed_tail:
        raise UnreadableSource(url, f"larger than {_MAX_BYTES >> 20} MiB when unpacked")
    return found
