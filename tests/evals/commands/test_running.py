"""The commands as people give them."""

import json
from pathlib import Path

import pytest

from tests.support.commands import in_process
from tests.support.homes import QUESTION, small_home
from tests.support.slack_export import slack_folder


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = small_home(tmp_path)
    monkeypatch.setenv("PARLEY_HOME", str(root))
    monkeypatch.setenv("PARLEY_UNDERSTANDING__SENTIMENT", "words")
    return root


def test_a_suite_makes_its_home_and_holds_it_to_its_thresholds(tmp_path: Path, home: Path) -> None:
    cases = [
        {"id": "1", "question": QUESTION, "must_include": [["30 days"]]},
        {"id": "2", "lang": "zh", "question": "手机的保修期是多久？", "must_include": [["两年"]]},
    ]
    lines = "".join(json.dumps(case, ensure_ascii=False) + "\n" for case in cases)
    (tmp_path / "cases.jsonl").write_text(lines, "utf-8")
    suite = tmp_path / "suite.yaml"
    settings = (home / "parley.toml").read_text("utf-8")
    target = {"home": {"ingest": [{"file": "articles"}], "settings": settings}}
    held = {"name": "small", "cases": [{"file": "cases.jsonl"}], "target": target, "thresholds": {"right": {"min": 1}}}
    suite.write_text(json.dumps(held), "utf-8")
    out = tmp_path / "run"
    given = ("eval", "run", "--suite", str(suite), "--out", str(out), "--work", str(tmp_path / "work"), "--json")
    summary = json.loads(in_process(*given).splitlines()[-1])
    assert (summary["cases"], summary["right"]) == (2, 1.0)
    assert [json.loads(line)["id"] for line in (out / "results.jsonl").read_text("utf-8").splitlines()] == ["1", "2"]
    assert {"report.html", "report.md", "cases.csv", "junit.xml"} <= {file.name for file in out.iterdir()}
    held["thresholds"] = {"declined": {"min": 1}}
    suite.write_text(json.dumps(held), "utf-8")
    in_process(*given, status=1)


def test_transcripts_are_scored_as_they_are(tmp_path: Path) -> None:
    scored = json.loads(
        in_process("eval", "conversations", str(slack_folder(tmp_path / "slack")), "--json").splitlines()[-1]
    )
    assert scored["conversations"] >= 2
    assert scored["containment"] < 1
