"""Verdicts: found by version or fingerprint, whatever else the file holds."""

import json
from datetime import date
from pathlib import Path

import pytest

from agent.home import Home
from agent.learning.runs import StepName, new_run
from agent.learning.verdicts import Verdict, verdict_on
from agent.training.bundle import Card, Task

CARD = Card(task=Task.INTENT, model="linear", labels=("a", "b"), examples=3, data_sha256="ab12" * 16)
VERSION = "2026-11-25-1"


def compared(home: Home, content: object, day: int = 25) -> None:
    out = new_run(home, date(2026, 11, day)).folder(StepName.EVALUATE)
    out.mkdir(parents=True)
    (out / "comparison.json").write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")


@pytest.mark.parametrize(
    "candidate", [VERSION, CARD.data_sha256, CARD.data_sha256[:12], {"data_sha256": CARD.data_sha256, "model": "x"}]
)
def test_a_verdict_is_found_by_what_names_the_candidate(tmp_path: Path, candidate: object) -> None:
    entry = {"verdict": "worse", "candidate": candidate, "why": "−3 points in intents", "more": 1}
    compared(Home(tmp_path), {"tasks": {"intent": entry}, "format": 7})
    found = verdict_on(Home(tmp_path), VERSION, CARD)
    assert (found.verdict, found.why) == (Verdict.WORSE, "−3 points in intents")


def test_the_newest_verdict_counts(tmp_path: Path) -> None:
    compared(Home(tmp_path), {"tasks": {"intent": {"verdict": "worse", "candidate": VERSION}}})
    compared(Home(tmp_path), {"tasks": {"intent": {"verdict": "no_worse", "candidate": VERSION}}}, 26)
    compared(Home(tmp_path), {"tasks": {"intent": {"verdict": "better", "candidate": "2026-11-26-1"}}}, 27)
    assert verdict_on(Home(tmp_path), VERSION, CARD).verdict is Verdict.NO_WORSE


@pytest.mark.parametrize(
    ("said", "verdict", "why"),
    [
        ("no worse", Verdict.NO_WORSE, ""),
        ("worse", Verdict.WORSE, "accuracy −2.1 points; 退款 −9 points"),
        ("too little data to tell", Verdict.UNKNOWN, "too little data to tell"),
    ],
)
def test_tasks_may_be_a_list_with_the_candidates_beside_it(
    tmp_path: Path, said: str, verdict: Verdict, why: str
) -> None:
    losses = ["accuracy −2.1 points", "退款 −9 points"] if verdict is Verdict.WORSE else []
    tasks = [{"task": "graph", "verdict": "better"}, {"task": "intent", "verdict": said, "losses": losses}]
    compared(Home(tmp_path), {"tasks": tasks, "candidate": {"intent": CARD.data_sha256}, "in_use": {}})
    found = verdict_on(Home(tmp_path), VERSION, CARD)
    assert (found.verdict, found.why) == (verdict, why)


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", {"tasks": []}, {"tasks": {"intent": "better"}}, {"tasks": {"intent": {"verdict": "grand"}}}]
    + [{"tasks": {"intent": {"verdict": "better", "candidate": name}}} for name in ("", None, "ab12", "ffffffffffff")]
    + [{"tasks": {"sentiment": {"verdict": "better", "candidate": VERSION}}}],
)
def test_what_says_nothing_of_the_candidate_is_no_verdict(tmp_path: Path, content: object) -> None:
    compared(Home(tmp_path), content)
    assert verdict_on(Home(tmp_path), VERSION, CARD).verdict is Verdict.UNKNOWN
