"""What the report draws, what is known of earlier runs, and the pages that browse them."""

import json
from pathlib import Path
from xml.etree import ElementTree

import httpx
import pytest

from agent.types import DecisionKind, Emotion, IntentScore, Reply, Sentiment, Understanding
from evals.cases import Case, CaseUtterance
from evals.reporting.figures_drawn import calibration, confusions, latency, mood, trend
from evals.reporting.history import earlier
from evals.reporting.page import report_page
from evals.reporting.served import browser_of
from evals.scoring.summary import summarise
from evals.scoring.turns import Result, score


def result(number: int, gold: str, told: str, confidence: float, turn: int = 1) -> Result:
    history = [CaseUtterance(role="user", content="你好")] * (turn - 1)
    case = Case(id=str(number), question="卡在哪？", lang="zh", intent=gold, history=history, polarity=(-1) ** number)
    understood = Understanding(
        text="", question="卡在哪？", language="zh", intents=(IntentScore(name=told, confidence=confidence),),
        out_of_scope=float(gold == "oos"),
        sentiment=Sentiment(polarity=-0.9 if number % 2 else 0.9, emotion=Emotion.NEUTRAL, confidence=1),
    )  # fmt: skip
    reply = Reply(
        text="好", language="zh", decision=DecisionKind.ANSWER, understanding=understood, timings_ms={"total": 10.0 * number}
    )  # fmt: skip
    return Result(case=case, reply=reply, scores=score(case, reply))


RESULTS = [
    result(1, "card", "card", 0.95), result(2, "card", "<b>", 0.45, 2), result(3, "refund", "<b>", 0.5),
    result(4, "card", "<b>", 0.35, 2), result(5, "oos", "card", 0.2),
]  # fmt: skip


def test_figures_of_understanding_by_hand() -> None:
    summary = summarise(RESULTS)
    assert summary["intent_accuracy"] == 0.25
    assert summary["oos_auroc"] == 1.0
    assert summary["brier"] == round((0.05**2 + 0.45**2 + 0.5**2 + 0.35**2) / 4, 4)
    assert summary["intent_macro_f1"] == round((2 * 1 * (1 / 3) / (4 / 3)) / 2, 4)
    assert summary["sentiment_correlation"] == pytest.approx(1.0)


def test_each_picture_is_drawn_of_what_there_is_and_none_of_nothing(tmp_path: Path) -> None:
    drawn = [calibration(RESULTS), latency(RESULTS), mood(RESULTS)]
    for svg in drawn:
        picture = ElementTree.fromstring(svg)
        assert picture.get("aria-label") == picture.get("data-en") != picture.get("data-zh")
        assert all(one.get("data-zh") for one in picture.iter() if one.tag.endswith("title"))
    assert calibration(RESULTS).count("<circle") == 4
    assert ElementTree.fromstring(latency(RESULTS, "zh")).get("aria-label") == "各时限内的回答占比"
    assert confusions(RESULTS) == [("card", "<b>", 2), ("refund", "<b>", 1)]
    assert mood(RESULTS[:1]) == latency([]) == calibration([]) == trend([]) == ""
    page = report_page(RESULTS, {**summarise(RESULTS), "slices": []}, {}, "zh")
    assert page.count("<svg role") == 4
    assert "<b>" not in page


def run_of(folder: Path, right: float, at: str, version: str = "a") -> Path:
    folder.mkdir(parents=True)
    summary = {"suite": "bank", "right": right, "at": at, "version": version, "cases": 5}
    (folder / "summary.json").write_text(json.dumps(summary), "utf-8")
    (folder / "report.html").write_text(f"<!doctype html>report of {folder.name}", "utf-8")
    return folder


async def test_earlier_runs_are_found_beside_and_browsed_from_this_machine_alone(tmp_path: Path) -> None:
    root = tmp_path / "runs"
    run_of(root / "monday", 0.5, "2026-01-05")
    run_of(root / "all" / "bank", 0.6, "2026-01-06", "b")
    out = run_of(root / "wednesday", 0.7, "2026-01-07")
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "report.html").write_text("secret", "utf-8")
    runs = earlier(out, json.loads((out / "summary.json").read_text("utf-8")))
    assert [(run.folder, run.right, run.same) for run in runs] == [("monday", 0.5, True), ("wednesday", 0.7, True)]
    assert [run.folder for run in earlier(root / "all" / "bank", {"suite": "bank", "right": 0.6})] == ["all/bank"]
    assert trend(runs).count("<circle") == 2
    async with httpx.AsyncClient(transport=httpx.ASGITransport(browser_of(root, "zh")), base_url="http://127.0.0.1") as client:  # fmt: skip
        page = (await client.get("/")).text
        assert page.index("wednesday") < page.index("all/bank") < page.index("monday")
        assert page.count("<circle") == 3
        assert (await client.get("/runs/all/bank/report.html")).text.endswith("report of bank")
        for path in ("/runs/monday/summary.json", "/runs/../secret/report.html", "/runs/%2e%2e/secret/report.html", "/runs/x/report.html"):  # fmt: skip
            assert (await client.get(path)).status_code == 404
        assert (await client.get("/", headers={"Host": "elsewhere.example"})).status_code == 400
