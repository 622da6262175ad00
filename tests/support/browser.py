"""Debian's Chromium, driven by Playwright: pages that must not complain."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, ConsoleMessage, Page, async_playwright

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
_OFFLINE = r"net::ERR_(CONNECTION|INCOMPLETE|EMPTY|NETWORK|INTERNET_DISCONNECTED|SOCKET_NOT_CONNECTED)"
_VIOLATIONS = """addEventListener("securitypolicyviolation", (event) =>
  console.error(`violates ${event.effectiveDirective}: ${event.blockedURI} ${event.sample}`));"""


@asynccontextmanager
async def chromium(*flags: str) -> AsyncIterator[Browser]:
    """A browser with a fresh profile."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=_CHROMIUM, args=[*_FLAGS, *flags])
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def visiting(
    browser: Browser, url: str, *, expected: str = "", script: str = "", **context: object
) -> AsyncIterator[Page]:
    """A page with the chat, in a context of its own.

    Fails on any error, warning, dialog or violation of a policy, on any page of the context, but for a server that is
    away and what `expected` (a pattern) says. script: runs before anything of the page does.
    """
    opened = await browser.new_context(**context)  # type: ignore[arg-type]
    complaints: list[str] = []
    allowed = re.compile(f"{_OFFLINE}|{expected}" if expected else _OFFLINE)

    def note(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not allowed.search(message.text):
            complaints.append(message.text)

    opened.on("console", note)
    opened.on("weberror", lambda error: complaints.append(str(error.error)))
    opened.on("dialog", lambda dialog: complaints.append(f"dialog: {dialog.message}"))
    await opened.add_init_script(_VIOLATIONS)
    if script:
        await opened.add_init_script(script)
    try:
        page = await opened.new_page()
        await page.goto(url)
        await page.locator("parley-chat").locator(".launch, .log").first.wait_for()
        yield page
    finally:
        await opened.close()
    assert not complaints, "\n".join(complaints)
