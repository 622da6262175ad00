"""Files that a customer sends: taken, refused by kind and by size, shown, and saved again."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.support.browser import visiting
from tests.support.chat import Chat, Hosted, hosted
from tests.support.homes import QUESTION, small_home

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(180)]

PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)
MOST = 2000


def file(name: str, kind: str, content: bytes) -> dict[str, object]:
    return {"name": name, "mimeType": kind, "buffer": content}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shop(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Hosted]:
    home = small_home(tmp_path_factory.mktemp("small"))
    taken = {"WIDGET__UPLOADS__TYPES": '["image/png", "text/plain"]', "WIDGET__UPLOADS__MAX_BYTES": str(MOST)}
    async with hosted(home, **taken) as host:
        yield host


async def test_a_file_goes_with_its_message_and_can_be_saved_again(
    shop: Hosted, browser: Browser, tmp_path: Path
) -> None:
    async with visiting(browser, shop.page(lang="en")) as page:
        chat = await Chat(page).open()
        await chat.element.locator("#file").set_input_files(
            [file("螺丝 photo.png", "image/png", PNG), file("说明 note.txt", "text/plain", b"hello")]
        )
        await expect(chat.element.locator(".picked .file")).to_have_count(2)
        await chat.button("Remove 说明 note.txt").click()
        await expect(chat.element.locator(".picked .file")).to_have_count(1)
        await chat.element.locator("#file").set_input_files([file("说明 note.txt", "text/plain", b"hello")])
        await expect(chat.element.locator(".picked .file")).to_have_count(2)
        await chat.ask(QUESTION)
        await expect(chat.element.locator(".picked")).to_have_count(0)
        await expect(chat.users.locator(".file")).to_have_text(["螺丝 photo.png", "说明 note.txt"])
        await page.reload()
        await chat.open()
        await chat.answer(0)
        async with page.expect_download() as saving:
            await chat.button("Open 螺丝 photo.png").click()
        saved = await saving.value
        assert saved.suggested_filename == "螺丝 photo.png"
        await saved.save_as(tmp_path / "saved.png")
        assert (tmp_path / "saved.png").read_bytes() == PNG


async def test_a_file_can_go_without_words(shop: Hosted, browser: Browser) -> None:
    async with visiting(browser, shop.page(lang="zh")) as page:
        chat = await Chat(page).open()
        await chat.element.locator("#file").set_input_files([file("a.png", "image/png", PNG)])
        await expect(chat.element.locator(".picked .file")).to_have_count(1)
        await chat.button("发送").click()
        await expect(chat.users.locator(".file")).to_have_text(["a.png"])
        await expect(chat.users.first).to_have_class("user sent")
        events = await shop.events(await chat.key())
        received = next(event["data"] for event in events if event["type"] == "message.received")
        assert received["text"] == ""
        assert [(one["name"], one["type"], one["bytes"]) for one in received["files"]] == [
            ("a.png", "image/png", len(PNG))
        ]


@pytest.mark.parametrize(
    ("lang", "kind", "big", "not_so"),
    [
        (
            "en",
            "This kind of file is not accepted: a.exe",
            "big.png is too large.",
            "This kind of file is not accepted: fake.png",
        ),
        (
            "ar",
            "هذا النوع من الملفات غير مقبول: a.exe",
            "big.png كبير جداً.",
            "هذا النوع من الملفات غير مقبول: fake.png",
        ),
        ("zh", "不支持这种文件：a.exe", "big.png太大了。", "不支持这种文件：fake.png"),
    ],
    ids=["en", "ar", "zh"],
)
async def test_a_file_of_a_wrong_kind_or_size_is_refused(
    shop: Hosted, browser: Browser, lang: str, kind: str, big: str, not_so: str
) -> None:
    async with visiting(browser, shop.page(lang=lang), expected="status of 415") as page:
        chat = await Chat(page).open()
        put = chat.element.locator("#file").set_input_files
        await put([file("a.exe", "application/x-msdownload", b"MZ")])
        await expect(chat.state).to_have_text(kind)
        await put([file("big.png", "image/png", PNG + bytes(MOST))])
        await expect(chat.state).to_have_text(big)
        assert await chat.stored() == {}  # what the browser refuses begins no conversation
        await put([file("fake.png", "image/png", b"<script>alert(1)</script>")])
        await expect(chat.state).to_have_text(not_so)
        await expect(chat.element.locator(".picked")).to_have_count(0)
        await put([file("real.png", "image/png", PNG)])
        await expect(chat.element.locator(".picked .file")).to_have_count(1)
        await expect(chat.state).to_have_text("")
