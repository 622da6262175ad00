"""From the first question to the last citation, on a site of another origin under a strict policy, in both languages."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Response, expect

from tests.support.browser import visiting
from tests.support.chat import Chat, Hosted, hosted
from tests.support.long_answers import ANSWER, ANSWER_ZH, QUESTION, QUESTION_ZH, lamp_home, slowly
from tests.support.openai_server import ModelServer, says

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(180)]

SUGGESTIONS = f"en:\n- {QUESTION}\nzh:\n- {QUESTION_ZH}\n"
FIRST, FIRST_ZH = ANSWER.split(". ")[0] + ".", ANSWER_ZH.split("。")[0] + "。"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shop(tmp_path_factory: pytest.TempPathFactory, model: ModelServer) -> AsyncIterator[Hosted]:
    home = lamp_home(tmp_path_factory.mktemp("lamps"), SUGGESTIONS)
    async with hosted(home, MODEL__BASE_URL=model.url) as host:
        yield host


def shown(answer: str) -> str:
    """An answer as it is read: its marks are buttons."""
    return answer.replace("[1]", "1")


def unmarked(answer: str) -> str:
    """An answer as it is read while it is written: its sources are not yet known."""
    return answer.replace("[1]", "").replace(" .", ".").strip()


@pytest.mark.parametrize("by", ["loader", "module"])
@pytest.mark.parametrize(
    ("lang", "question", "answer", "fact", "sources"),
    [("en", QUESTION, ANSWER, "trail lamp weighs", "Sources"), ("zh", QUESTION_ZH, ANSWER_ZH, "色的登山灯重", "出处")],
    ids=["en", "zh"],
)
async def test_an_answer_grows_and_each_mark_opens_its_source(
    shop: Hosted,
    model: ModelServer,
    browser: Browser,
    by: str,
    lang: str,
    question: str,
    answer: str,
    fact: str,
    sources: str,
) -> None:
    model.behave = slowly(answer, seconds=2)
    async with visiting(browser, shop.page(by, lang=lang)) as page:
        chat = await Chat(page).open()
        await expect(chat.box).to_be_focused()
        await page.keyboard.type(question)
        await page.keyboard.press("Enter")
        begun = await chat.write_begun()
        grown = await chat.write_begun(len(begun) + 30)
        assert len(grown) > len(begun)
        assert unmarked(answer).startswith(begun)
        assert unmarked(answer).startswith(grown)
        reply = await chat.answer(0)
        assert await chat.said() == [question, shown(answer)]
        await expect(reply.locator(".bubble")).to_have_attribute("lang", lang)
        await expect(reply.locator(".sources h3")).to_have_text(sources)
        quote = reply.locator("blockquote")
        await expect(quote).to_be_hidden()
        marks = reply.locator("button.mark")
        await expect(marks).to_have_count(answer.count("[1]"))
        for mark in (marks.first, marks.last):
            await mark.click()
            await expect(quote).to_be_visible()
            await expect(quote).to_contain_text(fact)
            await expect(reply.locator("summary")).to_be_focused()
            await page.keyboard.press("Enter")
            await expect(quote).to_be_hidden()


def _is_feedback(response: Response) -> bool:
    return response.url.endswith("/feedback")


@pytest.mark.parametrize(
    ("lang", "question", "answer", "names"),
    [
        ("en", QUESTION, FIRST, ("Helpful", "Not helpful", "Incomplete", "Tell us more (optional)", "Submit", "Thank you!")),
        ("zh", QUESTION_ZH, FIRST_ZH, ("有帮助", "没帮助", "不完整", "请告诉我们更多（选填）", "提交", "谢谢您的反馈！")),
    ],
    ids=["en", "zh"],
)  # fmt: skip
async def test_thumbs_and_the_reason_are_stored(
    shop: Hosted, model: ModelServer, browser: Browser, lang: str, question: str, answer: str, names: tuple[str, ...]
) -> None:
    model.behave = says(answer)
    good, bad, reason, more, submit, thanks = names
    async with visiting(browser, shop.page(lang=lang)) as page:
        chat = await Chat(page).open()
        reply = await chat.ask(question)
        await chat.button(good).click()
        await expect(chat.button(good)).to_have_attribute("aria-pressed", "true")
        await expect(reply).to_contain_text(thanks)
        async with page.expect_response(_is_feedback):
            await chat.button(bad).click()
        await chat.element.get_by_label(reason, exact=True).check()
        await chat.element.get_by_label(more).fill("It <b>must</b> name the fern.")
        async with page.expect_response(_is_feedback):  # the chat shows what was chosen before the server has it
            await chat.button(submit).click()
        await expect(chat.button(bad)).to_have_attribute("aria-pressed", "true")
        await expect(chat.button(good)).to_have_attribute("aria-pressed", "false")
        await expect(chat.box).to_be_focused()
        events = await shop.events(await chat.key())
        replied = next(event["n"] for event in events if event["type"] == "reply.completed")
        given = [event["data"] for event in events if event["type"] == "feedback.given"]
        assert [(one["event"], one["value"]) for one in given] == [(replied, 1), (replied, -1), (replied, -1)]
        assert given[-1]["comment"] == f"{reason}; It <b>must</b> name the fern."
        await page.reload()
        await chat.open()
        await expect(chat.button(bad)).to_have_attribute("aria-pressed", "true")


async def test_an_answer_is_copied_without_its_marks(shop: Hosted, model: ModelServer, browser: Browser) -> None:
    model.behave = says(FIRST)
    async with visiting(browser, shop.page(lang="en"), permissions=["clipboard-read", "clipboard-write"]) as page:
        chat = await Chat(page).open()
        await chat.ask(QUESTION)
        await chat.button("Copy").click()
        await expect(chat.state).to_have_text("Copied")
        copied = await page.evaluate("navigator.clipboard.readText()")
        assert copied == unmarked(FIRST)


@pytest.mark.parametrize(
    ("lang", "question", "old", "new", "again"),
    [
        ("en", QUESTION, FIRST, "The birch trail lamp weighs 102 grams [1].", "Answer again"),
        ("zh", QUESTION_ZH, FIRST_ZH, "白桦色的登山灯重202克[1]。", "重新回答"),
    ],
    ids=["en", "zh"],
)
async def test_an_answer_given_again_takes_the_place_of_the_old(
    shop: Hosted, model: ModelServer, browser: Browser, lang: str, question: str, old: str, new: str, again: str
) -> None:
    model.behave = says(old)
    async with visiting(browser, shop.page(lang=lang)) as page:
        chat = await Chat(page).open()
        await chat.ask(question)
        for answer in (new, old, new):
            model.behave = says(answer)
            await chat.button(again).click()
            await expect(chat.replies.locator(".bubble > .text")).to_have_text([shown(answer)])
            assert await chat.said() == [question, shown(answer)]
        await page.reload()
        await chat.open()
        await expect(chat.replies.locator(".bubble > .text")).to_have_text([shown(new)])
        assert await chat.said() == [question, shown(new)]


@pytest.mark.parametrize(
    ("lang", "question", "answer"), [("en", QUESTION, FIRST), ("zh", QUESTION_ZH, FIRST_ZH)], ids=["en", "zh"]
)
async def test_a_suggestion_is_asked_by_a_click(
    shop: Hosted, model: ModelServer, browser: Browser, lang: str, question: str, answer: str
) -> None:
    model.behave = says(answer)
    async with visiting(browser, shop.page(lang=lang)) as page:
        chat = await Chat(page).open()
        await chat.button(question).click()
        await chat.answer(0)
        assert await chat.said() == [question, shown(answer)]
        await expect(chat.element.locator(".welcome")).to_have_count(0)


async def test_a_refusal_offers_a_person(shop: Hosted, browser: Browser) -> None:
    async with visiting(browser, shop.page(lang="en")) as page:
        chat = await Chat(page).open()
        await chat.ask("Do you sell bicycles?")
        await chat.button("Talk to a person").click()
        await expect(chat.notes).to_have_text(["A colleague has been asked to join."])
        await expect(chat.button("Talk to a person")).to_have_count(0)


async def test_everything_can_be_done_with_the_keyboard(shop: Hosted, model: ModelServer, browser: Browser) -> None:
    model.behave = says(FIRST)
    async with visiting(browser, shop.page("module", lang="en", mode="page")) as page:
        chat = Chat(page)
        await chat.box.focus()
        await page.keyboard.type("two")
        await page.keyboard.press("Shift+Enter")
        await page.keyboard.type("lines")
        await expect(chat.box).to_have_value("two\nlines")
        await page.keyboard.press("Control+a")
        await page.keyboard.type(QUESTION)
        await page.keyboard.press("Enter")
        reply = await chat.answer(0)
        await expect(chat.box).to_be_focused()
        mark = reply.locator("button.mark")
        for _ in range(12):
            await page.keyboard.press("Shift+Tab")
            if await mark.evaluate("(mark) => mark.getRootNode().activeElement === mark"):
                break
        await expect(mark).to_be_focused()
        await page.keyboard.press("Enter")
        await expect(reply.locator("blockquote")).to_be_visible()
        await expect(reply.locator("summary")).to_be_focused()
        await page.keyboard.press("Enter")
        await expect(reply.locator("blockquote")).to_be_hidden()
