"""The chat for everybody: keyboard, screen reader, contrast, size of targets, zoom, right to left."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.support.axe import faults
from tests.support.chat import ANSWER_MS
from tests.support.openai_server import model_server, writes
from tests.support.parley_process import ParleyServer, run_parley

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(240)]
SETTINGS = {"PARLEY_KNOWLEDGE__EMBEDDER": "corpus", "PARLEY_UNDERSTANDING__SENTIMENT": "words"}
QUESTIONS = {"en-US": "How long do I have to return something?", "zh-CN": "退货期限是多久？"}
PHONE = {"width": 390, "height": 760}
SHOTS = Path("test-results")

FOCUS = "() => { const inner = document.querySelector('parley-chat').shadowRoot.activeElement; return inner && (inner.id || inner.className || inner.getAttribute('aria-label') || inner.localName); }"
# Buttons and such that are smaller than 44 pixels, marks within a sentence aside (24 are enough there, and theirs reach further).
SMALL = """() => [...document.querySelector("parley-chat").shadowRoot.querySelectorAll("button:not(.mark), summary, select, input:not([hidden], .unseen, [type=checkbox]), textarea, .sources a, label.check")]
  .filter((node) => node.checkVisibility()).map((node) => [node, node.getBoundingClientRect()])
  .filter(([node, { width, height }]) => height < 44 || width < 44).map(([node, { width, height }]) => `${width} × ${height}: ${node.outerHTML.slice(0, 120)}`)"""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shop(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[ParleyServer]:
    home = tmp_path_factory.mktemp("access") / "home"
    await run_parley("--home", str(home), "init", settings=SETTINGS)
    server = ParleyServer(home, SETTINGS)
    await server.start()
    yield server
    await server.kill()


@asynccontextmanager
async def at(browser: Browser, url: str, **context: object) -> AsyncIterator[Page]:
    """The page, with scripts of the test let in."""
    opened = await browser.new_context(bypass_csp=True, **context)  # type: ignore[arg-type]
    page = await opened.new_page()
    await page.goto(url)
    await page.locator("button.launch, .panel").first.wait_for()
    yield page
    await opened.close()


async def answered(page: Page, question: str) -> None:
    before = await page.locator("li.agent .under").count()
    await page.locator("#text").fill(question)
    await page.keyboard.press("Enter")
    await expect(page.locator("li.agent .under")).to_have_count(before + 1, timeout=ANSWER_MS)


async def _open(page: Page, _: str) -> None:
    await page.locator("button.launch").click()
    await page.locator(".welcome .chips button").first.wait_for()


async def _answer(page: Page, locale: str) -> None:
    await answered(page, QUESTIONS[locale])
    await page.locator("summary").first.click()


async def _menu(page: Page, _: str) -> None:
    await page.locator("#more").click()


async def _erasing(page: Page, _: str) -> None:
    await page.locator("#menu button.danger").click()


async def _why(page: Page, _: str) -> None:
    await page.keyboard.press("Escape")
    await page.locator(".under button").nth(1).click()
    await page.locator("form.card").wait_for()


async def _ended(page: Page, _: str) -> None:
    await page.locator("#more").click()
    await page.locator("#menu button").nth(2).click()
    await page.locator(".stars").wait_for()


STATES: tuple[tuple[str, Callable[[Page, str], Awaitable[None]]], ...] = (
    ("open", _open),
    ("answer", _answer),
    ("menu", _menu),
    ("erasing", _erasing),
    ("why", _why),
    ("ended", _ended),
)


@pytest.mark.parametrize("width", [360, 768, 1440])
@pytest.mark.parametrize(("locale", "scheme"), [("en-US", "light"), ("zh-CN", "dark")])
async def test_every_state_can_be_read_and_hit(
    shop: ParleyServer, browser: Browser, width: int, locale: str, scheme: str
) -> None:
    SHOTS.mkdir(exist_ok=True)
    look = {"viewport": {"width": width, "height": 800}, "locale": locale, "color_scheme": scheme}
    async with at(browser, shop.url, **look) as page:
        await page.screenshot(path=SHOTS / f"chat-{width}-{scheme}-closed.png")
        assert await faults(page) == []
        for name, reach in STATES:
            await reach(page, locale)
            await page.wait_for_timeout(250)  # the panel's rise, the smooth scroll
            await page.screenshot(path=SHOTS / f"chat-{width}-{scheme}-{name}.png")
            assert await faults(page) == [], name
            assert await page.evaluate(SMALL) == [], name
            assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/chat", "/playground"])
async def test_the_other_pages_too(shop: ParleyServer, browser: Browser, path: str, scheme: str) -> None:
    async with at(browser, shop.url + path, color_scheme=scheme) as page:
        await page.locator(".welcome").wait_for()
        await page.screenshot(path=SHOTS / f"page-{path[1:]}-{scheme}.png")
        assert await faults(page) == []


async def test_all_is_done_by_keyboard_and_the_focus_comes_back(shop: ParleyServer, browser: Browser) -> None:
    async with at(browser, shop.url) as page:
        await page.locator("button.launch").focus()
        await page.keyboard.press("Enter")
        await expect(page.locator("#text")).to_be_focused()
        await page.keyboard.type("two")
        await page.keyboard.press("Shift+Enter")
        await page.keyboard.type("lines")
        assert await page.locator("#text").input_value() == "two\nlines"
        await page.keyboard.press("Control+a")
        await page.keyboard.type(QUESTIONS["en-US"])
        await page.keyboard.press("Enter")
        await page.locator("li.agent .under").wait_for(timeout=ANSWER_MS)
        await expect(page.locator("#text")).to_be_focused()
        for _ in range(20):
            await page.keyboard.press("Shift+Tab")
            if await page.evaluate(FOCUS) == "mark":
                break
        await page.keyboard.press("Enter")
        await expect(page.locator("blockquote").first).to_be_visible()
        await expect(page.locator("summary").first).to_be_focused()
        await page.locator("#more").focus()
        await page.keyboard.press("Enter")
        await expect(page.locator("#menu select")).to_be_focused()
        await page.keyboard.press("Escape")
        await expect(page.locator("#more")).to_be_focused()
        await page.keyboard.press("Escape")
        await expect(page.locator(".panel")).to_have_count(0)
        await expect(page.locator("button.launch")).to_be_focused()


async def test_the_focus_is_trapped_on_a_phone_and_only_there(shop: ParleyServer, browser: Browser) -> None:
    async with at(browser, shop.url, viewport=PHONE, has_touch=True) as page:
        await page.locator("button.launch").tap()
        await page.locator(".welcome .chips button").first.wait_for()
        await expect(page.locator(".panel")).to_have_attribute("aria-modal", "true")
        box = await page.locator(".panel").bounding_box()
        assert box == {"x": 0, "y": 0, **PHONE}
        for _ in range(30):
            await page.keyboard.press("Tab")
            assert await page.evaluate(FOCUS)
        await page.keyboard.press("Escape")
        await expect(page.locator("button.launch")).to_be_focused()
    async with at(browser, shop.url) as page:
        await _open(page, "")
        await expect(page.locator(".panel")).not_to_have_attribute("aria-modal", "true")
        seen = set()
        for _ in range(30):
            await page.keyboard.press("Tab")
            seen.add(await page.evaluate("document.activeElement.localName"))
        assert seen - {"parley-chat"}


async def test_a_screen_reader_hears_sentences_each_once(tmp_path: Path, browser: Browser) -> None:
    said = [
        "You can return a laptop at any time [1].",
        " Sending it back is free [1].",
        " It costs 3.50 dollars, e.g. by post [1].",
        " Done [1]!",
    ]
    pieces = [text[start : start + 3] for text in said for start in range(0, len(text), 3)]
    article, home = tmp_path / "laptop.md", tmp_path / "home"
    article.write_text(
        "# Laptops\n\nYou can return a laptop at any time. Sending it back is free. It costs 3.50 dollars, e.g. by post. Done!\n",
        "utf-8",
    )
    await run_parley("--home", str(home), "init", "--empty")
    await run_parley("--home", str(home), "ingest", str(article), settings=SETTINGS)
    async with model_server(writes(pieces, pause_s=0.08)) as model:
        server = ParleyServer(home, SETTINGS | {"PARLEY_MODEL__BASE_URL": model.url})
        await server.start()
        try:
            async with at(browser, server.url) as page:
                await page.locator("button.launch").click()
                await page.locator("#said").wait_for(state="attached")
                await page.evaluate(
                    """() => { window.heard = []; const region = document.querySelector("parley-chat").shadowRoot.querySelector("#said");
                    new MutationObserver(() => { window.heard.push(region.textContent); }).observe(region, { childList: true, characterData: true, subtree: true }); }"""
                )
                await page.locator("#text").fill("Can I return a laptop?")
                await page.keyboard.press("Enter")
                await page.locator("li.agent .under").wait_for(timeout=ANSWER_MS)
                await asyncio.sleep(1.2)
                heard = await page.evaluate("window.heard")
        finally:
            await server.kill()
    assert 1 <= len(heard) <= 6
    assert all(part[-1] in ".!。" for part in heard), heard
    joined = " ".join(heard)
    assert joined.replace(" ", "") == "".join(said).replace(" [1]", "").replace(" ", "")


async def test_at_twice_the_size_everything_is_still_there(shop: ParleyServer, browser: Browser) -> None:
    # A window of 1280 × 800 at 200 % is one of 640 × 400 (WCAG 1.4.4, 1.4.10: down to 320 wide).
    for width, height in ((640, 400), (320, 400)):
        async with at(browser, shop.url, viewport={"width": width, "height": height}) as page:
            await _open(page, "")
            await answered(page, QUESTIONS["en-US"])
            for part in ("#more", "#text", "[part=send]"):
                await expect(page.locator(part)).to_be_in_viewport(ratio=1)
            assert (
                await page.evaluate(
                    "document.querySelector('parley-chat').shadowRoot.querySelector('.log').clientHeight"
                )
                > 120
            )


async def test_right_to_left(shop: ParleyServer, browser: Browser) -> None:
    async with at(browser, f"{shop.url}/chat?lang=ar") as page:
        await page.locator(".welcome .chips button").first.wait_for()
        await expect(page.locator(".welcome h3")).to_contain_text("مرحباً")
        send, text = await page.locator("[part=send]").bounding_box(), await page.locator("#text").bounding_box()
        assert send and text and send["x"] < text["x"]
        await answered(page, QUESTIONS["en-US"])
        assert await faults(page) == []
        await page.screenshot(path=SHOTS / "chat-ar.png")


async def test_who_wants_no_motion_sees_none(shop: ParleyServer, browser: Browser) -> None:
    async with at(browser, shop.url, reduced_motion="reduce") as page:
        await _open(page, "")
        moving = "[...document.querySelector('parley-chat').shadowRoot.querySelectorAll('*')].filter((node) => getComputedStyle(node).animationName !== 'none').length"
        assert await page.evaluate(moving) == 0


@pytest.mark.parametrize(
    ("locale", "path", "spoken", "greeting"),
    [
        ("zh-CN", "/chat", "zh-CN", "您好"),
        ("en-GB", "/chat", "en", "Hello"),
        ("it-IT", "/chat", "en", "Hello"),
        ("zh-CN", "/chat?lang=en", "en", "Hello"),
        ("en-US", "/chat?lang=zh", "zh-CN", "您好"),
    ],
)
async def test_the_page_speaks_as_its_visitor_does(
    shop: ParleyServer, browser: Browser, locale: str, path: str, spoken: str, greeting: str
) -> None:
    async with at(browser, shop.url + path, locale=locale) as page:
        await expect(page.locator(".welcome h3")).to_contain_text(greeting)
        assert await page.evaluate("document.documentElement.lang") == spoken
        await expect(page).to_have_title("木光电器" if spoken == "zh-CN" else "Lantern & Oak")
