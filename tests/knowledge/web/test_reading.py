"""Pages read over a real HTTPS server: redirects, robots, patience, limits, and what has not changed."""

from collections.abc import Iterator, Mapping

import pytest

from knowledge.errors import UnreadableSource
from knowledge.loaders.page import fetch_page
from knowledge.web import reading
from knowledge.web.reading import Stamp, Web
from tests.support.https_site import Answer, Site, https_site


@pytest.fixture
def site() -> Iterator[Site]:
    with https_site() as site:
        yield site


@pytest.fixture
def web(site: Site) -> Iterator[Web]:
    web = site.web()
    yield web
    web.close()


def test_redirects_are_followed_to_another_host_and_not_for_ever(site: Site, web: Web) -> None:
    site.pages["/old"] = Answer(status=302, headers={"location": "/new"})
    site.pages["/new"] = Answer(status=308, headers={"location": site.url("/there", host="other.example")})
    site.pages["/there"] = Answer(b"<h1>Hi</h1>text")
    site.pages["/loop"] = Answer(status=302, headers={"location": "/loop"})
    found = fetch_page(site.url("/old"), web)
    assert found is not None
    assert (found.data[3:], found.suffix, found.url) == (
        b"<h1>Hi</h1>text",
        ".html",
        site.url("/there", "other.example"),
    )
    for path, reason in {"/loop": "redirects", "/gone": "answered 404"}.items():
        with pytest.raises(UnreadableSource, match=reason):
            fetch_page(site.url(path), web)


def test_robots_are_obeyed_and_asked_once(site: Site, web: Web) -> None:
    site.pages["/robots.txt"] = Answer(
        b"User-agent: *\nDisallow: /\n\nUser-agent: parley\nDisallow: /private*x\nCrawl-delay: 7\n"
    )
    site.pages["/open"] = site.pages["/private/x"] = Answer(b"text")
    site.pages["/trick"] = Answer(status=302, headers={"location": "/private/x"})
    assert web.read(site.url("/open"))
    for path in ("/private/x", "/trick"):
        with pytest.raises(UnreadableSource, match=r"robots\.txt of its server does not let"):
            web.read(site.url(path))
    assert sum(asked.path == "/robots.txt" for asked in site.asked) == 1
    assert not any(asked.path == "/private/x" for asked in site.asked)
    assert max(site.slept) > 6


def test_robots_that_cannot_be_read_let_nothing_through(site: Site, web: Web) -> None:
    site.pages["/robots.txt"] = Answer(status=500)
    site.pages["/"] = Answer(b"text")
    with pytest.raises(UnreadableSource, match=r"robots\.txt of its server can't be read \(the server answered 500\)"):
        web.read(site.url("/"))
    assert site.paths() == []


def test_a_busy_server_is_given_the_time_it_asks_for(site: Site, web: Web) -> None:
    answers = [Answer(status=429, headers={"retry-after": "9"}), Answer(status=503), Answer(b"at last")]
    site.pages["/"] = lambda _: answers.pop(0)
    found = web.read(site.url("/"))
    assert found is not None and found.data == b"at last"
    assert max(site.slept) > 8
    site.pages["/never"] = Answer(status=503)
    with pytest.raises(UnreadableSource, match="answered 503"):
        web.read(site.url("/never"))


def test_what_has_not_changed_is_not_sent_again(site: Site, web: Web) -> None:
    def answer(headers: Mapping[str, str]) -> Answer:
        known = headers.get("if-none-match") == '"v1"' or headers.get("if-modified-since")
        stamps = {"etag": '"v1"', "last-modified": "Wed, 01 Jan 2025 00:00:00 GMT"}
        return Answer(status=304) if known else Answer(b"text", headers=stamps)

    site.pages["/"] = answer
    first = web.read(site.url("/"))
    assert first is not None
    assert web.read(site.url("/"), first.stamp) is None
    assert web.read(site.url("/"), Stamp(modified=first.stamp.modified)) is None


def test_what_is_too_large_or_no_page_is_refused(site: Site, web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    site.pages["/large"] = Answer(b"x" * 5000)
    site.pages["/film"] = Answer(b"x", headers={"content-type": "video/mp4"})
    with pytest.raises(UnreadableSource, match="larger than"):
        web.read(site.url("/large"), max_bytes=4096)
    with pytest.raises(UnreadableSource, match="video/mp4 is not a kind of page"):
        fetch_page(site.url("/film"), web)
    monkeypatch.setattr(reading, "_TOTAL_S", -1.0)
    with pytest.raises(UnreadableSource, match="slower than"):
        web.read(site.url("/large"))


def test_what_the_server_says_of_the_encoding_counts_for_more_than_the_page(site: Site, web: Web) -> None:
    text = "<html><head><meta charset=utf-8></head><body>我们提供电子发票。</body></html>"
    site.pages["/"] = Answer(text.encode("gb18030"), headers={"content-type": "text/html; charset=GBK"})
    found = fetch_page(site.url("/"), web)
    assert found is not None and "电子发票" in found.data.decode("utf-8-sig")


@pytest.mark.parametrize(
    ("link", "cited"),
    [
        ("/b", "/b"),
        ("https://elsewhere.example/c", "/a"),
        ("javascript:alert(1)", "/a"),
        ("http://shop.example/", "/a"),
    ],
)
def test_a_page_is_cited_by_its_canonical_address_within_its_site(site: Site, web: Web, link: str, cited: str) -> None:
    site.pages["/a"] = Answer(f'<html><head><link rel="canonical" href="{link}"></head><body>x</body></html>'.encode())
    found = fetch_page(site.url("/a"), web)
    assert found is not None and found.url == site.url(cited)
