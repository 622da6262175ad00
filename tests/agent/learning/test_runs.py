"""Runs of learning: a step that is finished is not run again, one that was cut off is."""

from datetime import date
from pathlib import Path

import pytest

from agent.errors import CallerError
from agent.home import Home
from agent.learning.report import Report
from agent.learning.runs import Run, StepContext, StepName, StepOutcome, fingerprint, new_run, perform, runs_of
from agent.learning.wording import said
from agent.settings import Settings
from knowledge.progress import silent


def context(home: Home, run: Run, step: StepName) -> StepContext:
    return StepContext(home=home, settings=Settings(home=home.root), run=run, out=run.folder(step), progress=silent)


def test_runs_are_numbered_within_a_day_and_listed_in_order(tmp_path: Path) -> None:
    home = Home(tmp_path)
    for _ in range(11):
        new_run(home, date(2026, 11, 25))
    new_run(home, date(2026, 11, 24))
    assert [run.root.name for run in runs_of(home)][:2] == ["2026-11-24-1", "2026-11-25-1"]
    assert runs_of(home)[-1].root.name == "2026-11-25-11"


def test_a_finished_step_is_not_run_again_until_its_inputs_change(tmp_path: Path) -> None:
    home = Home(tmp_path)
    run = new_run(home)
    calls: list[str] = []

    def step(given: StepContext) -> StepOutcome:
        calls.append(given.out.name)
        (given.out / "found.txt").write_text("1")
        return StepOutcome(figures={"found": 1}, report=Report(said("Found")))

    for inputs in ("a", "a", "b"):
        perform(StepName.INTENTS, step, context(home, run, StepName.INTENTS), inputs=inputs)
    assert calls == ["3-intents", "3-intents"]
    assert run.need(StepName.INTENTS, "found.txt").read_text() == "1"
    assert (run.folder(StepName.INTENTS) / "report.html").is_file()


def test_a_step_made_anew_outdates_those_after_it(tmp_path: Path) -> None:
    home = Home(tmp_path)
    run = new_run(home)

    def step(_: StepContext) -> StepOutcome:
        return StepOutcome(figures={}, report=Report(said("Nothing")))

    for name in (StepName.COLLECT, StepName.CLEAN):
        perform(name, step, context(home, run, name), inputs=fingerprint(run, (), {}))
    perform(StepName.COLLECT, step, context(home, run, StepName.COLLECT), inputs="other")
    assert run.record(StepName.CLEAN) is None


def test_what_fails_counts_as_not_done_and_its_successor_says_what_to_run(tmp_path: Path) -> None:
    home = Home(tmp_path)
    run = new_run(home)

    def broken(_: StepContext) -> StepOutcome:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        perform(StepName.COLLECT, broken, context(home, run, StepName.COLLECT), inputs="")
    with pytest.raises(CallerError, match="parley learn collect"):
        run.need(StepName.COLLECT, "conversations.jsonl")


def test_text_in_a_report_is_never_markup(tmp_path: Path) -> None:
    report = Report(said("<b>Report</b>"))
    report.heading("一 <script>")
    report.text("a | b <img src=x onerror=1> [x](javascript:1)")
    report.table(("word", "count"), [("退款|<i>", 1200), ("refund", 3)])
    report.figure("sizes", said("Sizes <svg>"), lambda axes: axes.barh(["退款 <script>", "refund"], [2, 1]) and None)
    report.write(tmp_path, figures={"share": 0.123456})
    page = (tmp_path / "report.html").read_text("utf-8")
    assert page.count("<script") == 1  # the switch of language, which the policy of the page names
    assert "script-src 'sha256-" in page
    assert "<img" not in page
    assert "退款" in page
    assert '<td class="n">1,200' in page
    assert "0.1235" in page
    assert "\\|\\<i\\>" in (tmp_path / "report.md").read_text("utf-8")
    assert (tmp_path / "sizes.svg").read_text("utf-8").startswith("<svg")
