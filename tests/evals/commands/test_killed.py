"""A command over several suites that is killed outright (SIGKILL) goes on where it was, whatever each suite asks."""

import json
import os
import signal
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from tests.support.commands import PARLEY, environment, in_process

BOT = """
import os, signal, time
from pathlib import Path

HERE = Path(__file__).parent

def answer(question):
    with (HERE / "asked.txt").open("a", encoding="utf-8") as file:
        file.write(question + "\\n")
    if "kill" in question and not (HERE / "killed").exists():
        (HERE / "killed").touch()
        os.kill(os.getppid(), signal.SIGKILL)
        time.sleep(60)
    return "30天内。" if question.endswith("？") else "Within 30 days."
"""


def test_a_joint_run_killed_outright_repeats_no_case_that_was_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bot.py").write_text(BOT, "utf-8")
    asked = {"first": ["a?", "多久？"], "second": ["c?", "kill?", "e?"], "third": ["f?"]}
    suites = []
    for name, questions in asked.items():
        cases = [{"id": text, "question": text, "must_include": [["30"]]} for text in questions]
        (tmp_path / f"{name}.jsonl").write_text("".join(json.dumps(case) + "\n" for case in cases), "utf-8")
        suite = {"name": name, "cases": [{"file": f"{name}.jsonl"}], "target": {"function": "bot:answer"}}
        (tmp_path / f"{name}.yaml").write_text(json.dumps(suite), "utf-8")
        suites += ["--suite", str(tmp_path / f"{name}.yaml")]
    command = ["eval", "run", *suites, "--out", str(tmp_path / "out"), "--json"]
    env = environment({"PYTHONPATH": os.pathsep.join(filter(None, [str(tmp_path), os.environ.get("PYTHONPATH")]))})
    killed = subprocess.run([PARLEY, *command, "--processes", "2"], env=env, capture_output=True, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert not (tmp_path / "out" / "report.html").exists()
    monkeypatch.syspath_prepend(str(tmp_path))
    told = json.loads(in_process(*command).splitlines()[-1])
    assert {name: one["right"] for name, one in told.items()} == dict.fromkeys(asked, 1.0)
    questions = [text for of in asked.values() for text in of]
    heard = Counter((tmp_path / "asked.txt").read_text("utf-8").splitlines())
    # The one under way when the kill came had no answer, so that it is asked once more; no other is.
    assert heard == Counter([*questions, "kill?"])
    page = (tmp_path / "out" / "report.html").read_text("utf-8")
    assert all(f'href="{name}/report.html"' in page for name in asked)
