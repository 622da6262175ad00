"""Agreement, the form before the chat, and deletion: nothing is stored or sent that was not agreed to."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, Request, expect

from tests.support.browser import visiting
from tests.support.chat import KEY, Chat, Hosted, hosted
from tests.support.homes import QUESTION, small_home

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(180)]

QUESTION_ZH = "手机的保修期是多久？"
FORM = """[
  {"name": "name", "label": "Your name", "label_zh": "您的姓名", "required": true},
  {"name": "email", "label": "E-mail", "label_zh": "电子邮箱", "type": "email", "required": true},
  {"name": "topic", "label": "Topic", "label_zh": "主题", "type": "select", "options": ["Order", "Return"], "options_zh": ["订单", "退货"]}
]"""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shop(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Hosted]:
    asked = {
        "WIDGET__CONSENT__REQUIRED": "true",
        "WIDGET__CONSENT__LEARNING": "true",
        "WIDGET__CONSENT__TEXT": "May we keep this?",
        "WIDGET__CONSENT__TEXT_ZH": "我们可以保存吗？",
        "WIDGET__CONSENT__PRIVACY_URL": "https://shop.example/privacy",
        "WIDGET__FORM": FORM,
    }
    async with hosted(small_home(tmp_path_factory.mktemp("small")), **asked) as host:
        yield host


def sent(page: Page) -> list[str]:
    """Everything that the context sends from now on, but for what it reads."""
    found: list[str] = []

    def note(request: Request) -> None:
        if request.method not in {"GET", "OPTIONS"}:
            found.append(f"{request.method} {request.url}")

    page.context.on("request", note)
    return found


async def test_a_refusal_sends_and_stores_nothing(shop: Hosted, browser: Browser) -> None:
    async with visiting(browser, shop.page(lang="en")) as page:
        posts = sent(page)
        chat = await Chat(page).open()
        card = chat.element.locator(".card")
        await expect(card).to_contain_text("May we keep this?")
        await expect(card.get_by_role("link", name="Privacy policy")).to_have_attribute(
            "href", "https://shop.example/privacy"
        )
        await expect(chat.box).to_have_count(0)
        await chat.button("No, thanks").click()
        await expect(card).to_contain_text("Nothing was stored or sent.")
        await page.reload()
        await chat.open()
        await expect(card).to_contain_text("May we keep this?")
        assert posts == []
        assert await chat.stored() == {}
        assert await page.context.cookies() == []


@pytest.mark.parametrize("learning", [True, False])
@pytest.mark.parametrize(
    ("lang", "question", "ask", "learn", "agree", "names", "wrong", "missing", "topic", "start"),
    [
        ("en", QUESTION, "May we keep this?", "It may also be used to improve the assistant.", "Agree and start",
         ("Your name *", "E-mail *", "Topic"), "Please give an e-mail address.", "Please fill in “Your name”.", "Return", "Start chat"),
        ("zh", QUESTION_ZH, "我们可以保存吗？", "也可以用于改进智能客服。", "同意并开始",
         ("您的姓名 *", "电子邮箱 *", "主题"), "请填写有效的电子邮箱。", "请填写“您的姓名”。", "退货", "开始聊天"),
    ],
    ids=["en", "zh"],
)  # fmt: skip
async def test_agreement_and_form_come_before_the_first_word(
    shop: Hosted, browser: Browser, lang: str, question: str, ask: str, learn: str, agree: str,
    names: tuple[str, str, str], wrong: str, missing: str, topic: str, start: str, *, learning: bool,
) -> None:  # fmt: skip
    async with visiting(browser, shop.page(lang=lang)) as page:
        posts = sent(page)
        opened: list[dict[str, object]] = []
        page.on("request", lambda one: opened.append(one.post_data_json) if one.url.endswith("/v1/conversations") and one.method == "POST" else None)  # fmt: skip
        chat = await Chat(page).open()
        await expect(chat.element.locator(".card")).to_contain_text(ask)
        box = chat.element.get_by_label(learn)
        await expect(box).not_to_be_checked()
        await box.set_checked(learning)
        assert await chat.stored() == {}
        await chat.button(agree).click()
        alert = chat.element.get_by_role("alert")
        await chat.button(start).click()
        await expect(alert).to_have_text(missing)
        name, email, subject = names
        await chat.element.get_by_label(name, exact=True).fill("Ming")
        await chat.element.get_by_label(email, exact=True).fill("not an address")
        await chat.button(start).click()
        await expect(alert).to_have_text(wrong)
        await expect(chat.element.get_by_label(email, exact=True)).to_be_focused()
        await chat.element.get_by_label(email, exact=True).fill("ming@example.com")
        await chat.element.get_by_role("combobox", name=subject).select_option(topic)
        assert posts == []
        await chat.button(start).click()
        await expect(chat.box).to_be_focused()
        await chat.ask(question)
        form = {"name": "Ming", "email": "ming@example.com", "topic": topic}
        assert opened == [
            {"lang": "zh-CN" if lang == "zh" else "en", "consent": True, "learning": learning, "form": form}
        ]
        await page.reload()
        await chat.open()
        await chat.answer(0)
        await expect(chat.element.locator(".card")).to_have_count(0)


async def agreed(chat: Chat) -> None:
    """Through all that is asked before the first word."""
    await chat.button("Agree and start").click()
    await chat.element.get_by_label("Your name *").fill("Ming")
    await chat.element.get_by_label("E-mail *").fill("ming@example.com")
    await chat.button("Start chat").click()


async def test_an_address_that_only_the_server_finds_wrong_is_asked_again(shop: Hosted, browser: Browser) -> None:
    """A browser takes `ming@localhost` for an address; the server does not."""
    async with visiting(browser, shop.page(lang="en"), expected="status of 422") as page:
        chat = await Chat(page).open()
        await chat.button("Agree and start").click()
        await chat.element.get_by_label("Your name *").fill("Ming")
        await chat.element.get_by_label("E-mail *").fill("ming@localhost")
        await chat.button("Start chat").click()
        await chat.send(QUESTION)
        await expect(chat.users.first).to_contain_text("this is no e-mail address")
        await chat.element.get_by_label("Your name *").fill("Ming")
        await chat.element.get_by_label("E-mail *").fill("ming@example.com")
        await chat.button("Start chat").click()
        await chat.button("Try again").click()
        await chat.answer(0)


async def test_a_deleted_conversation_is_gone_here_and_there(shop: Hosted, browser: Browser) -> None:
    async with visiting(browser, shop.page(lang="en"), expected="status of 404") as page:
        chat = await Chat(page).open()
        await agreed(chat)
        await chat.ask(QUESTION)
        key = await chat.key()
        await chat.menu("Delete my conversation")
        await chat.button("Cancel").click()
        await expect(chat.users).to_have_count(1)
        await chat.menu("Delete my conversation")
        await chat.button("Delete").click()
        await expect(chat.users).to_have_count(0)
        await expect(chat.element.locator(".card")).to_contain_text("May we keep this?")
        assert await chat.stored() == {}
        path = f"/v1/conversations/{key['id']}"
        for headers in ({"Authorization": f"Bearer {key['token']}"}, {"Authorization": f"Bearer {KEY}"}):
            assert (await shop.api.get(path, headers=headers)).status_code == 404
        gone = await shop.api.get(f"/v1/operator{path[3:]}", headers={"Authorization": f"Bearer {KEY}"})
        assert gone.status_code == 404
