"""What the chat costs a page: time until the launcher is there, and memory over a long conversation."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, CDPSession, expect

from agent.store.database import close_engine, open_engine
from agent.store.event_log import SqlEventLog
from agent.types import EventType
from tests.support.browser import visiting
from tests.support.chat import Chat, Hosted, hosted
from tests.support.homes import small_home

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(240)]

MOST_MS = 50.0
_LONG_TASKS = """
  window.longTasks = [];
  new PerformanceObserver((list) => longTasks.push(...list.getEntries().map(({ duration }) => duration)))
    .observe({ type: "longtask", buffered: true });
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_home(tmp_path_factory.mktemp("small"))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shop(home: Path) -> AsyncIterator[Hosted]:
    async with hosted(home) as host:
        yield host


async def metrics(session: CDPSession) -> dict[str, float]:
    found = await session.send("Performance.getMetrics")
    return {one["name"]: one["value"] for one in found["metrics"]}


async def cost_ms(browser: Browser, url: str) -> tuple[dict[str, float], list[float]]:
    """The main thread's own time on a page until it is idle, by what it does, and its tasks of 50 ms or more."""
    context = await browser.new_context()
    try:
        page = await context.new_page()
        await page.add_init_script(_LONG_TASKS)
        session = await context.new_cdp_session(page)
        await session.send("Performance.enable", {"timeDomain": "threadTicks"})  # of the thread, not of a busy machine
        await page.goto(url)
        if "/plain" not in url:
            await page.locator("parley-chat .launch").wait_for()
        await page.wait_for_load_state("networkidle")
        await page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 200)))")
        found = await metrics(session)
        parts = {name: found[f"{name}Duration"] * 1000 for name in ("Task", "Script", "Layout", "RecalcStyle")}
        return parts, await page.evaluate("longTasks")
    finally:
        await context.close()


@pytest.mark.parametrize("lang", ["en", "zh"])
async def test_the_launcher_costs_the_page_less_than_50_ms(shop: Hosted, browser: Browser, lang: str) -> None:
    """Scripts, styles and layout, less those of the same page without the chat: the best of eight, as others only add."""
    urls = shop.page("plain"), shop.page("loader", lang=lang)
    without, chat = [[await cost_ms(browser, url) for _ in range(8)] for url in urls]
    best = {
        name: min(parts[name] for parts, _ in chat) - min(parts[name] for parts, _ in without) for name in chat[0][0]
    }
    print(
        f"\n{lang}: { ({name: round(ms, 1) for name, ms in best.items()}) } ms; long tasks {[long for _, long in chat]}"
    )
    assert best["Script"] + best["Layout"] + best["RecalcStyle"] <= MOST_MS


async def _fill(home: Path, conversation_id: str, turns: range) -> None:
    engine = await open_engine(f"sqlite+aiosqlite:///{home / 'parley.db'}")
    events = SqlEventLog(engine)
    try:
        for number in turns:
            asked = await events.append(
                conversation_id,
                EventType.MESSAGE_RECEIVED,
                {"text": f"Question {number} 问题", "client_id": f"c{number}"},
            )
            text = f"Answer **{number}** [1].\n\n- one\n- 二\n\n| a | b |\n|---|---|\n| {number} | 2 |"
            citation = {"n": 1, "source_id": "returns", "title": "Returns", "url": None, "quote": f"Quote {number}"}
            for piece in range(5):
                await events.append(
                    conversation_id, EventType.REPLY_DELTA, {"text": text[piece * 9 :], "message": asked.n}
                )
            await events.append(
                conversation_id,
                EventType.REPLY_COMPLETED,
                {"text": text, "language": "en", "decision": "answer", "message": asked.n, "citations": [citation]},
            )
    finally:
        await close_engine(engine)


async def test_memory_grows_with_what_is_shown_and_no_more(shop: Hosted, home: Path, browser: Browser) -> None:
    """500 messages, half of them answers: the second half takes no more than the first."""
    key = (await shop.api.post("/v1/conversations")).json()
    async with visiting(browser, shop.page("module", lang="en", mode="page")) as page:
        chat = Chat(page)
        session = await page.context.new_cdp_session(page)
        await session.send("Performance.enable")
        name = f"parley:{shop.network.url}:key"
        await page.evaluate("([name, key]) => localStorage.setItem(name, JSON.stringify(key))", [name, key])
        await page.reload()
        await chat.box.wait_for()
        sizes: list[dict[str, float]] = []
        for turns in (range(0), range(125), range(125, 250)):
            await _fill(home, key["id"], turns)
            await expect(chat.replies).to_have_count(turns.stop, timeout=120_000)
            await page.wait_for_timeout(1000)
            for _ in range(3):
                await session.send("HeapProfiler.collectGarbage")
            sizes.append(await metrics(session))
        heap, nodes, listeners = (
            [size[name] for size in sizes] for name in ("JSHeapUsedSize", "Nodes", "JSEventListeners")
        )
        first, second = heap[1] - heap[0], heap[2] - heap[1]
        print(f"\nheap {[round(one / 1e6, 2) for one in heap]} MB, nodes {nodes}, listeners {listeners}")
        grown = (nodes[2] - nodes[1]) / (nodes[1] - nodes[0])
        assert second <= first * max(1.0, grown) * 1.15
        assert nodes[2] - nodes[1] <= (nodes[1] - nodes[0]) * 1.05
        assert listeners[2] - listeners[1] <= (listeners[1] - listeners[0]) * 1.05
