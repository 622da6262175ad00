"""A refusal leads on: the article that may be meant is a button, and pressing it shows the article, in both languages."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from agent.home import Home
from agent.homes import open_documents
from agent.settings import load_settings
from tests.support.browser import visiting
from tests.support.chat import Chat, Hosted, hosted
from tests.support.homes import small_home

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(120)]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shop(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Hosted]:
    folder = tmp_path_factory.mktemp("unsure")
    home = small_home(folder)
    # Among so few articles no word tells much.
    for n in range(20):
        (folder / "articles" / f"{n}.md").write_text(f"# Subject{n}\n\nAll that subject{n} is about.\n", "utf-8")
    with open_documents(Home(home), load_settings(home)) as library:
        library.ingest([folder / "articles"])
    async with hosted(home, GUARD__WRONG_ANSWER_COST="50") as host:
        yield host


@pytest.mark.parametrize(
    ("language", "question", "title", "said"),
    [
        ("en", "Can I send a product back after 30 days, and is return shipping free?", "Returns", "within 30 days"),
        ("zh", "手机的保修期和电池的保修期分别是几年？", "保修政策", "两年"),
    ],
)
async def test_an_article_is_one_click_away(
    browser: Browser, shop: Hosted, language: str, question: str, title: str, said: str
) -> None:
    async with visiting(browser, shop.page(lang=language), viewport={"width": 420, "height": 800}) as page:
        chat = await Chat(page).open()
        refusal = await chat.ask(question)
        await expect(refusal).not_to_contain_text(said)
        await chat.button(title).click()
        shown = await chat.answer(1)
        await expect(shown).to_contain_text(said)
        await expect(chat.button(title)).to_have_count(0)
