"""Debian's Chromium, driven by Playwright: pages that must not complain, and what is said on them."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, ConsoleMessage, Locator, Page, async_playwright, expect

_CHROMIUM = "/usr/bin/chromium"
_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_OFFLINE = re.compile(r"net::ERR_(CONNECTION|INCOMPLETE|EMPTY|NETWORK)")
ANSWER_MS = 30_000


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """A browser with a fresh profile."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=_CHROMIUM, args=list(_FLAGS))
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def visiting(browser: Browser, url: str, **context: object) -> AsyncIterator[Page]:
    """The page in a context of its own. Fails on any error or violation of its policy, except a server that is away."""
    opened = await browser.new_context(**context)  # type: ignore[arg-type]
    page = await opened.new_page()
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not _OFFLINE.search(message.text):
            complaints.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: complaints.append(f"dialog: {dialog.message}"))
    try:
        await page.goto(url)
        await expect(page.locator("#welcome")).to_be_visible()
        yield page
    finally:
        await opened.close()
    assert complaints == []


async def ask(page: Page, question: str) -> Locator:
    """Types a question, as a person does; the answer, once it is complete."""
    before = await page.locator(".message.assistant, .message.failed").count()
    await page.locator("#text").focus()
    await page.keyboard.type(question)
    await page.keyboard.press("Enter")
    return await answer(page, before)


async def answer(page: Page, number: int) -> Locator:
    """The answer of that number, from 0, once it is complete."""
    found = page.locator(".message.assistant, .message.failed").nth(number)
    await expect(found).to_be_visible(timeout=ANSWER_MS)
    await expect(page.locator("#stop")).to_be_hidden(timeout=ANSWER_MS)
    return found
