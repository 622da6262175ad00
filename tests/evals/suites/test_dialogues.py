"""Whole dialogues as a suite: each is really held, flow and all, and right only where every turn of it was."""

import json
from pathlib import Path

import pytest

import evals
from agent.errors import CallerError
from evals.suites.importing import read_cases
from tests.support.commands import in_process
from tests.support.homes import flow_home

FLOWS = Path(evals.__file__).parent / "suites" / "flows"


def test_a_suite_of_dialogues_holds_them_with_the_agent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARLEY_UNDERSTANDING__SENTIMENT", "words")
    monkeypatch.setenv("PARLEY_HOME", str(flow_home(tmp_path / "shop")))
    lines = (FLOWS / "refund.jsonl").read_text("utf-8").splitlines()
    some = [json.loads(line) for line in (lines[1], lines[11])]
    wrong = {
        **some[0],
        "id": "wrong",
        "turns": [{**some[0]["turns"][0], "must_include": [["never said"]]}, some[0]["turns"][1]],
    }
    (tmp_path / "talks.jsonl").write_text("".join(json.dumps(one) + "\n" for one in (*some, wrong)), "utf-8")
    suite = tmp_path / "talks.yaml"
    suite.write_text("name: talks\ncases: [{file: talks.jsonl, format: dialogues}]\n", "utf-8")
    cases = read_cases(tmp_path / "talks.jsonl", "dialogues")
    assert (cases[0].lang, cases[0].question) == ("en", "yes please")
    given = ("eval", "run", "--suite", str(suite), "--out", str(tmp_path / "out"), "--json")
    summary = json.loads(in_process(*given).splitlines()[-1])
    assert (summary["cases"], summary["right"]) == (3, 0.6667)
    rows = [json.loads(line) for line in (tmp_path / "out" / "results.jsonl").read_text("utf-8").splitlines()]
    assert [row["scores"]["right"] for row in rows] == [1.0, 1.0, 0.0]
    assert "turn 1" in rows[2]["notes"]["right"] and "never said" in rows[2]["notes"]["right"]
    assert rows[1]["notes"]["dialogue"].count("assistant:") == len(some[1]["turns"])
    with pytest.raises(CallerError, match="home"):
        in_process(*given, "--function", "builtins:str")
