"""Each message is sent once, in order, whatever the network and the server say; also where the browser keeps nothing."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, Route, expect

from tests.support.browser import visiting
from tests.support.chat import Chat, Hosted, hosted
from tests.support.long_answers import ANSWER, ANSWER_ZH, QUESTION, QUESTION_ZH, lamp_home
from tests.support.openai_server import ModelServer, says

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(180)]

FIRST, FIRST_ZH = ANSWER.split(". ")[0] + ".", ANSWER_ZH.split("。")[0] + "。"
SHOWN, SHOWN_ZH = FIRST.replace("[1]", "1"), FIRST_ZH.replace("[1]", "1")
NO_STORAGE = """
  for (const name of ["localStorage", "sessionStorage"])
    Object.defineProperty(window, name, { get() { throw new DOMException("denied", "SecurityError"); } });
  delete window.BroadcastChannel;
  Object.defineProperty(Navigator.prototype, "locks", { get: undefined });
  delete Navigator.prototype.locks;
"""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shop(tmp_path_factory: pytest.TempPathFactory, model: ModelServer) -> AsyncIterator[Hosted]:
    home = lamp_home(tmp_path_factory.mktemp("lamps"))
    async with hosted(home, MODEL__BASE_URL=model.url, SERVER__MAX_MESSAGE_CHARS="200") as host:
        yield host


@pytest.fixture(autouse=True)
def _quick(model: ModelServer) -> None:
    model.behave = says(FIRST)


async def received(shop: Hosted, chat: Chat) -> list[str]:
    """The customer's messages as the server has them, in order."""
    events = await shop.events(await chat.key())
    return [event["data"]["text"] for event in events if event["type"] == "message.received"]


@pytest.mark.parametrize(
    ("lang", "question", "answer", "waiting"),
    [("en", QUESTION, FIRST, "Waiting for a connection"), ("zh", QUESTION_ZH, FIRST_ZH, "等待网络恢复")],
    ids=["en", "zh"],
)
async def test_what_is_said_offline_waits_and_is_sent_once_in_order(
    shop: Hosted, model: ModelServer, browser: Browser, lang: str, question: str, answer: str, waiting: str
) -> None:
    model.behave = says(answer)
    async with visiting(browser, shop.page(lang=lang)) as page:
        chat = await Chat(page).open()
        await chat.ask(question)
        await shop.network.cut()
        said = [f"{question} {number}" for number in range(3)]
        for text in said:
            await chat.send(text)
        await expect(chat.users.nth(1)).to_contain_text(waiting)
        await expect(chat.users).to_have_count(4)
        await shop.network.mend()
        await chat.answer(3)
        await expect(chat.element.locator("li.user:is(.queued, .sending)")).to_have_count(0)
        assert await received(shop, chat) == [question, *said]
        assert [text for text in await chat.said() if text.startswith(question)] == [question, *said]
        assert not any(name.endswith("outbox") for name in await chat.stored())


async def test_a_reload_while_offline_keeps_what_waits(shop: Hosted, browser: Browser) -> None:
    """The site can be reached, the chat's server can't; a first message and its conversation wait too."""
    async with visiting(browser, shop.page(lang="en", mode="page")) as page:
        chat = Chat(page)
        await chat.box.wait_for()
        await shop.network.cut()
        await chat.send(QUESTION)
        await chat.send("And in stock?")
        await expect(chat.users).to_have_count(2)
        await page.reload()
        await expect(chat.state).to_contain_text("No connection")
        await shop.network.mend()
        await chat.answer(1)
        assert await received(shop, chat) == [QUESTION, "And in stock?"]
        assert [text for text in await chat.said() if text in (QUESTION, "And in stock?")] == [
            QUESTION,
            "And in stock?",
        ]


async def test_two_tabs_offline_lose_nothing(shop: Hosted, browser: Browser) -> None:
    async with visiting(browser, shop.page(lang="en", mode="page")) as page:
        first = Chat(page)
        await first.ask(QUESTION)
        second = await first.tab()
        await second.answer(0)
        await shop.network.cut()
        await first.send("Said in the first tab")
        await second.send("Said in the second tab")
        for tab in (first, second):
            await expect(tab.users).to_have_count(2)
        await second.page.close()
        await page.reload()
        await shop.network.mend()
        await expect(first.element.locator("li.user.sent")).to_have_count(3, timeout=30_000)
        assert sorted(await received(shop, first)) == sorted(
            [QUESTION, "Said in the first tab", "Said in the second tab"]
        )


async def test_a_refused_message_says_why_and_can_be_tried_again_or_discarded(shop: Hosted, browser: Browser) -> None:
    async with visiting(browser, shop.page(lang="en"), expected="status of 422") as page:
        chat = await Chat(page).open()
        await chat.send("lamp " * 50)
        await expect(chat.users.first).to_contain_text("Not sent: ")
        await expect(chat.users.first).to_contain_text("200")
        await chat.button("Try again").click()
        await expect(chat.users.first).to_contain_text("Not sent: ")
        await chat.ask(QUESTION)
        await chat.button("Discard").click()
        assert await chat.said() == [QUESTION, SHOWN]
        assert await received(shop, chat) == [QUESTION]


async def test_a_message_that_failed_can_be_sent_after_all(shop: Hosted, browser: Browser) -> None:
    async with visiting(browser, shop.page(lang="en"), expected="status of 422") as page:
        chat = await Chat(page).open()
        await chat.ask(QUESTION)
        refuse = "**/messages"
        await page.route(refuse, refused)
        await chat.send("And in stock?")
        await expect(chat.users.nth(1)).to_contain_text("Not sent: Not now.")
        await page.unroute(refuse)
        await chat.button("Try again").click()
        await chat.answer(1)
        assert await received(shop, chat) == [QUESTION, "And in stock?"]


async def refused(route: Route) -> None:
    """A server's refusal; a proxy's could not be forced on the real one."""
    await route.fulfill(
        status=422,
        content_type="application/problem+json",
        headers={"Access-Control-Allow-Origin": "*"},
        body='{"detail": "Not now."}',
    )


async def test_a_server_that_asks_for_patience_gets_it(
    tmp_path_factory: pytest.TempPathFactory, model: ModelServer, browser: Browser
) -> None:
    home = lamp_home(tmp_path_factory.mktemp("lamps"))
    async with (
        hosted(home, MODEL__BASE_URL=model.url, SERVER__LIMITS__CONVERSATION_PER_MINUTE="10") as host,
        visiting(browser, host.page(lang="en"), expected="status of 429") as page,
    ):
        chat = await Chat(page).open()
        tries: list[int] = []
        page.on("response", lambda answer: tries.append(answer.status) if "/messages" in answer.url else None)
        said = [f"{QUESTION} {number}" for number in range(12)]
        for text in said:
            await chat.send(text)
        await expect(chat.users.nth(11)).to_have_class("user sent", timeout=60_000)
        assert await received(host, chat) == said
        assert [text for text in await chat.said() if text.startswith(QUESTION)] == said
        assert tries.count(202) == 12
        assert 1 <= tries.count(429) <= 4


async def wait_for_conversation(page: Page) -> dict[str, str]:
    key: dict[str, str] = await page.evaluate("document.querySelector('parley-chat').session.key")
    return key


async def test_a_browser_that_keeps_nothing_chats_all_the_same(
    shop: Hosted, model: ModelServer, browser: Browser
) -> None:
    async with visiting(browser, shop.page(lang="en"), script=NO_STORAGE) as page:
        assert await page.evaluate("[typeof BroadcastChannel, 'locks' in navigator]") == ["undefined", False]
        chat = await Chat(page).open()
        await chat.ask(QUESTION)
        await chat.button("Helpful").click()
        await expect(chat.button("Helpful")).to_have_attribute("aria-pressed", "true")
        await shop.network.cut()
        await chat.send("And in stock?")
        await asyncio.sleep(1)
        await shop.network.mend()
        await chat.answer(1)
        old = await wait_for_conversation(page)
        await chat.element.locator("#more").click()
        await chat.element.locator("select").select_option("zh-CN")
        await expect(chat.button("发送")).to_be_visible()
        model.behave = says(FIRST_ZH)
        await chat.ask(QUESTION_ZH)
        await expect(chat.replies.nth(2)).to_contain_text(SHOWN_ZH)
        await page.keyboard.press("Escape")
        await chat.menu("新对话")
        await expect(chat.element.locator(".welcome")).to_be_visible()
        await chat.ask(QUESTION_ZH)
        assert (await wait_for_conversation(page))["id"] != old["id"]
        assert await chat.said() == [QUESTION_ZH, SHOWN_ZH]
