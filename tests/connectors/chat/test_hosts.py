"""The page around the chat: its sizes, its origin, the way it is loaded anew, and text that runs the other way."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.support.browser import visiting
from tests.support.chat import Chat, Hosted, hosted
from tests.support.homes import flow_home
from tests.support.host_site import host_site
from tests.support.long_answers import ANSWER, lamp_home, slowly
from tests.support.long_answers import QUESTION as LAMPS
from tests.support.openai_server import ModelServer

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(180)]

SIZES = """() => Object.fromEntries(["h2", ".welcome h3", ".bubble", ".sources", "summary", ".mark", ".under", ".state", "#text"].flatMap((part) => {
  const node = document.querySelector("parley-chat").shadowRoot.querySelector(part);
  return node ? [[part, getComputedStyle(node).fontSize]] : [];
}))"""
HOSTILE = """addEventListener("DOMContentLoaded", () => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("html { font-size: 62.5% } * { font-size: 10px !important; line-height: 1 !important; letter-spacing: 3px !important }");
  document.adoptedStyleSheets = [sheet];
});"""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shop(tmp_path_factory: pytest.TempPathFactory, model: ModelServer) -> AsyncIterator[Hosted]:
    async with hosted(lamp_home(tmp_path_factory.mktemp("lamps")), MODEL__BASE_URL=model.url) as host:
        yield host


async def test_sizes_are_the_chats_own_in_any_page(shop: Hosted, model: ModelServer, browser: Browser) -> None:
    model.behave = slowly(ANSWER, seconds=0.2)
    sizes = []
    for script in ("", HOSTILE):
        async with visiting(browser, shop.page(lang="en"), script=script) as page:
            chat = await Chat(page).open()
            await chat.element.locator(".welcome").wait_for()
            before = await page.evaluate(SIZES)
            await chat.ask(LAMPS)
            sizes.append({**before, **await page.evaluate(SIZES)})
    assert sizes[0] == sizes[1]
    assert all(float(size[:-2]) >= 12 for size in sizes[0].values()), sizes[0]
    assert sizes[0][".bubble"] == "16px"


@pytest.mark.parametrize(
    ("lang", "question", "side"),
    [("ar", "How heavy are they?", "left"), ("en", "كم وزنها؟", "right"), ("en", "How heavy are they?", "right"), ("ar", "كم وزنها؟", "left")],
)  # fmt: skip
async def test_what_the_customer_says_is_on_their_side_whichever_way_it_runs(
    shop: Hosted, browser: Browser, lang: str, question: str, side: str
) -> None:
    async with visiting(browser, shop.page(lang=lang)) as page:
        chat = await Chat(page).open()
        await chat.send(question)
        bubble = await chat.element.locator("li.user .bubble").first.bounding_box()
        log = await chat.element.locator("ol.items").bounding_box()
        assert bubble and log
        gaps = {"left": bubble["x"] - log["x"], "right": log["x"] + log["width"] - bubble["x"] - bubble["width"]}
        assert gaps[side] < 1 < gaps["left" if side == "right" else "right"]


async def test_a_panel_that_was_open_is_open_again_and_one_that_was_closed_counts(
    shop: Hosted, model: ModelServer, browser: Browser
) -> None:
    model.behave = slowly(ANSWER, seconds=4)
    async with visiting(browser, shop.page(lang="en")) as page:
        chat = await Chat(page).open()
        await page.reload()
        await expect(chat.launcher).to_have_attribute("aria-expanded", "false")  # nothing was said: nothing is kept
        await chat.open()
        await chat.send(LAMPS)
        await chat.write_begun()
        await page.reload()
        await expect(chat.element.locator(".panel")).to_be_visible()
        assert await page.evaluate("document.activeElement.localName") == "body"  # the page's focus is its own
        await chat.answer(0)
        await chat.send(f"{LAMPS} Again.")
        await chat.write_begun()
        await chat.button("Close chat").first.click()
        await page.reload()
        await expect(chat.launcher).to_have_attribute("aria-expanded", "false")
        await expect(chat.element.locator(".badge")).to_have_text("1", timeout=20_000)
        await expect(chat.launcher).to_have_attribute("aria-label", "Open chat, 1 new message")


async def test_a_page_that_may_not_use_the_server_is_told_what_to_write_where(shop: Hosted, browser: Browser) -> None:
    async with host_site() as stranger:
        stranger.parley, stranger.api = shop.server.url, shop.server.url
        logged: list[str] = []
        async with visiting(
            browser, stranger.page(lang="en"), expected="status of 403|CORS|ERR_FAILED|parley: "
        ) as page:
            page.on("console", lambda message: logged.append(message.text))
            chat = await Chat(page).open()
            await expect(chat.element.get_by_role("alert")).to_have_text(
                "Chat is not available at the moment.", timeout=20_000
            )
            await expect(chat.state).to_have_text("")
        assert any(f'add "{stranger.origin}" to allowed_origins in [server]' in text for text in logged)


async def test_too_fast_is_said_with_when_it_is_tried_again(
    tmp_path_factory: pytest.TempPathFactory, browser: Browser
) -> None:
    home = lamp_home(tmp_path_factory.mktemp("fast"))
    async with (
        hosted(home, SERVER__LIMITS__CONVERSATION_PER_MINUTE="2") as host,
        visiting(browser, host.page(lang="en"), expected="status of 429") as page,
    ):
        chat = await Chat(page).open()
        for number in range(4):
            await chat.send(f"{LAMPS} {number}")
        waiting = chat.element.locator("li.user.queued").first
        await expect(waiting).to_contain_text("Too many messages at once. Trying again in", timeout=20_000)


async def test_the_focus_stays_in_the_chat_when_what_had_it_is_gone(
    tmp_path_factory: pytest.TempPathFactory, browser: Browser
) -> None:
    async with (
        hosted(flow_home(tmp_path_factory.mktemp("flow"))) as host,
        visiting(browser, host.page(lang="en")) as page,
    ):
        chat = await Chat(page).open()
        for text in ("I want a refund", "LO-10482", "customer3@example.com"):
            await chat.ask(text)
        await chat.element.get_by_role("button", name="It is damaged or faulty").focus()
        await page.keyboard.press("Enter")
        await expect(chat.box).to_be_focused()
        card = chat.element.locator(".card[role=group]")
        await card.locator(".main").focus(timeout=20_000)
        await page.keyboard.press("Enter")
        await expect(card).to_have_count(0)
        await expect(chat.box).to_be_focused()
        await page.keyboard.press("Escape")
        await expect(chat.element.locator(".panel")).to_have_count(0)
        await expect(chat.launcher).to_be_focused()
