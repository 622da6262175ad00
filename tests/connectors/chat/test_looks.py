"""Every state of the chat, at three widths, light and dark, in both languages: axe, targets, nothing cut off, and a picture.

Takes minutes: PARLEY_TEST_LONG=1 runs it, and leaves the pictures in test-results/looks to be looked at.
"""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from tests.connectors.chat.test_access import SMALL
from tests.connectors.chat.test_agreement import FORM
from tests.connectors.chat.test_people import CLOSED
from tests.support.axe import faults
from tests.support.browser import visiting
from tests.support.chat import ANSWER_MS, Chat, Hosted, hosted
from tests.support.homes import sample_shop
from tests.support.long_answers import ANSWER, ANSWER_ZH, QUESTION, QUESTION_ZH, lamp_home, slowly
from tests.support.openai_server import ModelServer

pytestmark = [
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.timeout(900),
    pytest.mark.skipif(os.environ.get("PARLEY_TEST_LONG") != "1", reason="minutes long: PARLEY_TEST_LONG=1"),
]
FOLDER = Path("test-results/looks")
SIZES = ((360, 740), (768, 900), (1440, 900))
ASKED = {
    "WIDGET__CONSENT__REQUIRED": "true",
    "WIDGET__CONSENT__LEARNING": "true",
    "WIDGET__FORM": FORM,
    "WIDGET__UPLOADS__TYPES": '["image/png", "text/plain"]',
    "WIDGET__UPLOADS__MAX_BYTES": "2000",
}
STILL = {"bypass_csp": True, "reduced_motion": "reduce"}  # axe is let in, and nothing moves


@dataclass(frozen=True)
class Words:
    """What the tests say and press, in one language. flow: up to the choice of a reason, which is `reason`."""

    lang: str
    question: str
    table: str
    flow: tuple[str, ...]
    reason: str
    person: str
    end: str
    erase: str
    stop: str
    bad: str
    agree: str
    refuse: str
    start: str
    submit: str
    no: str
    names: tuple[str, str]
    colleague: str
    said: str
    lamps: str
    answer: str
    too_long: str


EN = Words(
    "en", "How long do I have to return something?", "Compare the Norvane P4 and the Norvane P5",
    ("I want a refund", "LO-10482", "customer3@example.com"), "It is damaged or faulty", "Talk to a person",
    "End conversation", "Delete my conversation", "Stop", "Not helpful", "Agree and start", "No, thanks", "Start chat", "Submit",
    "Cancel", ("Your name *", "E-mail *"), "Ada", "Of **course** I can help.\n\n- one\n- two", QUESTION, ANSWER, "at most 200 characters",
)  # fmt: skip
ZH = Words(
    "zh", "退货期限是多久？", "Norvane P4和Norvane P5有什么区别", ("我要退款", "LO-10486", "customer7@example.com"),
    "商品损坏或有故障", "转人工客服", "结束对话", "删除我的对话", "停止", "没帮助", "同意并开始", "不同意", "开始聊天", "提交", "取消",
    ("您的姓名 *", "电子邮箱 *"), "小林", "您好，**我**来帮您。\n\n- 一\n- 二", QUESTION_ZH, ANSWER_ZH, "最多200个字符",
)  # fmt: skip
LANGUAGES = pytest.mark.parametrize("words", [EN, ZH], ids=["en", "zh"])


class Looks:
    """Takes the pictures of one page and judges what they show."""

    def __init__(self, page: Page, lang: str) -> None:
        self._page = page
        self._lang = lang
        self._taken: set[str] = set()

    async def take(self, state: str) -> None:
        """The page as it is, in each size and scheme."""
        assert state not in self._taken
        self._taken.add(state)
        for width, height in SIZES:
            await self._page.set_viewport_size({"width": width, "height": height})
            for scheme in ("light", "dark"):
                await self._page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
                name = f"{state}-{self._lang}-{width}-{scheme}"
                await self._page.screenshot(path=FOLDER / f"{name}.png")
                assert await faults(self._page) == [], name
                assert await self._page.evaluate(SMALL) == [], name
                assert await self._page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name


@asynccontextmanager
async def looked_at(
    browser: Browser, host: Hosted, words: Words, expected: str = ""
) -> AsyncIterator[tuple[Chat, Looks]]:
    FOLDER.mkdir(parents=True, exist_ok=True)
    async with visiting(browser, host.page(lang=words.lang), expected=expected, **STILL) as page:
        yield Chat(page), Looks(page, words.lang)


@LANGUAGES
async def test_from_the_first_click_to_the_rating(
    tmp_path_factory: pytest.TempPathFactory, browser: Browser, words: Words
) -> None:
    home = sample_shop(tmp_path_factory.mktemp("shop") / "home", "corpus")
    async with hosted(home, **ASKED) as host, looked_at(browser, host, words) as (chat, looks):
        for part in (_agreement, _answers, _flow, _files):
            await part(chat, looks, words)
        await _people(host, chat, looks, words)
        await _end(chat, looks, words)


async def _agreement(chat: Chat, looks: Looks, words: Words) -> None:
    await looks.take("01-closed")
    await chat.open()
    await looks.take("02-consent")
    await chat.button(words.refuse).click()
    await looks.take("03-refused")
    await chat.button(words.start).click()
    await chat.button(words.agree).click()
    await looks.take("04-form")
    await chat.button(words.start).click()
    await looks.take("05-form-incomplete")
    for name, value in zip(words.names, ("Ming", "ming@example.com"), strict=True):
        await chat.element.get_by_label(name, exact=True).fill(value)
    await chat.button(words.start).click()
    await chat.element.locator(".welcome").wait_for()
    await looks.take("06-welcome")


async def _answers(chat: Chat, looks: Looks, words: Words) -> None:
    reply = await chat.ask(words.question)
    await looks.take("07-answer")
    await reply.locator("summary").first.click()
    await looks.take("08-source")
    await chat.button(words.bad).first.click()
    await chat.element.locator("form.card").wait_for()
    await looks.take("09-why")
    await chat.button(words.submit).click()
    await looks.take("10-thanks")
    await chat.ask(words.table)
    await looks.take("11-compared")
    await chat.element.locator("#more").click()
    await looks.take("12-menu")
    await chat.page.keyboard.press("Escape")
    await chat.menu(words.erase)
    await looks.take("13-erase")
    await chat.button(words.no).click()


async def _flow(chat: Chat, looks: Looks, words: Words) -> None:
    for number, text in enumerate(words.flow):
        await chat.ask(text)
        await looks.take(f"14-flow-{number}")
    await chat.element.get_by_role("button", name=words.reason).click()
    card = chat.element.locator(".card[role=group]")
    await expect(card).to_be_visible(timeout=ANSWER_MS)
    await looks.take("15-confirm")
    await card.locator(".main").click()
    await expect(card).to_have_count(0, timeout=ANSWER_MS)
    await expect(chat.writing).to_have_count(0, timeout=ANSWER_MS)
    await looks.take("16-done")


async def _files(chat: Chat, looks: Looks, words: Words) -> None:
    def file(name: str, kind: str, size: int) -> dict[str, object]:
        return {"name": name, "mimeType": kind, "buffer": b"\x89PNG\r\n\x1a\n" + bytes(size)}

    put = chat.element.locator("#file").set_input_files
    await put([file("螺丝 photo of a screw that has come loose.png", "image/png", 100)])  # type: ignore[list-item]
    await expect(chat.element.locator(".picked .file")).to_have_count(1)
    await looks.take("17-file-picked")
    await put([file("a.exe", "application/x-msdownload", 2)])  # type: ignore[list-item]
    await looks.take("18-file-refused")
    await chat.ask(words.question + " ")
    await looks.take("19-file-sent")


async def _people(host: Hosted, chat: Chat, looks: Looks, words: Words) -> None:
    await chat.menu(words.person)
    await expect(chat.notes).to_have_count(1)
    await looks.take("20-person-asked")
    key, name = await chat.key(), words.colleague
    await host.operate(key["id"], "accept", name=name)
    await expect(chat.notes).to_have_count(2)
    await host.operate(key["id"], "reply", text=words.said, name=name, client_id="1")
    await expect(chat.people).to_have_count(1)
    await looks.take("21-person")
    await chat.page.set_viewport_size({"width": 1440, "height": 900})
    await chat.page.keyboard.press("Escape")
    await expect(chat.launcher).to_be_visible()
    await host.operate(key["id"], "reply", text=words.said, name=name, client_id="2")
    await expect(chat.element.locator(".badge")).to_have_text("1")
    await looks.take("22-unread")
    await chat.open()
    await host.operate(key["id"], "return")
    await expect(chat.notes).to_have_count(3)
    await looks.take("23-person-left")


async def _end(chat: Chat, looks: Looks, words: Words) -> None:
    await chat.menu(words.end)
    await chat.element.locator(".stars").wait_for()
    await looks.take("24-ended")
    await chat.element.locator(".stars label").nth(3).click()
    await chat.button(words.submit).click()
    await chat.element.locator("p.note").wait_for()
    await looks.take("25-rated")


@LANGUAGES
async def test_an_answer_on_its_way_and_whatever_may_befall_it(
    tmp_path_factory: pytest.TempPathFactory, browser: Browser, model: ModelServer, words: Words
) -> None:
    home = lamp_home(tmp_path_factory.mktemp("lamps"))
    settings = {
        "MODEL__BASE_URL": model.url,
        "MODEL__TOTAL_TIMEOUT_S": "300",
        "SERVER__MAX_MESSAGE_CHARS": "200",
        **CLOSED,
    }
    async with (
        hosted(home, **settings) as host,
        looked_at(browser, host, words, expected="status of 422") as (chat, looks),
    ):
        await chat.open()
        model.behave = slowly(words.answer, seconds=150)
        await chat.send(words.lamps)
        await expect(chat.state).not_to_have_text("")
        await looks.take("30-before-the-first-word")
        await chat.write_begun(20)
        await looks.take("31-writing")
        await chat.button(words.stop).click()
        await expect(chat.writing).to_have_count(0)
        await looks.take("32-stopped")
        await chat.send(words.lamps * 20)
        await expect(chat.users.nth(1)).to_have_class("user failed")
        await expect(chat.users.nth(1)).to_contain_text(words.too_long)
        await looks.take("33-not-sent")
        await host.network.cut()
        await chat.send(words.lamps)
        await expect(chat.state).not_to_have_text("")
        await looks.take("34-offline")
        model.behave = slowly(words.answer, seconds=0.2)
        await host.network.mend()
        await chat.answer(0)  # what was stopped is none
        await looks.take("35-back")
        await chat.menu(words.person)
        await expect(chat.notes.last).to_be_visible()
        await looks.take("36-out-of-hours")
        await chat.element.locator(".log").evaluate("(log) => { log.scrollTop = 0; }")
        await looks.take("37-scrolled-up")


PLACES: tuple[tuple[str, str], ...] = (
    ("page", "/chat"),
    ("playground", "/playground"),
    ("demo", "/"),
    ("arabic", "/chat?lang=ar"),
)


@pytest.mark.parametrize(("name", "path"), PLACES)
async def test_the_pages_that_a_server_brings(
    tmp_path_factory: pytest.TempPathFactory, browser: Browser, name: str, path: str
) -> None:
    home = sample_shop(tmp_path_factory.mktemp("shop") / "home", "corpus")
    async with hosted(home) as host, visiting(browser, host.server.url + path, **STILL) as page:
        FOLDER.mkdir(parents=True, exist_ok=True)
        await Looks(page, "en").take(f"40-{name}")
