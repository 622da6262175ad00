"""The examples for React and Vue, built as a site would build them, embed the chat."""

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.support.browser import visiting
from tests.support.chat import Chat, Hosted, hosted
from tests.support.homes import QUESTION, small_home

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(240)]

EXAMPLES = Path(__file__).parents[3] / "connectors" / "widget" / "examples"
_INSTALL = ("npm", "ci", "--no-audit", "--no-fund", "--loglevel=error")


def _built(folder: Path, server: str) -> Path:
    if not (EXAMPLES / "node_modules" / ".package-lock.json").exists():
        subprocess.run(_INSTALL, cwd=EXAMPLES, check=True)
    build = ("npx", "vite", "build", "--outDir", str(folder), "--logLevel", "error")
    subprocess.run(build, cwd=EXAMPLES, check=True, env={**os.environ, "VITE_PARLEY": server})
    return folder


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shop(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Hosted]:
    async with hosted(small_home(tmp_path_factory.mktemp("small"))) as host:
        host.site.built = await asyncio.to_thread(_built, tmp_path_factory.mktemp("built"), host.server.url)
        host.site.trusted = "vue"
        yield host


@pytest.mark.parametrize(
    ("example", "question", "part"),
    [("react", QUESTION, "30 days"), ("vue", "手机的保修期是多久？", "两年")],
    ids=["react", "vue"],
)
async def test_an_example_embeds_the_chat_and_hears_its_replies(
    shop: Hosted, browser: Browser, example: str, question: str, part: str
) -> None:
    async with visiting(browser, f"{shop.site.origin}/{example}/index.html") as page:
        chat = await Chat(page).open()
        await expect(await chat.ask(question)).to_contain_text(part)
        await expect(page.locator("#decision")).to_have_text("answer")
