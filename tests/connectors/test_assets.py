"""Pages and the widget's files: what may be cached how long, by whom, and that nothing else can be had."""

import gzip
import hashlib
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

import connectors
from connectors.web.assets import Assets
from tests.support.web_client import begin
from tests.support.web_server import serving

CONNECTORS = Path(connectors.__file__).parent
MODULE = b"export const a = 1;\n" * 100
DIGEST = hashlib.sha256(MODULE).hexdigest()[:16]


@asynccontextmanager
async def assets(folder: Path) -> AsyncIterator[httpx.AsyncClient]:
    pages, widget = folder / "page", folder / "widget"
    pages.mkdir()
    widget.mkdir()
    for name in ("index", "chat"):
        (pages / f"{name}.html").write_text(f"<!doctype html><title>{name} 你好</title>" + " " * 1000, "utf-8")
    (pages / "icon.svg").write_text("<svg/>", "utf-8")
    (folder / "secret.txt").write_text("secret", "utf-8")
    (widget / "parley.js").write_bytes(MODULE)
    (widget / "manifest.json").write_text("{}", "utf-8")
    transport = httpx.ASGITransport(Assets(pages, widget))
    async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
        yield client


async def test_the_widget_may_be_loaded_by_every_site_and_kept_as_long_as_its_name_allows(tmp_path: Path) -> None:
    async with assets(tmp_path) as client:
        evergreen = await client.get("/widget/parley.js")
        for_ever = await client.get(f"/widget/parley-{DIGEST}.js")
        manifest = await client.get("/widget/manifest.json")
    assert evergreen.headers["cache-control"] == "public, max-age=300"
    assert for_ever.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert for_ever.content == evergreen.content == MODULE
    for answer in (evergreen, for_ever, manifest):
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
        assert answer.headers["etag"]
    assert evergreen.headers["content-type"] == "text/javascript; charset=utf-8"


async def test_texts_are_packed_for_who_takes_it_and_not_sent_twice(tmp_path: Path) -> None:
    async with assets(tmp_path) as client:
        async with client.stream("GET", "/chat") as packed:
            raw = b"".join([part async for part in packed.aiter_raw()])
        plain = await client.get("/chat", headers={"Accept-Encoding": "gzip;q=0, br"})
        tag = plain.headers["etag"]
        known = await client.get("/chat", headers={"If-None-Match": f'"x", {tag}'})
        changed = await client.get("/chat", headers={"If-None-Match": '"x"'})
        head = await client.head("/chat")
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(raw) == plain.content
    assert int(packed.headers["content-length"]) == len(raw) < len(plain.content)
    assert "content-encoding" not in plain.headers
    assert packed.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"
    assert (known.status_code, known.content, changed.status_code) == (304, b"", 200)
    assert (head.status_code, head.content) == (200, b"")
    assert "chat 你好" in plain.text


@pytest.mark.parametrize(
    "path", ["/../secret.txt", "/%2e%2e/secret.txt", "/widget/../../secret.txt", "/none", "/widget/"]
)
async def test_nothing_else_can_be_had(tmp_path: Path, path: str) -> None:
    async with assets(tmp_path) as client:
        assert (await client.get(path)).status_code == 404
        assert (await client.post("/chat")).headers["allow"] == "GET, HEAD"


async def test_pages_are_careful_and_streams_are_never_packed(tmp_path: Path) -> None:
    async with serving(tmp_path) as client:
        page = await client.get("/")
        policy = page.headers["content-security-policy"]
        for rule in (
            "default-src 'none'",
            "script-src 'self'",
            "require-trusted-types-for 'script'",
            "trusted-types lit-html dompurify",
            "frame-ancestors 'none'",
        ):
            assert rule in policy
        assert "unsafe" not in policy
        assert page.headers["cross-origin-opener-policy"] == "same-origin"
        assert "microphone=()" in page.headers["permissions-policy"]
        path, headers = await begin(client)
        async with client.stream("GET", f"{path}/events", headers={**headers, "Accept-Encoding": "gzip"}) as stream:
            assert "content-encoding" not in stream.headers
            assert stream.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("name", ["accent", "on-accent", "background", "surface", "text"])
@pytest.mark.parametrize(
    ("looks", "said"), [("--parley-", 'name="--parley-{}" value="{}"'), ("--parley-dark-", '"--parley-{}": "{}"')]
)
def test_the_playground_begins_with_the_chat_s_own_colours(name: str, looks: str, said: str) -> None:
    page = "".join((CONNECTORS / "web/page" / file).read_text("utf-8") for file in ("playground.html", "playground.js"))
    sheet = (CONNECTORS / "widget/src/chat.css").read_text("utf-8")
    colour = re.search(rf"var\({looks}{name}, #([0-9a-f]+)\)", sheet)
    assert colour
    digits = colour[1] if len(colour[1]) == 6 else "".join(2 * digit for digit in colour[1])
    assert said.format(name, f"#{digits}") in page
