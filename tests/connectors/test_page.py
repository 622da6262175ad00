"""The page in a real browser, over a real `parley serve` with the sample shop."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.support.browser import ANSWER_MS, answer, ask, chromium, visiting
from tests.support.commands import parley_here
from tests.support.openai_server import model_server, says, writes
from tests.support.parley_process import ParleyServer

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(180)]

SETTINGS = {"PARLEY_KNOWLEDGE__EMBEDDER": "corpus"}
ENGLISH = "Which phones under $600 are waterproof?"
CHINESE = "最便宜的耳机是哪款？"
SHOTS = Path("test-results")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shop(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[ParleyServer]:
    home = tmp_path_factory.mktemp("shop") / "home"
    assert (await parley_here(home, "init", KNOWLEDGE__EMBEDDER="corpus")).status == 0
    server = ParleyServer(home, SETTINGS)
    await server.start()
    yield server
    await server.kill()
    assert b"Traceback" not in server.printed


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as opened:
        yield opened


async def texts(page: Page) -> list[str]:
    return await page.locator(".message").all_inner_texts()


@pytest.mark.parametrize(
    ("locale", "question", "product", "sources"),
    [("en-US", ENGLISH, "Norvane P5", "Sources"), ("zh-CN", CHINESE, "声沃儿童耳机", "出处")],
)
async def test_a_typed_question_is_answered_with_a_source_that_opens(
    shop: ParleyServer, browser: Browser, locale: str, question: str, product: str, sources: str
) -> None:
    async with visiting(browser, shop.url, locale=locale) as page:
        reply = await ask(page, question)
        await expect(reply).to_contain_text(product)
        await expect(reply.locator(".sources h2")).to_have_text(sources)
        quote = reply.locator("blockquote").first
        await expect(quote).to_be_hidden()
        await reply.locator("button.mark").first.click()
        await expect(quote).to_be_visible()
        await expect(quote).to_contain_text(product)
        await expect(page.locator("html")).to_have_attribute("lang", "zh-CN" if locale == "zh-CN" else "en")


async def test_a_reload_keeps_the_conversation_and_new_chat_begins_another(
    shop: ParleyServer, browser: Browser
) -> None:
    async with visiting(browser, shop.url) as page:
        await ask(page, ENGLISH)
        await page.get_by_role("button", name="Helpful", exact=True).click()
        await expect(page.get_by_role("button", name="Helpful", exact=True)).to_have_attribute("aria-pressed", "true")
        before = await texts(page)
        await page.reload()
        await answer(page, 0)
        assert await texts(page) == before
        await expect(page.get_by_role("button", name="Helpful", exact=True)).to_have_attribute("aria-pressed", "true")
        await page.get_by_role("button", name="New chat").click()
        await expect(page.locator("#welcome")).to_be_visible()
        assert await texts(page) == []


async def test_the_page_goes_on_after_the_server_died(shop: ParleyServer, browser: Browser) -> None:
    async with visiting(browser, shop.url) as page:
        await ask(page, ENGLISH)
        await shop.kill()
        await expect(page.locator("#state")).to_contain_text("Connection lost", timeout=10_000)
        await page.locator("#text").fill(CHINESE)
        await page.keyboard.press("Enter")
        await expect(page.locator(".message.pending")).to_have_text(CHINESE)
        await shop.start()
        await answer(page, 1)
        shown = await texts(page)
        assert [shown[0], shown[2]] == [ENGLISH, CHINESE]
        assert len(shown) == 4
        await expect(page.locator("#state")).to_be_empty()
        await page.reload()
        await answer(page, 1)
        assert await texts(page) == shown


async def test_everything_can_be_done_with_the_keyboard(shop: ParleyServer, browser: Browser) -> None:
    async with visiting(browser, shop.url) as page:
        await expect(page.locator("#text")).to_be_focused()
        await page.keyboard.type("two")
        await page.keyboard.press("Shift+Enter")
        await page.keyboard.type("lines")
        assert await page.locator("#text").input_value() == "two\nlines"
        await page.keyboard.press("Control+a")
        await page.keyboard.type(ENGLISH)
        await page.keyboard.press("Enter")
        reply = await answer(page, 0)
        await expect(page.locator("#text")).to_be_focused()
        for _ in range(12):
            await page.keyboard.press("Shift+Tab")
            if await page.evaluate("document.activeElement.matches('button.mark')"):
                break
        await expect(reply.locator("button.mark").last).to_be_focused()
        await page.keyboard.press("Enter")
        await expect(reply.locator("blockquote").last).to_be_visible()
        await expect(reply.locator("summary").last).to_be_focused()
        await page.keyboard.press("Enter")
        await expect(reply.locator("blockquote").last).to_be_hidden()


async def test_a_refusal_offers_a_person(shop: ParleyServer, browser: Browser) -> None:
    async with visiting(browser, shop.url) as page:
        await ask(page, "Do you sell bicycles?")
        await page.locator("button.offer").click()
        await answer(page, 1)
        await expect(page.locator("#state")).to_contain_text("colleague")
        await expect(page.locator("button.offer")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
async def test_the_page_fits_and_can_be_read(shop: ParleyServer, browser: Browser, width: int, scheme: str) -> None:
    look = {"viewport": {"width": width, "height": 760}, "color_scheme": scheme}
    async with visiting(browser, shop.url, **look) as page:
        SHOTS.mkdir(exist_ok=True)
        await page.locator("#suggestions button").first.wait_for()
        await page.screenshot(path=SHOTS / f"page-{width}-{scheme}-welcome.png")
        assert await page.evaluate(HARD_TO_READ) == []
        reply = await ask(page, ENGLISH)
        await reply.locator("summary").first.click()
        await ask(page, "x" * 200)
        await ask(page, CHINESE)
        await page.screenshot(path=SHOTS / f"page-{width}-{scheme}.png")
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert await page.evaluate("document.querySelector('#scroller').scrollWidth <= innerWidth")
        assert await page.evaluate(HARD_TO_READ) == []


async def test_what_others_wrote_is_text_never_markup(tmp_path: Path, browser: Browser) -> None:
    evil = "<img src=x onerror=alert(1)><script>alert(1)</script><iframe src=//x></iframe>"
    article = tmp_path / "laptop.md"
    article.write_text(
        f'---\ntitle: "Laptop {evil}"\nurl: "javascript:alert(1)"\n---\n\nYou can return a laptop {evil} at any time.\n',
        "utf-8",
    )
    home = tmp_path / "home"
    assert (await parley_here(home, "init", "--empty")).status == 0
    assert (await parley_here(home, "ingest", str(article), KNOWLEDGE__EMBEDDER="corpus")).status == 0
    said = f"You can return a laptop **{evil}** [1] [a](javascript:alert(1)) ![b](//x/b.png) `{evil}` [7]\n- <b>item</b> [1]"
    async with model_server(says(said, size=5)) as model:
        server = ParleyServer(home, SETTINGS | {"PARLEY_MODEL__BASE_URL": model.url})
        await server.start()
        try:
            async with visiting(browser, server.url) as page:
                reply = await ask(page, f"Can I return a laptop {evil}?")
                await expect(reply).to_contain_text("<script>alert(1)</script>")
                await expect(reply.locator("strong")).to_have_text(evil)
                await reply.locator("button.mark").first.click()
                await expect(reply.locator("blockquote")).to_be_visible()
                await expect(page.locator(".message.user")).to_contain_text(evil)
                assert await page.locator("#log").locator("img, script, iframe, b, a, code").count() == 0
        finally:
            await server.kill()


async def test_a_long_answer_can_be_stopped(tmp_path: Path, browser: Browser) -> None:
    article, home = tmp_path / "laptop.md", tmp_path / "home"
    article.write_text("# Laptops\n\nYou can return a laptop at any time.\n", "utf-8")
    assert (await parley_here(home, "init", "--empty")).status == 0
    assert (await parley_here(home, "ingest", str(article), KNOWLEDGE__EMBEDDER="corpus")).status == 0
    endless = writes(["You can return a laptop at any time [1]. "] * 1000, pause_s=0.05)
    async with model_server(endless) as model:
        server = ParleyServer(home, SETTINGS | {"PARLEY_MODEL__BASE_URL": model.url})
        await server.start()
        try:
            async with visiting(browser, server.url) as page:
                await page.locator("#text").fill("Can I return a laptop?")
                await page.keyboard.press("Enter")
                await expect(page.locator(".message.assistant")).to_contain_text("laptop", timeout=ANSWER_MS)
                await page.keyboard.press("Escape")
                await expect(page.locator("#state")).to_have_text("Stopped.")
                await expect(page.locator("#send")).to_be_visible()
        finally:
            await server.kill()


# Texts whose contrast with their ground is below 4.5 (WCAG 2.2, AA), and buttons smaller than 24 pixels.
HARD_TO_READ = """() => {
  const numbers = (color) => color.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((v) => v / 255)
    .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (node) => {
    for (; node; node = node.parentElement) {
      const found = numbers(getComputedStyle(node).backgroundColor);
      if (found.length === 3 || found[3] > 0) return found;
    }
    return [255, 255, 255];
  };
  const bad = [];
  for (const node of document.querySelectorAll("body *")) {
    const box = node.getBoundingClientRect();
    if (!box.width || node.closest(".unseen, [hidden]") || !node.checkVisibility()) continue;
    if (node.matches("button, summary") && (box.height < 24 || box.width < 24)) bad.push(["small", node.outerHTML]);
    if (![...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim())) continue;
    const [a, b] = [light(numbers(getComputedStyle(node).color)), light(ground(node))].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 4.5) bad.push(["contrast", node.outerHTML.slice(0, 200)]);
  }
  return bad;
}"""
