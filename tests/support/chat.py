"""`<parley-chat>` as a person uses it, and the server and site that it lives between."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from playwright.async_api import Locator, Page, expect

from tests.support.host_site import HostSite, host_site
from tests.support.parley_process import ParleyServer
from tests.support.weak_network import WeakNetwork, weak_network

ANSWER_MS = 30_000
KEY = "operators-key"
_SETTINGS = {
    "PARLEY_KNOWLEDGE__EMBEDDER": "corpus",
    "PARLEY_SERVER__API_KEY": KEY,
    **{
        f"PARLEY_SERVER__LIMITS__{name}_PER_MINUTE": "0"
        for name in ("ADDRESS", "NEW_CONVERSATIONS", "CONVERSATION", "SITE")
    },
}
_REPLY = "li.agent:not(.writing, .person, .part)"


class Chat:
    """The chat on one page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.element = page.locator("parley-chat")
        self.box = self.element.locator("#text")
        self.replies = self.element.locator(_REPLY)
        self.users = self.element.locator("li.user")
        self.people = self.element.locator("li.person")
        self.notes = self.element.locator("li.note")
        self.writing = self.element.locator("li.writing")
        self.state = self.element.locator(".state")
        self.launcher = self.element.locator(".launch")

    async def open(self) -> "Chat":
        """Opens the panel of a launcher; after a reload it may be open again by itself."""
        await self.launcher.wait_for(state="attached")
        if await self.launcher.get_attribute("aria-expanded") == "false":
            await self.launcher.click()
        await expect(self.element.locator(".panel")).to_be_visible()
        return self

    async def tab(self) -> "Chat":
        """The same page in another tab."""
        page = await self.page.context.new_page()
        await page.goto(self.page.url)
        await page.locator("parley-chat").locator(".launch, .log").first.wait_for()
        return Chat(page)

    async def send(self, text: str) -> None:
        """Types a message and sends it."""
        await self.box.click()
        await self.page.keyboard.insert_text(text)
        await self.page.keyboard.press("Enter")

    async def ask(self, question: str) -> Locator:
        """Sends a question; the answer, once it is complete."""
        before = await self.replies.count()
        await self.send(question)
        return await self.answer(before)

    async def answer(self, number: int) -> Locator:
        """The answer of that number, from 0, once it is complete and nothing is being written."""
        found = self.replies.nth(number)
        await expect(found).to_be_visible(timeout=ANSWER_MS)
        await expect(self.writing).to_have_count(0, timeout=ANSWER_MS)
        return found

    async def write_begun(self, least: int = 1) -> str:
        """Returns once an answer is being written and that many characters are shown: these."""
        await self.page.wait_for_function(
            """(least) => (document.querySelector("parley-chat").shadowRoot.querySelector("li.writing")?.innerText ?? "").length >= least""",
            arg=least,
            timeout=ANSWER_MS,
        )
        return " ".join((await self.writing.inner_text()).replace(" .", ".").split())

    async def menu(self, entry: str) -> None:
        """Chooses from the menu, in the chat's language."""
        await self.element.locator("#more").click()
        await self.element.locator("#menu").get_by_role("button", name=entry, exact=True).click()

    def button(self, name: str) -> Locator:
        return self.element.get_by_role("button", name=name, exact=True)

    async def said(self) -> list[str]:
        """What is shown of the conversation, in order."""
        shown: list[str] = await self.element.locator("ol.items > li").evaluate_all(
            "(items) => items.map((item) => (item.querySelector('.text') ?? item.querySelector('.bubble') ?? item).innerText.trim())"
        )
        return shown

    async def stored(self) -> dict[str, str]:
        """What the page's origin keeps in the browser."""
        kept: dict[str, str] = await self.page.evaluate("({...localStorage, ...sessionStorage})")
        return kept

    async def key(self) -> dict[str, str]:
        """What opens the conversation."""
        return next(json.loads(value) for name, value in (await self.stored()).items() if name.endswith(":key"))


@dataclass(frozen=True)
class Hosted:
    """A server, a site of another origin whose pages embed its chat, and the network between the two."""

    server: ParleyServer
    site: HostSite
    network: WeakNetwork
    api: httpx.AsyncClient

    def page(self, by: str = "loader", **attributes: str) -> str:
        return self.site.page(by, **attributes)

    async def events(self, key: Mapping[str, str]) -> list[dict[str, Any]]:
        """All events of a conversation, as the server has them."""
        answer = await self.api.get(
            f"/v1/conversations/{key['id']}", headers={"Authorization": f"Bearer {key['token']}"}
        )
        answer.raise_for_status()
        found: list[dict[str, Any]] = answer.json()["events"]
        return found

    async def operate(self, conversation_id: str, action: str, **body: str) -> None:
        """What a colleague does."""
        answer = await self.api.post(
            f"/v1/operator/conversations/{conversation_id}/{action}",
            json=body,
            headers={"Authorization": f"Bearer {KEY}"},
        )
        answer.raise_for_status()


@asynccontextmanager
async def hosted(home: Path, **settings: str) -> AsyncIterator[Hosted]:
    """`parley serve` over a home, with a site. settings: environment variables without PARLEY_."""
    async with AsyncExitStack() as stack:
        site = await stack.enter_async_context(host_site())
        wanted = {f"PARLEY_{name}": value for name, value in settings.items()}
        server = ParleyServer(home, {**_SETTINGS, "PARLEY_SERVER__ALLOWED_ORIGINS": f'["{site.origin}"]', **wanted})
        stack.push_async_callback(server.kill)
        network = await stack.enter_async_context(weak_network(server.port))
        site.parley, site.api = server.url, network.url
        await server.start()
        api = await stack.enter_async_context(httpx.AsyncClient(base_url=server.url, timeout=20, trust_env=False))
        yield Hosted(server, site, network, api)
        assert b"Traceback" not in server.printed, server.printed.decode()
