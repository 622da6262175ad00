"""`parley learn promote`, `rollback`, `versions` and `prune` as their users run them."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from agent.cli.main import main
from agent.diagnosis import Finding, Health, diagnose
from agent.home import Home
from agent.homes import new_home
from agent.learning.evaluate.comparison import COMPARISON, Comparison, TaskComparison, Verdict
from agent.learning.runs import StepName, new_run
from agent.training.bundle import Task
from agent.training.versions import versions_of
from tests.agent.training.test_versions import bundle
from tests.support.bundles import small_bundle


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return new_home(tmp_path / "home")


class Run:
    """Runs `parley learn …` in this process: with --json what it printed, where it fails what it complained of."""

    def __init__(self, home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._home = home
        self._monkeypatch = monkeypatch
        self._capsys = capsys

    def __call__(self, *arguments: str, status: int = 0) -> Any:
        said = self.shown(*arguments, "--json", status=status)
        return said if status else json.loads(said)

    def shown(self, *arguments: str, status: int = 0) -> str:
        self._monkeypatch.setenv("PARLEY_HOME", str(self._home.root))
        self._monkeypatch.setattr("sys.argv", ["parley", "learn", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        printed = self._capsys.readouterr()
        assert (ended.value.code or 0) == status, printed.err
        return printed.err if status else printed.out


@pytest.fixture
def run(home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    return Run(home, monkeypatch, capsys)


def trained(home: Home, label: str, day: int, *losses: str, task: Task = Task.INTENT) -> None:
    """A run of learning that trained a bundle, and found losses where any are named."""
    made = new_run(home, date(2026, 11, day))
    bundle(made.folder(StepName.TRAIN) / task.value, label, task)
    if losses:
        out = made.folder(StepName.EVALUATE)
        out.mkdir(parents=True)
        found = TaskComparison(task=task.value, examples=300, verdict=Verdict.WORSE, losses=losses)
        whole = Comparison(made=datetime.now(UTC), margin=0.01, tasks=(found,), candidate={task.value: "0" * 64})
        (out / COMPARISON).write_text(whole.model_dump_json(), "utf-8")


def test_what_was_trained_last_is_tried_shared_promoted_and_taken_back(home: Home, run: Run) -> None:
    trained(home, "a", 24)
    first = (run("promote"))["speaks"]
    trained(home, "b", 25)
    shadow = run("promote", "intent", "--shadow")
    second = shadow["trial"]["version"]
    assert (shadow["speaks"], shadow["trial"]["mode"]) == (first, "shadow")
    share = run("promote", "intent", second, "--share", "20")
    assert (share["speaks"], share["trial"]["percent"]) == (first, 20)
    everywhere = run("promote", "intent", second, "--all")
    assert (everywhere["speaks"], everywhere["trial"], everywhere["before"]) == (second, None, first)
    assert (run("rollback"))["speaks"] == first
    listed = (run("versions"))["tasks"]["intent"]
    assert [one["version"] for one in listed["versions"]] == [first, second]
    assert [change["how"] for change in listed["history"]] == ["promoted", "promoted", "rolled back"]
    shown = run.shown("versions", "intent")
    assert f"● {first}" in shown
    assert (run("prune", "--keep", "0"))["removed"] == [second]


def test_a_significant_loss_is_refused_unless_forced(home: Home, run: Run) -> None:
    trained(home, "a", 24, "intents 94.0 → 91.2, p = 0.001")
    said = run("promote", status=1)
    assert "94.0 → 91.2" in said
    assert "--shadow" in said
    run("promote", "--share", "5", status=1)
    assert (run("promote", "--shadow"))["speaks"] == ""
    forced = run("promote", "--force")
    assert (forced["evaluation"]["verdict"], forced["speaks"]) == ("worse", forced["speaks"])
    assert versions_of(home, Task.INTENT).speakers().history[-1].why == "forced, though worse"


def test_an_emotion_is_tried_by_listening_alone(home: Home, run: Run) -> None:
    trained(home, "anger", 24, task=Task.EMOTION)
    assert "--shadow" in run("promote", "emotion", "--share", "10", status=2)
    tried = run("promote", "emotion", "--shadow")["trial"]
    assert (tried["mode"], tried["version"]) == ("shadow", versions_of(home, Task.EMOTION).names()[0])
    assert run("rollback", "emotion")["trial"] is None


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("promote",), "parley learn train"),
        (("promote", "poetry"), "no task"),
        (("promote", "--shadow", "--all"), "one of"),
        (("promote", "intent", "2020-01-01-1"), "2020-01-01-1"),
        (("rollback",), "nothing to roll back"),
        (("versions", "poetry"), "no task"),
    ],
)
def test_wrong_use_is_said_in_one_line(run: Run, arguments: tuple[str, ...], said: str) -> None:
    error = run(*arguments, status=2)
    assert said in error
    assert error.count("\n") == 1


def test_a_bundle_of_a_folder_is_added_by_its_path(home: Home, run: Run, tmp_path: Path) -> None:
    folder = bundle(tmp_path / "mine", "我的")
    added = run("promote", "intent", str(folder))
    assert versions_of(home, Task.INTENT).names() == [added["speaks"]]
    again = run("promote", "intent", str(folder), status=2)
    assert "speaks already" in again


def test_while_one_is_on_trial_it_is_the_one_that_is_shared_and_promoted(home: Home, run: Run) -> None:
    trained(home, "a", 24)
    tried = run("promote", "--shadow")["trial"]["version"]
    trained(home, "b", 25)
    assert run("promote", "--share", "5")["trial"]["version"] == tried
    assert run("promote")["speaks"] == tried
    assert run("promote", "--shadow")["trial"]["version"] != tried


async def bundle_findings(home: Home) -> dict[str, Finding]:
    return {finding.name: finding for finding in await diagnose(home.root) if finding.name in {"intents", "sentiment"}}


async def test_doctor_says_what_speaks_and_names_what_is_damaged(home: Home, tmp_path: Path) -> None:
    assert {finding.health for finding in (await bundle_findings(home)).values()} == {Health.ABSENT}
    versions = versions_of(home, Task.INTENT)
    first, second = (versions.add(small_bundle(tmp_path / label, label)) for label in ("a", "b"))
    versions.promote(first)
    assert (await bundle_findings(home))["intents"].detail == first
    versions.promote(second)
    (versions.folder(second) / "numbers.npz").write_bytes(b"")
    found = (await bundle_findings(home))["intents"]
    assert found.health is Health.BAD
    assert second in found.detail
    assert "parley learn rollback intent" in found.detail
    versions.roll_back()
    assert (await bundle_findings(home))["intents"].health is Health.GOOD
    versions.promote(versions.add(bundle(tmp_path / "whole", "but without weights")))
    assert (await bundle_findings(home))["intents"].health is Health.BAD
    versions.pointer.write_bytes(b"{")
    assert "in_use.json" in (await bundle_findings(home))["intents"].detail
