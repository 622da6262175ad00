"""Which pages may call, how often anyone may, and where a request comes from."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.settings.web import LimitSettings, ServerSettings, SiteSettings, UploadSettings, WidgetSettings
from connectors.web.callers import Addresses
from connectors.web.rates import Buckets
from tests.support.web_client import begin
from tests.support.web_server import KEY, serving

ALLOWED = "https://www.example"
SERVER = ServerSettings(allowed_origins=[ALLOWED])
WIDGET = WidgetSettings(
    sites={"shop": SiteSettings(origins=["https://shop.example:8443"])},
    uploads=UploadSettings(types=["image/png"], max_bytes=1000),
)
REFUSED = [
    "https://evil.example",
    "null",
    "http://www.example",
    "https://www.example:444",
    "https://www.example.evil.example",
]


async def test_only_allowed_pages_are_answered_and_may_read_it(tmp_path: Path) -> None:
    async with serving(tmp_path, WIDGET, SERVER) as client:
        for origin in (ALLOWED, "https://shop.example:8443"):
            answer = await client.post("/v1/conversations", headers={"Origin": origin})
            assert answer.status_code == 201
            assert answer.headers["access-control-allow-origin"] == origin
            assert "Retry-After" in answer.headers["access-control-expose-headers"]
            assert "access-control-allow-credentials" not in answer.headers
        own = await client.get("/v1/widget", headers={"Origin": str(client.base_url).rstrip("/")})
        assert own.status_code == 200
        assert "access-control-allow-origin" not in own.headers
        for origin in REFUSED:
            answer = await client.post("/v1/conversations", headers={"Origin": origin})
            assert (answer.status_code, answer.headers["content-type"]) == (403, "application/problem+json")
            assert "access-control-allow-origin" not in answer.headers
        assert (await client.get("/v1/widget")).headers["vary"] == "Origin"


async def test_a_browser_that_asks_first_is_told(tmp_path: Path) -> None:
    asks = {"Access-Control-Request-Method": "DELETE", "Access-Control-Request-Headers": "authorization"}
    async with serving(tmp_path, WIDGET, SERVER) as client:
        answer = await client.options("/v1/conversations/x", headers={"Origin": ALLOWED, **asks})
        assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (204, ALLOWED)
        assert "DELETE" in answer.headers["access-control-allow-methods"]
        assert "Authorization" in answer.headers["access-control-allow-headers"]
        refused = await client.options("/v1/conversations/x", headers={"Origin": "https://evil.example", **asks})
        assert refused.status_code == 403


async def test_errors_can_be_read_by_the_page_and_are_careful_too(tmp_path: Path) -> None:
    async with serving(tmp_path, WIDGET, SERVER) as client:
        path, headers = await begin(client)
        headers |= {"Origin": ALLOWED, "Content-Type": "image/png"}
        large = await client.post(f"{path}/files?name=x.png", content=b"x" * 1001, headers=headers)
        for answer in (large, await client.get(f"{path}x", headers=headers), await client.put(path, headers=headers)):
            assert answer.status_code in {404, 405, 413}
            assert answer.headers["access-control-allow-origin"] == ALLOWED
            assert answer.headers["x-content-type-options"] == "nosniff"
        assert large.status_code == 413


async def test_too_many_requests_of_an_address_are_refused_for_a_while(tmp_path: Path) -> None:
    server = ServerSettings(limits=LimitSettings(address_per_minute=5))
    async with serving(tmp_path, server=server) as client:
        codes = [(await client.get("/v1/widget")).status_code for _ in range(7)]
        assert codes == [200] * 5 + [429] * 2
        refused = await client.get("/v1/widget", headers={"X-Forwarded-For": "203.0.113.7"})
        assert (refused.status_code, refused.headers["content-type"]) == (429, "application/problem+json")
        assert 1 <= int(refused.headers["retry-after"]) <= 12
        assert (await client.get("/healthz")).status_code == 200
        staff = {"Authorization": f"Bearer {KEY}"}
        assert (await client.get("/v1/operator/conversations", headers=staff)).status_code == 200


async def test_new_conversations_messages_and_sites_have_limits_of_their_own(tmp_path: Path) -> None:
    limits = LimitSettings(new_conversations_per_minute=2, conversation_per_minute=3, site_per_minute=4)
    widget = WidgetSettings(sites={"shop": SiteSettings(origins=[ALLOWED])})
    async with serving(tmp_path, widget, ServerSettings(limits=limits)) as client:
        one, headers = await begin(client)
        two, others = await begin(client)
        assert (await client.post("/v1/conversations")).status_code == 429

        async def say(path: str, who: dict[str, str], n: int) -> int:
            body = {"text": "hi", "client_id": str(n)}
            return (await client.post(f"{path}/messages", json=body, headers=who)).status_code

        assert [await say(one, headers, n) for n in range(4)] == [202, 202, 202, 429]
        assert await say(two, others, 1) == 202
        assert [await say(one, others, n) for n in range(4)] == [404] * 4  # no stranger uses up a limit
        site = [(await client.get("/v1/widget", headers={"Origin": ALLOWED})).status_code for _ in range(5)]
        assert site == [200] * 4 + [429]


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@given(st.integers(1, 600), st.lists(st.floats(0, 30), max_size=80))
def test_a_bucket_never_gives_more_than_its_rate_and_is_honest_about_waiting(rate: int, pauses: list[float]) -> None:
    clock, given_out = Clock(), 0
    buckets = Buckets(rate, clock=clock)
    for pause in pauses:
        clock.now += pause
        wait = buckets.take("a")
        given_out += not wait
        assert given_out <= rate + clock.now * rate / 60 + 1e-6
        assert wait <= max(1, 60 / rate + 1)


def test_who_waits_as_told_is_let_in() -> None:
    clock = Clock()
    buckets = Buckets(7, clock=clock)
    for _ in range(200):
        clock.now += buckets.take("a")
    assert buckets.take("b") == 0


def test_sources_do_not_fill_the_memory_and_zero_is_no_limit() -> None:
    buckets = Buckets(1, most=100)
    for n in range(1000):
        assert buckets.take(str(n)) == 0
    assert buckets.take("999") > 0
    assert buckets.take("0") == 0  # long forgotten
    assert not any(Buckets(0).take("a") for _ in range(10))


def scope(peer: str, *forwarded: str) -> dict[str, Any]:
    headers = [(b"x-forwarded-for", value.encode()) for value in forwarded]
    return {"type": "http", "client": (peer, 1), "headers": headers}


@pytest.mark.parametrize(
    ("seen", "address"),
    [
        (scope("198.51.100.1"), "198.51.100.1"),
        (scope("198.51.100.1", "1.1.1.1"), "198.51.100.1"),  # not a proxy of ours
        (scope("10.0.0.1", "1.1.1.1"), "1.1.1.1"),
        (scope("10.0.0.1", "6.6.6.6, 1.1.1.1, 10.0.0.2"), "1.1.1.1"),  # the first is whatever the caller said
        (scope("10.0.0.1", "6.6.6.6", "1.1.1.1"), "1.1.1.1"),
        (scope("10.0.0.1", "10.0.0.9"), "10.0.0.9"),
        (scope("10.0.0.1", "nonsense"), "unknown"),
        (scope("10.0.0.1", ""), "10.0.0.1"),
        (scope("2001:db8:1:2:3::4"), "2001:db8:1:2::"),
        (scope("::ffff:198.51.100.1"), "198.51.100.1"),
    ],
)
def test_an_address_is_what_a_trusted_proxy_says(seen: dict[str, Any], address: str) -> None:
    assert Addresses(["10.0.0.0/8"]).of(seen) == address


@given(st.text(alphabet=st.characters(max_codepoint=255), max_size=60))
def test_whatever_is_forwarded_is_counted_as_something(text: str) -> None:
    assert Addresses(["10.0.0.0/8"]).of(
        {"type": "http", "client": ("10.0.0.1", 1), "headers": [(b"x-forwarded-for", text.encode("latin-1"))]}
    )
