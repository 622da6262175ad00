"""A run on a Ray cluster of this machine: two shards, one report, and nothing asked twice."""

import json
from pathlib import Path

import pytest

from tests.support.commands import in_process

ASKED = "asked.txt"


def counting(question: str) -> str:
    """A bot in a shard's process, which leaves a line for each question."""
    folder, _, asked = question.partition("|")
    with (Path(folder) / ASKED).open("a", encoding="utf-8") as file:
        file.write(asked + "\n")
    return "30天内。" if "？" in asked else "Within 30 days."


@pytest.mark.skipif("not __import__('importlib').util.find_spec('ray')", reason="needs the extra ray")
@pytest.mark.filterwarnings("ignore")
@pytest.mark.enable_socket
def test_shards_are_joined_in_order_and_go_on(tmp_path: Path) -> None:
    asked = [f"{n}?" if n % 2 else f"第{n}个？" for n in range(12)]
    rows = [{"id": text, "question": f"{tmp_path}|{text}", "must_include": [["30"]]} for text in asked]
    cases = tmp_path / "cases.jsonl"
    cases.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    given = ["eval", "run", "--cases", str(cases), "--function", f"{__name__}:counting", "--out", str(tmp_path / "out")]
    summary = json.loads(in_process(*given, "--ray", "2", "--json").splitlines()[-1])
    assert (summary["cases"], summary["right"]) == (12, 1.0)
    told = [json.loads(line)["id"] for line in (tmp_path / "out" / "results.jsonl").read_text("utf-8").splitlines()]
    assert told == asked
    again = json.loads(in_process(*given, "--ray", "2", "--keep", "--json").splitlines()[-1])
    assert again["cases"] == 12
    assert sorted((tmp_path / ASKED).read_text("utf-8").splitlines()) == sorted(asked)


def test_without_ray_it_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evals.commands.run.find_spec", lambda _: None)
    in_process("eval", "run", "--cases", "x", "--out", str(tmp_path), "--ray", "2", status=2)
