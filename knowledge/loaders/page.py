"""One page from the web, as the loaders read files: its bytes, the ending of its kind, and the address to cite."""

import codecs
import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import urljoin, urlsplit

from knowledge.errors import UnreadableSource
from knowledge.web.reading import NEVER, Fetched, Stamp, Web

_SUFFIXES = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/markdown": ".md",
    "text/plain": ".txt",
    "text/csv": ".csv",
    "application/json": ".json",
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
}
_BARE = frozenset({"", "application/octet-stream", "binary/octet-stream"})
_TEXTS = frozenset({".html", ".md", ".txt", ".csv", ".json"})
_HEAD = 64 * 2**10


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """url: the address to cite, as the page itself names it (`rel=canonical`) or where redirects led."""

    data: bytes
    suffix: str
    url: str
    stamp: Stamp = NEVER


def fetch_page(url: str, web: Web, stamp: Stamp = NEVER) -> Page | None:
    """The page, None when it has not changed since `stamp`.

    Raises UnreadableSource when it cannot or may not be read, or is nothing that can be read.
    """
    fetched = web.read(url, stamp)
    if fetched is None:
        return None
    suffix = _SUFFIXES.get(fetched.kind)
    if suffix is None and fetched.kind in _BARE:
        suffix = PurePosixPath(urlsplit(fetched.url).path).suffix.lower() or ".html"
    if suffix is None:
        raise UnreadableSource(url, f"{fetched.kind[:60]} is not a kind of page that can be read")
    data = _as_utf8(fetched) if suffix in _TEXTS else fetched.data
    cited = _canonical(data, fetched.url) if suffix == ".html" else fetched.url
    return Page(data=data, suffix=suffix, url=cited, stamp=fetched.stamp)


def _as_utf8(fetched: Fetched) -> bytes:
    """The text in UTF-8 with a mark, where the server said its encoding: that counts for more than what the page says."""
    try:
        name = {"gb2312": "gb18030", "gbk": "gb18030"}.get(fetched.charset.lower(), fetched.charset)
        text = fetched.data.decode(name) if name else ""
    except (LookupError, UnicodeDecodeError):
        return fetched.data
    return codecs.BOM_UTF8 + text.removeprefix("\ufeff").encode("utf-8", "replace") if text else fetched.data


def _canonical(data: bytes, url: str) -> str:
    """The page's own name for itself, where it is one of the same site."""
    # Imported here: who only serves reads no pages.
    from bs4 import BeautifulSoup
    from bs4.element import Tag
    from bs4.filter import SoupStrainer

    head = BeautifulSoup(data[:_HEAD] + b"\n", "html.parser", parse_only=SoupStrainer("link"))
    for link in head.find_all("link"):
        if isinstance(link, Tag) and "canonical" in str(link.get("rel")).lower():
            named = urljoin(url, re.sub(r"\s", "", str(link.get("href") or "")))
            if urlsplit(named).scheme == "https" and urlsplit(named).netloc == urlsplit(url).netloc:
                return named.partition("#")[0]
    return url
