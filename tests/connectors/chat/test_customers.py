"""Customers who share a browser, and identities that do not hold: nobody finds anything of another, nobody reads errors meant for developers."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from agent.store.database import close_engine, open_engine
from agent.store.tables import ConversationRow
from tests.support.browser import visiting
from tests.support.chat import KEY, Chat, Hosted, hosted
from tests.support.homes import QUESTION, small_home
from tests.support.identities import SECRET, signed

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(180)]

EXPECTED = r"status of 4\d\d|parley: "
NAMED = "(token) => document.querySelector('parley-chat').identify(token).then(() => 'named', (error) => `${error.name}: ${error.message}`)"
SAID = "document.querySelector('parley-chat').shadowRoot.querySelector('#said')?.textContent ?? ''"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_home(tmp_path_factory.mktemp("small"))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shop(home: Path) -> AsyncIterator[Hosted]:
    asked = {
        "WIDGET__CONSENT__REQUIRED": "true",
        "WIDGET__CONSENT__LEARNING": "true",
        "WIDGET__FORM": '[{"name": "email", "label": "E-mail", "type": "email", "required": true}]',
        "WIDGET__SITES__SHOP__KEYS__K1": SECRET,
    }
    async with hosted(home, **asked) as host:
        yield host


async def row(home: Path, conversation_id: str) -> ConversationRow:
    """A conversation as it is stored."""
    engine = await open_engine(f"sqlite+aiosqlite:///{home / 'parley.db'}")
    try:
        async with engine.connect() as connection:
            found = await connection.exec_driver_sql(
                "SELECT customer_id, form, may_learn FROM conversation WHERE id = ?", (conversation_id,)
            )
            customer_id, form, may_learn = found.one()
    finally:
        await close_engine(engine)
    return ConversationRow(
        id=conversation_id, channel="web", token_hash="", customer_id=customer_id, form=form, may_learn=may_learn
    )


async def begins(chat: Chat, email: str, *, learning: bool) -> None:
    """Through agreement and form."""
    await chat.element.locator(".card input[type=checkbox]").set_checked(learning)
    await chat.button("Agree and start").click()
    await expect(chat.element.get_by_label("E-mail *")).to_have_value("")
    await chat.element.get_by_label("E-mail *").fill(email)
    await chat.button("Start chat").click()


async def reset(page: Page) -> None:
    await page.evaluate("document.querySelector('parley-chat').reset()")


@pytest.mark.parametrize("how", ["reset", "reset and reload", "identify", "reload and identify"])
async def test_the_next_customer_finds_nothing_of_the_one_before(
    shop: Hosted, home: Path, browser: Browser, how: str
) -> None:
    async with visiting(browser, shop.page(lang="en"), expected=EXPECTED) as page:
        chat = Chat(page)
        assert await page.evaluate(NAMED, signed(sub="ada", name="Ada")) == "named"
        assert await chat.stored() == {}
        await chat.open()
        await begins(chat, "ada@example.com", learning=True)
        await chat.ask(QUESTION)
        first = await chat.key()
        await chat.box.fill("my card number is")
        if how.startswith("reset"):
            await reset(page)
            await expect(chat.users).to_have_count(0)
            assert await chat.stored() == {}
        if "reload" in how:
            await page.reload()
        assert await page.evaluate(NAMED, signed(sub="ben", name="Ben")) == "named"
        await chat.open()
        await expect(chat.element.locator(".card")).to_contain_text("This conversation is stored")
        await expect(chat.users).to_have_count(0)
        assert await page.evaluate(SAID) == ""
        await begins(chat, "ben@example.com", learning=False)
        await expect(chat.box).to_have_value("")
        await chat.ask(QUESTION)
        theirs = await chat.key()
        assert theirs["id"] != first["id"]
        stored = await row(home, theirs["id"])
        assert (stored.customer_id, stored.may_learn) == ("ben", False)
        assert "ada" not in str(stored.form)


async def test_a_form_that_was_filled_and_not_sent_is_nobody_elses(shop: Hosted, home: Path, browser: Browser) -> None:
    async with visiting(browser, shop.page(lang="en"), expected=EXPECTED) as page:
        chat = await Chat(page).open()
        await page.evaluate(NAMED, signed(sub="ada"))
        await begins(chat, "ada@example.com", learning=True)
        await page.evaluate(NAMED, signed(sub="ada"))
        await expect(chat.box).to_be_visible()  # the same customer named again keeps what they said
        await page.evaluate(NAMED, signed(sub="ben"))
        await begins(chat, "ben@example.com", learning=False)
        await chat.ask(QUESTION)
        stored = await row(home, (await chat.key())["id"])
        assert (stored.customer_id, stored.may_learn, "ada" in str(stored.form)) == ("ben", False, False)


async def test_a_customer_who_signs_out_is_gone_from_every_tab(shop: Hosted, browser: Browser) -> None:
    async with visiting(browser, shop.page(lang="en"), expected=EXPECTED) as page:
        chat = await Chat(page).open()
        await begins(chat, "ada@example.com", learning=True)
        await chat.ask(QUESTION)
        tab = await (await chat.tab()).open()
        await tab.answer(0)
        await tab.box.fill("and my address is")
        await reset(page)
        for one in (chat, tab):
            await expect(one.element.locator(".card")).to_contain_text("This conversation is stored")
            await expect(one.users).to_have_count(0)
        await begins(tab, "ben@example.com", learning=False)
        await expect(tab.box).to_have_value("")


async def test_who_was_anonymous_and_signs_in_goes_on(shop: Hosted, home: Path, browser: Browser) -> None:
    async with visiting(browser, shop.page(lang="en"), expected=EXPECTED) as page:
        chat = await Chat(page).open()
        await begins(chat, "ada@example.com", learning=True)
        await chat.ask(QUESTION)
        before = await chat.key()
        assert await page.evaluate(NAMED, signed(sub="ada")) == "named"
        await expect(chat.users).to_have_count(1)
        assert await chat.key() == before
        assert (await row(home, before["id"])).customer_id == "ada"


@pytest.mark.parametrize("lang", ["en", "zh"])
async def test_what_was_deleted_is_not_heard_and_no_state_stays(shop: Hosted, browser: Browser, lang: str) -> None:
    names = {
        "en": ("Agree and start", "Start chat", "Delete my conversation", "Delete", "No, thanks", QUESTION),
        "zh": ("同意并开始", "开始聊天", "删除我的对话", "删除", "不同意", "手机的保修期是多久？"),
    }
    agree, start, erase, yes, no, question = names[lang]
    async with visiting(browser, shop.page(lang=lang), expected=EXPECTED) as page:
        chat = await Chat(page).open()
        await chat.button(agree).click()
        await chat.element.locator("input[name=email]").fill("ada@example.com")
        await chat.button(start).click()
        await chat.ask(question)
        await expect(chat.element.locator("#said")).not_to_be_empty()
        await chat.menu(erase)
        await chat.button(yes).click()
        await expect(chat.button(agree)).to_be_visible()
        await asyncio.sleep(1.5)
        assert await page.evaluate(SAID) == ""
        await expect(chat.state).to_have_text("")
        await chat.button(no).click()
        await asyncio.sleep(0.5)
        await expect(chat.state).to_have_text("")
        assert await chat.stored() == {}


BROKEN: dict[str, tuple[str, str]] = {
    "expired": ("expired", "expired"),
    "not found": ("<!doctype html><h1>Not found</h1>", "no JSON Web Token"),
    "throws": ("", "The function that gives the token failed: signed out"),
    "forged": ("forged", "signature"),
}


@pytest.mark.parametrize("kind", list(BROKEN))
async def test_an_identity_that_does_not_hold(shop: Hosted, browser: Browser, kind: str) -> None:
    """The developer is told by the promise, an event and the console; the customer reads what they can do, and loses nothing."""
    given, why = BROKEN[kind]
    token = {"expired": signed(lives_s=-3000, sub="ada"), "forged": signed("another secret, as long as it has to be", sub="ada")}.get(given, given)  # fmt: skip
    async with visiting(browser, shop.page(lang="en"), expected=EXPECTED) as page:
        chat = await Chat(page).open()
        logged: list[str] = []
        page.on("console", lambda message: logged.append(message.text) if message.type == "error" else None)
        await page.evaluate(
            "() => { window.failures = []; document.querySelector('parley-chat').on('failure', (detail) => failures.push(detail)); window.theirs = null; }"
        )
        body = (
            "theirs ? theirs : (() => { throw new Error('signed out'); })()" if kind == "throws" else "theirs ?? token"
        )
        outcome = await page.evaluate(
            f"(token) => document.querySelector('parley-chat').identify(async () => {body}).then(() => 'named', (error) => `${{error.name}}: ${{error.message}}`)",
            token,
        )
        if kind != "forged":  # that the signature is wrong, only the server can tell
            assert outcome.startswith("IdentityError: ") and why in outcome
            assert any(why in text for text in logged)
            failures: list[dict[str, Any]] = await page.evaluate("failures")
            assert [(one["name"], why in one["message"]) for one in failures] == [("IdentityError", True)]
        await begins(chat, "ada@example.com", learning=False)
        await chat.send(QUESTION)
        await expect(chat.users.first).to_contain_text("Not sent: we could not confirm who you are.")
        await expect(chat.users.first).not_to_contain_text("identity")
        await expect(chat.box).to_be_visible()  # the form is not asked again
        assert any(why in text for text in logged)
        await page.evaluate("(token) => { window.theirs = token; }", signed(sub="ada"))
        await chat.button("Try again").click()
        await chat.answer(0)
        shown = await shop.api.get(
            f"/v1/operator/conversations/{(await chat.key())['id']}", headers={"Authorization": f"Bearer {KEY}"}
        )
        assert shown.json()["customer"]["id"] == "ada"
        assert shown.json()["form"] == {"email": "ada@example.com"}
