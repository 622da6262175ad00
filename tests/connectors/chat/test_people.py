"""A conversation that a person takes over: seen from both sides, in both languages; rating and transcript at the end."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.support.browser import visiting
from tests.support.chat import Chat, Hosted, hosted
from tests.support.homes import QUESTION, small_home

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(180)]

QUESTION_ZH = "手机的保修期是多久？"
# The people are there at no time that a test runs.
CLOSED = {"WIDGET__HOURS__TIME_ZONE": "UTC", "WIDGET__HOURS__MONDAY": '["00:00-00:01"]'}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shop(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Hosted]:
    async with hosted(small_home(tmp_path_factory.mktemp("small"))) as host:
        yield host


@pytest.mark.parametrize(
    ("lang", "question", "person", "notes", "typing", "said", "answer"),
    [
        ("en", QUESTION, "Talk to a person",
         ["A colleague has been asked to join.", "Ada has joined.", "Ada has left. The assistant is back."],
         "Ada is typing", "Of **course** <b>I</b> can help.", "30 days"),
        ("zh", QUESTION_ZH, "转人工客服",
         ["已请人工同事加入。", "小林已加入对话。", "小林已离开，智能客服继续为您服务。"],
         "小林正在输入", "您好，**我**来帮您。", "两年"),
    ],
    ids=["en", "zh"],
)  # fmt: skip
async def test_a_person_accepts_types_writes_and_leaves(
    shop: Hosted, browser: Browser, lang: str, question: str, person: str, notes: list[str], typing: str, said: str, answer: str
) -> None:  # fmt: skip
    name = "Ada" if lang == "en" else "小林"
    async with visiting(browser, shop.page(lang=lang)) as page:
        chat = await Chat(page).open()
        await chat.ask(question)
        await chat.menu(person)
        await expect(chat.notes).to_have_text(notes[:1])
        key = await chat.key()
        waiting = await shop.api.get(
            "/v1/operator/conversations?state=waiting", headers={"Authorization": "Bearer operators-key"}
        )
        assert key["id"] in [one["id"] for one in waiting.json()["conversations"]]
        await shop.operate(key["id"], "accept", name=name)
        await expect(chat.notes).to_have_text(notes[:2])
        await shop.operate(key["id"], "typing", name=name)
        await expect(chat.state).to_have_text(typing)
        await shop.operate(key["id"], "reply", text=said, name=name, client_id="1")
        await expect(chat.people).to_have_count(1)
        await expect(chat.state).to_have_text("")
        await expect(chat.people.locator(".who")).to_have_text(name)
        await expect(chat.people.locator("strong")).to_have_count(1)
        await expect(chat.people.locator("b")).to_have_count(0)
        # With a person there, Parley is silent.
        before = await chat.replies.count()
        await chat.send(question)
        await expect(chat.users.last).to_have_class("user sent")
        await expect(chat.state).to_have_text("")
        assert await chat.replies.count() == before
        await shop.operate(key["id"], "return")
        await expect(chat.notes).to_have_text(notes)
        reply = await chat.ask(f"{question} ")
        await expect(reply).to_contain_text(answer)
        shown = await chat.said()
        await page.reload()
        await chat.open()
        await chat.answer(before)
        assert await chat.said() == shown


@pytest.mark.parametrize("lang", ["en", "zh"])
async def test_outside_business_hours_it_says_when_people_are_back(
    tmp_path_factory: pytest.TempPathFactory, browser: Browser, lang: str
) -> None:
    async with (
        hosted(small_home(tmp_path_factory.mktemp("small")), **CLOSED) as host,
        visiting(browser, host.page(lang=lang), timezone_id="Asia/Shanghai") as page,
    ):
        chat = await Chat(page).open()
        await chat.ask(QUESTION if lang == "en" else QUESTION_ZH)
        await chat.menu("Talk to a person" if lang == "en" else "转人工客服")
        # In the company's time, as the reply says it, wherever the customer is.
        expected = (
            r"Our people are back Monday,? \d+ \w+ at 00:00 UTC\."
            if lang == "en"
            else r"人工客服将于.*月.*日星期一.*00:00.*恢复服务。"
        )
        await expect(chat.notes.first).to_have_text(re.compile(expected))


async def test_unread_messages_are_counted_on_the_launcher_and_in_the_title(shop: Hosted, browser: Browser) -> None:
    async with visiting(browser, shop.page(lang="en", notice="")) as page:
        chat = await Chat(page).open()
        await chat.ask(QUESTION)
        await chat.menu("Talk to a person")
        await expect(chat.notes).to_have_count(1)
        key = await chat.key()
        await shop.operate(key["id"], "accept", name="Ada")
        await page.keyboard.press("Escape")
        await expect(chat.launcher).to_be_focused()
        await expect(chat.element.locator(".badge")).to_have_count(0)
        heard = await page.evaluate_handle(
            "() => { const heard = []; addEventListener('parley-unread', ({ detail }) => heard.push(detail.count)); return heard; }"
        )
        for number in (1, 2):
            await shop.operate(key["id"], "reply", text=f"Number {number}", name="Ada", client_id=f"u{number}")
            await expect(chat.element.locator(".badge")).to_have_text(str(number))
            await expect(page).to_have_title(f"({number}) Shop")
        await expect(chat.launcher).to_have_accessible_name("Open chat, 2 new messages")
        await page.reload()
        await expect(chat.element.locator(".badge")).to_have_text("2")
        await expect(page).to_have_title("(2) Shop")
        await chat.open()
        await expect(page).to_have_title("Shop")
        await page.keyboard.press("Escape")
        await expect(chat.element.locator(".badge")).to_have_count(0)
        await page.reload()
        await expect(chat.launcher).to_be_visible()
        await page.wait_for_timeout(500)
        await expect(chat.element.locator(".badge")).to_have_count(0)
        await heard.dispose()


@pytest.mark.parametrize(
    ("lang", "question", "end", "ended", "more", "submit", "thanks", "fresh"),
    [
        ("en", QUESTION, "End conversation", "This conversation has ended.", "Tell us more (optional)", "Submit", "4 of 5", "New conversation"),
        ("zh", QUESTION_ZH, "结束对话", "本次对话已结束。", "请告诉我们更多（选填）", "提交", "4分（满分5分）", "新对话"),
    ],
    ids=["en", "zh"],
)  # fmt: skip
async def test_a_conversation_that_has_ended_is_rated(
    shop: Hosted, browser: Browser, lang: str, question: str, end: str, ended: str, more: str, submit: str, thanks: str, fresh: str
) -> None:  # fmt: skip
    async with visiting(browser, shop.page(lang=lang)) as page:
        chat = await Chat(page).open()
        await chat.ask(question)
        await chat.menu(end)
        await expect(chat.notes).to_have_text([ended])
        await expect(chat.box).to_have_count(0)
        await expect(chat.button(submit)).to_be_disabled()
        await chat.element.locator(".stars label").nth(3).click()
        await expect(chat.element.get_by_label(thanks)).to_be_checked()
        await chat.element.get_by_label(more).fill("好 good")
        await chat.button(submit).click()
        await expect(chat.element.locator("p.note")).to_contain_text(thanks)
        events = await shop.events(await chat.key())
        rated = [event["data"] for event in events if event["type"] == "conversation.rated"]
        assert rated == [{"score": 4, "comment": "好 good"}]
        await page.reload()
        await chat.open()
        await expect(chat.element.locator("p.note")).to_contain_text(thanks)
        await chat.button(fresh).click()
        await expect(chat.element.locator(".welcome")).to_be_visible()
        await chat.ask(question)
        assert len(await chat.said()) == 2


@pytest.mark.parametrize(
    ("lang", "question", "entry"),
    [("en", QUESTION, "Download transcript"), ("zh", QUESTION_ZH, "下载聊天记录")],
    ids=["en", "zh"],
)
async def test_the_transcript_is_saved(
    shop: Hosted, browser: Browser, tmp_path: Path, lang: str, question: str, entry: str
) -> None:
    async with visiting(browser, shop.page(lang=lang)) as page:
        chat = await Chat(page).open()
        await chat.ask(question)
        async with page.expect_download() as saving:
            await chat.menu(entry)
        saved = await saving.value
        assert saved.suggested_filename == "conversation.html"
        await saved.save_as(tmp_path / "saved.html")
        text = (tmp_path / "saved.html").read_text("utf-8")
        assert question in text
        assert ("30 days" if lang == "en" else "两年") in text
