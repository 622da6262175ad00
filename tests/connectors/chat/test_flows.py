"""A flow in the chat: its choices are buttons, what it wants to do is a card to agree to, in both languages."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.support.browser import visiting
from tests.support.chat import Chat, Hosted, hosted
from tests.support.homes import flow_home

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(120)]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shop(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Hosted]:
    async with hosted(flow_home(tmp_path_factory.mktemp("flow"))) as host:
        yield host


@pytest.mark.parametrize(
    ("language", "says", "reason", "number"),
    [
        ("en", ("I want a refund", "LO-10482", "customer3@example.com"), "It is damaged or faulty", "RF-10482"),
        ("zh", ("我要退款", "LO-10486", "customer7@example.com"), "商品损坏或有故障", "RF-10486"),
    ],
)
async def test_a_refund_by_buttons(
    browser: Browser, shop: Hosted, language: str, says: tuple[str, ...], reason: str, number: str
) -> None:
    async with visiting(browser, shop.page(lang=language), viewport={"width": 420, "height": 800}) as page:
        chat = await Chat(page).open()
        for text in says:
            await chat.ask(text)
        rating = chat.element.locator("li.agent [role=group]:not(.card, .chips)")
        await expect(rating).to_have_count(0)  # there is nothing to rate in a question
        await chat.element.get_by_role("button", name=reason).click()
        card = chat.element.locator(".card[role=group]")
        await expect(card).to_be_visible(timeout=20_000)
        await expect(card).to_contain_text(reason)
        await card.locator(".main").click()
        await expect(chat.replies.filter(has_text=number)).to_be_visible(timeout=20_000)
        await expect(card).to_have_count(0)
        await expect(rating).to_have_count(1)
