"""Answers that are interrupted: by a reload, another tab, a lost network, a killed server, the customer."""

import asyncio
import os
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Request, expect

from tests.support.browser import visiting
from tests.support.chat import ANSWER_MS, Chat, Hosted, hosted
from tests.support.long_answers import ANSWER, ANSWER_ZH, QUESTION, QUESTION_ZH, lamp_home, slowly
from tests.support.openai_server import ModelServer, says

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(240)]

SHOWN, SHOWN_ZH = ANSWER.replace("[1]", "1"), ANSWER_ZH.replace("[1]", "1")
# PARLEY_TEST_LONG=1 has 52 pairs of a conversation and a restart; each restart takes the server's start-up.
CHATS, RESTARTS, CUT_S = (13, 4, 20) if os.environ.get("PARLEY_TEST_LONG") else (6, 2, 5)
BOTH = pytest.mark.parametrize(
    ("lang", "question", "answer", "shown"),
    [("en", QUESTION, ANSWER, SHOWN), ("zh", QUESTION_ZH, ANSWER_ZH, SHOWN_ZH)],
    ids=["en", "zh"],
)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shop(tmp_path_factory: pytest.TempPathFactory, model: ModelServer) -> AsyncIterator[Hosted]:
    async with hosted(lamp_home(tmp_path_factory.mktemp("lamps")), MODEL__BASE_URL=model.url) as host:
        yield host


@BOTH
async def test_a_reload_in_mid_answer_goes_on(
    shop: Hosted, model: ModelServer, browser: Browser, lang: str, question: str, answer: str, shown: str
) -> None:
    model.behave = slowly(answer, seconds=4)
    async with visiting(browser, shop.page(lang=lang)) as page:
        chat = await Chat(page).open()
        await chat.send(question)
        begun = await chat.write_begun()
        await page.reload()
        await chat.open()
        assert (await chat.write_begun(len(begun))).startswith(begun)
        await chat.answer(0)
        assert await chat.said() == [question, shown]


class Streams:
    """Counts the event streams that are open in a context."""

    def __init__(self, chat: Chat) -> None:
        self._begun: set[Request] = set()
        context = chat.page.context
        context.on("request", lambda request: self._begun.add(request) if request.url.endswith("/events") else None)
        context.on("requestfinished", self._ended)
        context.on("requestfailed", self._ended)

    def _ended(self, request: Request) -> None:
        self._begun.discard(request)

    @property
    def open(self) -> int:
        """Those of closed pages end without a word."""
        return sum(not request.frame.page.is_closed() for request in self._begun)


async def test_tabs_share_a_conversation_and_one_stream(shop: Hosted, model: ModelServer, browser: Browser) -> None:
    async with visiting(browser, shop.page(lang="en", mode="page")) as page:
        first = Chat(page)
        streams = Streams(first)
        model.behave = says(ANSWER)
        await first.ask(QUESTION)
        tabs = [first, await first.tab(), await first.tab()]
        for tab in tabs:
            await tab.answer(0)
        model.behave = slowly(ANSWER, seconds=3)
        await tabs[1].send("And once more: how heavy are the trail lamps?")
        for tab in tabs:
            await tab.write_begun(60)
        assert streams.open == 1
        await first.page.close()  # it led
        for tab in tabs[1:]:
            await tab.answer(1)
            assert await tab.said() == [QUESTION, SHOWN, "And once more: how heavy are the trail lamps?", SHOWN]
        model.behave = says(ANSWER)
        await tabs[2].ask(QUESTION)
        await tabs[1].answer(2)
        assert await tabs[1].said() == await tabs[2].said()
        assert streams.open == 1


async def test_what_begins_in_one_tab_is_in_all(shop: Hosted, model: ModelServer, browser: Browser) -> None:
    async with visiting(browser, shop.page(lang="en", mode="page")) as page:
        first = Chat(page)
        second = await first.tab()
        model.behave = slowly(ANSWER, seconds=2)
        await second.send(QUESTION)
        await first.write_begun()
        for tab in (first, second):
            await tab.answer(0)
            assert await tab.said() == [QUESTION, SHOWN]


@pytest.mark.parametrize("way", ["New conversation", "Delete my conversation"])
async def test_a_conversation_left_or_deleted_in_one_tab_is_so_in_all(
    shop: Hosted, model: ModelServer, browser: Browser, way: str
) -> None:
    model.behave = says(ANSWER)
    # A stream that ends because of the deletion may come back once, and be told 404.
    async with visiting(browser, shop.page(lang="en", mode="page"), expected="status of 404") as page:
        first = Chat(page)
        await first.ask(QUESTION)
        second = await first.tab()
        await second.answer(0)
        old = await first.key()
        await second.menu(way)
        if way.startswith("Delete"):
            await second.button("Delete").click()
        for tab in (second, first):
            await expect(tab.element.locator(".welcome")).to_be_visible()
            await expect(tab.element.locator("ol.items > li")).to_have_count(0)
        await first.ask(QUESTION)
        await second.answer(0)
        assert (await second.key())["id"] != old["id"]
        assert await first.said() == await second.said() == [QUESTION, SHOWN]


@BOTH
@pytest.mark.parametrize("by", ["proxy", "browser"])
async def test_a_network_lost_in_mid_answer_loses_no_character(
    shop: Hosted, model: ModelServer, browser: Browser, lang: str, question: str, answer: str, shown: str, by: str
) -> None:
    model.behave = slowly(answer, seconds=6)
    async with visiting(browser, shop.page(lang=lang)) as page:
        chat = await Chat(page).open()
        await chat.send(question)
        begun = await chat.write_begun()
        if by == "proxy":
            await shop.network.cut()
        else:
            await page.context.set_offline(True)
        await expect(chat.state).to_contain_text("No connection" if lang == "en" else "网络已断开")
        await asyncio.sleep(CUT_S)
        assert (await chat.write_begun()).startswith(begun)
        if by == "proxy":
            await shop.network.mend()
        else:
            await page.context.set_offline(False)
        await chat.answer(0)
        assert await chat.said() == [question, shown]
        await expect(chat.state).to_have_text("")


async def test_a_killed_server_loses_and_doubles_no_character(
    shop: Hosted, model: ModelServer, browser: Browser
) -> None:
    """Many conversations at once, the chat of every other one in Chinese, over several restarts."""
    async with visiting(browser, shop.page(lang="en", mode="page")) as page:
        contexts = [await browser.new_context() for _ in range(CHATS - 1)]
        chats = [Chat(page)]
        for number, context in enumerate(contexts):
            tab = await context.new_page()
            await tab.goto(shop.page(lang="zh" if number % 2 else "en", mode="page"))
            chats.append(Chat(tab))
        expected: list[str] = []
        try:
            for turn in range(RESTARTS):
                question = f"{QUESTION} ({turn})"
                model.behave = slowly(ANSWER, seconds=40)
                for chat in chats:
                    await chat.send(question)
                await asyncio.gather(*(chat.write_begun(30) for chat in chats))
                await shop.server.kill()
                model.behave = slowly(ANSWER, seconds=2)
                await shop.server.start()
                await asyncio.gather(*(chat.answer(turn) for chat in chats))
                expected += [question, SHOWN]
                for chat in chats:
                    assert await chat.said() == expected
        finally:
            for context in contexts:
                await context.close()


@BOTH
async def test_what_was_written_before_a_stop_stays(
    shop: Hosted, model: ModelServer, browser: Browser, lang: str, question: str, answer: str, shown: str
) -> None:
    model.behave = slowly(answer, seconds=20)
    stop, stopped = ("Stop", "Stopped.") if lang == "en" else ("停止", "已停止。")
    async with visiting(browser, shop.page(lang=lang)) as page:
        chat = await Chat(page).open()
        await chat.send(question)
        begun = await chat.write_begun(60)
        await chat.button(stop).click()
        await expect(chat.notes).to_have_text([stopped])
        await expect(chat.writing).to_have_count(0)
        said = await chat.said()
        assert len(said[1]) >= len(begun)
        assert shown.startswith(said[1])
        await expect(chat.element.locator("li.part .mark").first).to_have_text("1")
        await expect(chat.element.locator("li.part .under button")).to_have_count(
            2
        )  # copy it, or have it answered again
        assert [said[0], said[2]] == [question, stopped]
        await expect(chat.box).to_be_focused()
        await page.reload()
        await chat.open()
        await expect(chat.notes).to_have_text([stopped], timeout=ANSWER_MS)
        assert await chat.said() == said
        model.behave = says(answer)
        await chat.ask(question)
        assert await chat.said() == [*said, question, shown]
