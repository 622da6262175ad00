"""The report in a real browser: hostile text does nothing, cases are found, and axe finds no fault."""

from pathlib import Path

import pytest

from evals.cases import Case
from evals.reporting.page import report_page
from evals.runner import Result, score
from evals.summary import summarise
from evals.targets.replies import plain_reply
from tests.support.axe import faults
from tests.support.browser import chromium
from tests.support.xss import PAYLOADS

pytestmark = [pytest.mark.browser, pytest.mark.timeout(60)]


def result(number: int, text: str) -> Result:
    case = Case(id=str(number), question=text, must_include=[["x"]])
    reply = plain_reply(text, text, "en", {"total": 5.0}, "x")
    return Result(case=case, reply=reply, scores=score(case, reply))


async def test_the_report_shows_cases_and_runs_nothing_of_them(tmp_path: Path) -> None:
    results = [result(n, text) for n, text in enumerate(PAYLOADS)]
    file = tmp_path / "report.html"
    file.write_text(report_page(results, summarise(results), {}, "zh"), "utf-8")
    async with chromium() as browser:
        context = await browser.new_context(bypass_csp=True, viewport={"width": 360, "height": 800})
        page = await context.new_page()
        wrong: list[str] = []
        page.on("dialog", lambda dialog: wrong.append(dialog.message))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("request", lambda asked: wrong.append(asked.url) if asked.url != file.as_uri() else None)
        await page.goto(file.as_uri())
        await page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        await page.locator("#cases dl").nth(20).wait_for()
        assert await page.evaluate("document.documentElement.scrollWidth") == 360
        assert await faults(page) == []
        await page.locator("[name=text]").fill("你好")
        assert await page.locator("#cases details").count() == sum("你好" in text for text in PAYLOADS)
        await page.locator("#switch").click()
        assert await page.title() == "Parley · Evaluation"
    assert wrong == []
