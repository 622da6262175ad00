"""The report in a real browser: hostile text does nothing, cases are found, and axe finds no fault."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from agent.learning.imports import Imported, Spoken
from evals.cases import Case
from evals.reporting.joint import Part, write_joint
from evals.reporting.page import report_page
from evals.reporting.served import index_page
from evals.reporting.transcripts import write_transcripts
from evals.scoring.summary import summarise
from evals.scoring.transcripts import summary_of, transcript_of
from evals.scoring.turns import Result, score
from evals.suites.suite import Threshold, load_suite
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


async def test_the_report_of_transcripts_shows_what_was_said_and_runs_nothing_of_it(tmp_path: Path) -> None:
    angry = [Spoken(role="user", text="太差了，我要投诉！"), Spoken(role="agent", text="Sorry.")]
    talks = [
        Imported(
            id=str(n), channel="web" if n % 2 else "mail",
            turns=(Spoken(role="user", text=text), Spoken(role="assistant", text=text), *angry[: 2 * (n < 5)]),
        )
        for n, text in enumerate(PAYLOADS)
    ]  # fmt: skip
    scored = [transcript_of(one) for one in talks]
    write_transcripts(tmp_path, scored, summary_of(scored), {"containment": Threshold(min=0.9)}, "zh")
    async with chromium() as browser:
        context = await browser.new_context(bypass_csp=True, viewport={"width": 360, "height": 800})
        page = await context.new_page()
        wrong: list[str] = []
        page.on("dialog", lambda dialog: wrong.append(dialog.message))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        await page.goto((tmp_path / "report.html").as_uri())
        assert await page.title() == "Parley · 会话"
        await page.locator("[name=signs]").select_option(label="人工接管")
        assert await page.locator("#cases details").count() == 5
        await page.locator("#cases summary").first.click()
        assert await page.locator("#cases dt").first.text_content() == "客户 +0.00"
        assert await faults(page) == []
        await page.locator("#switch").click()
        await page.locator("[name=channel]").select_option("mail")
        assert await page.locator("#count").text_content() == "3"
        await page.locator("[name=text]").fill("Sorry")  # what people said is searched, too
        assert await page.locator("#count").text_content() == "3"
        assert await page.evaluate("document.documentElement.scrollWidth") == 360
        await page.set_viewport_size({"width": 1280, "height": 800})
        assert await faults(page) == []
    assert wrong == []


def joint(folder: Path, language: str) -> Path:
    """The report over two suites, one of which breaks its threshold."""
    limits = {"right": Threshold(min=0.9)}
    parts = [
        Part(suite=load_suite(name).suite, summary={"cases": 3, "right": right, "wrong": 0.1}, thresholds=limits)
        for name, right in (("bank", 0.5), ("beijing", 1.0))
    ]
    write_joint(folder, parts, language)
    return folder / "report.html"


def runs(folder: Path, language: str) -> Path:
    """The list of runs, with a trend."""
    for number, right in enumerate((0.7, 0.8, 0.9)):
        made = folder / f"run-{number}"
        made.mkdir()
        told = {
            "suite": "bank",
            "at": f"2026-01-0{number + 1}",
            "cases": 50,
            "right": right,
            "wrong": 0.1,
            "version": "v",
        }
        (made / "summary.json").write_text(json.dumps(told), "utf-8")
    page = folder / "index.html"
    page.write_text(index_page(folder, language), "utf-8")
    return page


@pytest.mark.parametrize("made", [joint, runs])
async def test_the_pages_over_several_runs_have_no_fault(made: Callable[[Path, str], Path], tmp_path: Path) -> None:
    async with chromium() as browser:
        for language, width in (("en", 1440), ("zh", 360)):
            folder = tmp_path / language
            folder.mkdir()
            context = await browser.new_context(bypass_csp=True, viewport={"width": width, "height": 800})
            page = await context.new_page()
            await page.goto(made(folder, language).as_uri())
            for speech in (language, "zh" if language == "en" else "en"):  # as it opens, and after its switch
                assert await page.evaluate("document.documentElement.lang") == speech
                assert ("运行" in await page.title() or "评测" in await page.title()) == (speech == "zh")
                assert await faults(page) == []
                assert await page.evaluate("document.documentElement.scrollWidth") == width
                tips = await page.evaluate(
                    "[...document.querySelectorAll('circle title')].map((one) => one.textContent)"
                )
                assert all(("：" in tip) == (speech == "zh") for tip in tips)
                assert (await page.evaluate("document.links[0].href")).endswith(f"report.html#{speech}")
                await page.locator("#switch").click()
            await context.close()
