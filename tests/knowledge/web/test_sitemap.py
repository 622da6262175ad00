"""Sitemaps: nested, packed, broken and hostile ones; what they give to a library, and what is taken out again."""

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.errors import UnreadableSource
from knowledge.library import Library
from knowledge.web import sitemap
from knowledge.web.reading import Fetched
from knowledge.web.sitemap import listed
from tests.support.https_site import Answer, Site, https_site

NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
BILLION_LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE z [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;">]>
<urlset><url><loc>&b;</loc></url></urlset>"""


def urls(*addresses: str) -> bytes:
    rows = "".join(f"<url><loc> {one} </loc><lastmod>2025-01-01</lastmod></url>" for one in addresses)
    return f'<?xml version="1.0" encoding="UTF-8"?><urlset {NAMESPACE}>{rows}</urlset>'.encode()


def index(*addresses: str) -> bytes:
    return (
        f"<sitemapindex>{''.join(f'<sitemap><loc>{one}</loc></sitemap>' for one in addresses)}</sitemapindex>".encode()
    )


@pytest.fixture
def site() -> Iterator[Site]:
    with https_site() as site:
        for name in "abc":
            site.pages[f"/{name}"] = Answer(f"<h1>Article {name}</h1><p>The {name} fee is 5 crowns.</p>".encode())
        yield site


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library.open(tmp_path / "library", "corpus")


def test_an_index_of_packed_and_nested_sitemaps(site: Site) -> None:
    image = urls(site.url("/b")).replace(b"</loc>", b"</loc><image><loc>https://x.example/i.png</loc></image>")
    site.pages["/s.xml"] = Answer(index(site.url("/1.xml.gz"), "/2.xml", "/missing.xml", site.url("/s.xml")))
    site.pages["/1.xml.gz"] = Answer(gzip.compress(urls(site.url("/a"), site.url("/a"), "https://elsewhere.example/x")))
    site.pages["/2.xml"] = Answer(image)
    web = site.web()
    found = listed(site.url("/s.xml"), web)
    web.close()
    assert list(found.pages) == [site.url("/a"), site.url("/b")]
    assert [error.reason for error in found.broken] == [
        "1 pages of other hosts are left out",
        "the server answered 404",
    ]
    assert not found.whole


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (BILLION_LAUGHS, "it is no sitemap"),
        (b'<!DOCTYPE z SYSTEM "file:///etc/passwd"><urlset/>', "it is no sitemap"),
        (b"<html><body>Not found</body></html>", "its root is 'html'"),
        (b"nonsense", "it is no sitemap"),
        (gzip.compress(b"<urlset>" + b" " * 3_000_000), "larger than 1 MiB when unpacked"),
        (b"\x1f\x8bno gzip", "it is no gzip"),
    ],
)
def test_hostile_and_broken_ones_are_refused_by_name(
    site: Site, body: bytes, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sitemap, "_MAX_BYTES", 2**20)
    site.pages["/s.xml"] = Answer(body)
    web = site.web()
    found = listed(site.url("/s.xml"), web)
    web.close()
    assert not found.pages and not found.whole
    assert reason in found.broken[0].reason


def test_there_is_a_limit_to_pages(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemap, "MAX_PAGES", 2)
    site.pages["/s.xml"] = Answer(urls(*(site.url(f"/{name}") for name in "abc")))
    web = site.web()
    found = listed(site.url("/s.xml"), web)
    web.close()
    assert len(found.pages) == 2 and "more than 2 pages" in found.broken[0].reason and not found.whole


class _Fixed:
    """Stands in for the web: every address holds the same."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def read(self, url: str, max_bytes: int = 0) -> Fetched:
        return Fetched(url=url, data=self._data)


@given(
    st.binary(max_size=200)
    | st.text(max_size=100).map(lambda text: f"<urlset><url><loc>{text}</loc></url></urlset>".encode("utf-8", "ignore"))
)
def test_any_bytes_are_read_or_named(data: bytes) -> None:
    found = listed("https://a.example/s.xml", _Fixed(data))  # type: ignore[arg-type]
    assert all(isinstance(error, UnreadableSource) for error in found.broken)


def test_a_site_is_read_kept_in_step_and_cited(site: Site, library: Library) -> None:
    source = site.url("/s.xml")
    site.pages["/s.xml"] = Answer(urls(*(site.url(f"/{name}") for name in "abc")))
    report = library.ingest([source], web=site.web)
    assert (report.added, report.broken) == (3, ())
    best = library.search("What is the b fee?", 1).passages[0].passage
    assert (best.source_id, best.url, best.title) == (site.url("/b"), site.url("/b"), "Article b")
    assert library.ingest([source], web=site.web).unchanged == 3

    site.pages["/b"] = Answer(b"<h1>Article b</h1><p>The b fee is 9 crowns.</p>")
    site.pages["/s.xml"] = Answer(urls(site.url("/a"), site.url("/b")))
    report = library.ingest([source], prune=True, web=site.web)
    assert (report.changed, report.unchanged, report.removed) == (1, 1, 1)
    assert {passage.source_id for passage in library.passages()} == {site.url("/a"), site.url("/b")}
    library.close()


def test_what_fails_or_is_not_sent_again_takes_nothing_out(site: Site, library: Library) -> None:
    source = site.url("/s.xml")
    site.pages["/s.xml"] = Answer(urls(site.url("/a"), site.url("/b")))
    site.pages["/a"] = lambda headers: (
        Answer(status=304) if headers.get("if-none-match") else Answer(b"<p>The a fee.</p>", headers={"etag": '"1"'})
    )
    library.ingest([source], web=site.web)
    site.pages["/b"] = Answer(status=500)
    report = library.ingest([source], prune=True, web=site.web)
    assert (report.unchanged, report.removed, [one.reason for one in report.broken]) == (
        1,
        0,
        ["the server answered 500"],
    )
    for broken in (Answer(status=503), Answer(b"<urlset>"), Answer(index("/missing.xml"))):
        site.pages["/s.xml"] = broken
        assert library.ingest([source], prune=True, web=site.web).removed == 0
    assert len(library.passages()) == 2
    library.close()


def test_a_page_that_is_named_twice_is_read_once(site: Site, library: Library) -> None:
    site.pages["/s.xml"] = Answer(urls(site.url("/a"), site.url("/b")))
    report = library.ingest([site.url("/b"), site.url("/s.xml"), site.url("/s.xml")], web=site.web)
    assert (report.added, report.broken) == (2, ())
    assert sorted(path for path in site.paths() if path in {"/a", "/b"}) == ["/a", "/b"]
    library.close()
