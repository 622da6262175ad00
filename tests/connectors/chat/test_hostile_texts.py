"""216 ways to make a page run what somebody wrote, in every place where the chat shows a text: none runs, none leaves a trace."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from agent.store.database import close_engine, open_engine
from agent.store.event_log import SqlEventLog
from agent.types import EventType
from tests.support.homes import small_home
from tests.support.parley_process import ParleyServer
from tests.support.xss import PAYLOADS

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(180)]
SETTINGS = {"PARLEY_KNOWLEDGE__EMBEDDER": "corpus", "PARLEY_WIDGET__IMAGES": '["https://img.test"]'}

# What must not be found in the chat, however it got there.
TRACES = """() => {
  const root = document.querySelector("parley-chat").shadowRoot, bad = [];
  for (const place of root.querySelectorAll(".bubble, blockquote, summary, .note, .who, h2, .file, .card, .state")) {
    for (const node of [place, ...place.querySelectorAll("*")]) {
      const name = node.localName;
      if (/^(script|iframe|frame|object|embed|style|link|meta|base|template|math|portal|dialog|video|audio|parley-chat)$/.test(name)) bad.push(node.outerHTML.slice(0, 200));
      if (name === "form" && node.closest(".bubble")) bad.push(node.outerHTML.slice(0, 200));
      for (const { name: attribute, value } of node.attributes) {
        if (/^on|^srcdoc$|^style$|^formaction$|^ping$/i.test(attribute)) bad.push(`${name} ${attribute}=${value.slice(0, 80)}`);
        if (/^(href|src|action|xlink:href|srcset)$/i.test(attribute) && !/^(https?|mailto|tel):/i.test(value)) bad.push(`${name} ${attribute}=${value.slice(0, 80)}`);
      }
      if (name === "img" && new URL(node.src).origin !== "https://img.test") bad.push(node.outerHTML);
      if (name === "a" && !/noopener/.test(node.rel)) bad.push(node.outerHTML);
    }
  }
  return bad;
}"""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def attacked(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[str, dict[str, str]]]:
    """A server with a conversation that is full of them; its address, and what opens the conversation."""
    home = small_home(tmp_path_factory.mktemp("hostile"))
    server = ParleyServer(home, SETTINGS)
    await server.start()
    async with httpx.AsyncClient(base_url=server.url, trust_env=False) as client:
        key: dict[str, str] = (await client.post("/v1/conversations")).json()
    await _fill(home, key["id"])
    yield server.url, {"id": key["id"], "token": key["token"]}
    await server.kill()


async def _fill(home: Path, conversation_id: str) -> None:
    engine = await open_engine(f"sqlite+aiosqlite:///{home / 'parley.db'}")
    events = SqlEventLog(engine)

    async def happens(kind: EventType, **data: object) -> int:
        return (await events.append(conversation_id, kind, data)).n  # type: ignore[arg-type]

    try:
        await happens(EventType.HANDOFF_ACCEPTED, name=PAYLOADS[0])
        for number, payload in enumerate(PAYLOADS):
            files = [{"id": "f", "name": payload, "type": "image/png", "bytes": 1}]
            asked = await happens(EventType.MESSAGE_RECEIVED, text=payload, client_id=f"c{number}", files=files)
            citation = {"n": 1, "source_id": payload, "title": payload, "url": payload, "link": None, "quote": payload}
            linked = {**citation, "n": 2, "url": None, "link": f"javascript:alert({number})"}
            reply = {"text": f"{payload} [1][2]", "language": payload, "decision": "answer", "message": asked}
            last = {"choices": [payload]} if number % 2 else {"confirm": _confirm(payload)}
            await happens(EventType.REPLY_COMPLETED, **reply, citations=[citation, linked], **last)
            await happens(EventType.MESSAGE_AGENT, text=payload, name=payload)
            await happens(EventType.TURN_FAILED, text=payload, message=asked)
        await happens(EventType.REPLY_DELTA, text="".join(PAYLOADS[:40]))
    finally:
        await close_engine(engine)


def _confirm(payload: str) -> dict[str, object]:
    return {"title": payload, "rows": [[payload, payload]], "yes": payload, "no": payload}


@pytest.mark.parametrize("policy", [True, False], ids=["under the policy", "without any policy"])
async def test_no_text_runs_or_becomes_markup(
    attacked: tuple[str, dict[str, str]], browser: Browser, *, policy: bool
) -> None:
    url, key = attacked
    context = await browser.new_context(bypass_csp=not policy)
    page = await context.new_page()
    ran: list[str] = []
    page.on("dialog", lambda dialog: ran.append(dialog.message))
    page.on("pageerror", lambda error: ran.append(str(error)))
    page.on("popup", lambda popup: ran.append(popup.url))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await page.add_init_script(
        "window.alert = (what) => { window.ran = (window.ran || 0) + 1; };"
        "window.addEventListener('securitypolicyviolation', (event) => { (window.refused ||= []).push(event.violatedDirective); });"
    )
    await _visit(page, url, key)
    shown = await page.locator("li.user").count()
    assert shown == len(PAYLOADS)
    await _touch_everything(page)
    assert await page.evaluate(TRACES) == []
    assert await page.evaluate("[window.ran, window.refused, document.title]") == [None, None, await page.title()]
    assert ran == []
    assert [address for address in asked if not address.startswith(url)] == []
    await context.close()


async def _visit(page: Page, url: str, key: dict[str, str]) -> None:
    """The full-page chat with the conversation, from its first event to its last."""
    await page.goto(f"{url}/healthz")
    memory = f"parley:{url}:key"
    await page.evaluate("([name, key]) => localStorage.setItem(name, JSON.stringify(key))", [memory, key])
    await page.goto(f"{url}/chat")
    await page.locator("li.person").nth(len(PAYLOADS) - 1).wait_for()
    await page.locator("li.writing").wait_for()


async def _touch_everything(page: Page) -> None:
    """Opens every source, and moves over, focuses and drags what may listen to it."""
    await page.evaluate(
        """() => {
          const root = document.querySelector("parley-chat").shadowRoot;
          for (const card of root.querySelectorAll("details")) card.open = true;
          for (const node of root.querySelectorAll(".bubble *, blockquote *")) {
            for (const kind of ["mouseover", "focus", "toggle", "animationstart", "dragstart", "load", "error"]) node.dispatchEvent(new Event(kind));
          }
        }"""
    )
    await page.wait_for_timeout(300)
