"""The eight steps in one go, from logs to a bundle that speaks."""

import json
from pathlib import Path

import pytest

from agent.errors import CallerError
from agent.home import Home
from agent.homes import new_home
from agent.learning.intents.accepting import same_text
from agent.learning.training import trainable
from agent.training.bundle import Task, read_card
from agent.training.data import Labelled, each_once
from agent.training.versions import versions_of
from tests.support.commands import in_process as parley

ASKED = {
    "refund": (
        "I want my money back for the {}",
        "please refund the {}",
        "refund me for the {} I bought",
        "{}我要退款",
    ),
    "delivery": (
        "where is the {} I ordered",
        "my {} has not arrived yet",
        "when will the {} be delivered",
        "{}什么时候送到",
    ),
}
GOODS = "phone kettle lamp desk chair fridge mixer camera tablet watch cable mouse screen printer router".split()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    made = new_home(tmp_path / "home")
    monkeypatch.setenv("PARLEY_HOME", str(made.root))
    return made


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    lines = []
    for forms in ASKED.values():
        for form in forms:
            for good in GOODS:
                number = len(lines)
                turns = [{"role": "user", "text": form.format(good)}, {"role": "assistant", "text": "I will look."}]
                lines.append(json.dumps({"id": f"t{number}", "turns": turns}))
    file = tmp_path / "logs.jsonl"
    file.write_text("\n".join(lines), "utf-8")
    return file


@pytest.mark.timeout(300)
def test_from_logs_to_a_bundle_that_speaks(home: Home, logs: Path, tmp_path: Path) -> None:
    first = json.loads(parley("learn", "run", str(logs), "--consented", "--json"))
    assert first["steps"]["collect"]["conversations"] == 120
    assert first["steps"]["train"] == {"trained": "nothing yet"}
    labelled = tmp_path / "labelled.csv"
    rows = [f'"{form.format(good)}",{label}' for label, forms in ASKED.items() for form in forms for good in GOODS]
    labelled.write_text("text,label\n" + "\n".join(rows) + "\n", "utf-8")
    second = json.loads(parley("learn", "run", str(logs), "--consented", "--labelled", str(labelled), "--json"))
    assert second["run"] == first["run"]
    assert second["steps"]["clean"] == first["steps"]["clean"]
    assert second["steps"]["train"]["intent: accuracy, left out"] > 0.9
    folder = home.root / "learning" / second["run"]
    for name in ("1-collect", "2-clean", "3-intents", "4-graph", "5-sentiment", "6-train", "7-evaluate", "8-use"):
        assert (folder / name / "report.html").is_file(), name
    card = read_card(folder / "6-train" / "intent")
    assert set(card.labels) == {"refund", "delivery"}
    assert versions_of(home, Task.INTENT).speaking() is None
    parley("learn", "promote", "intent")
    assert versions_of(home, Task.INTENT).speaking() is not None


def test_the_label_given_last_counts() -> None:
    early = Labelled(("Refund me", "hello"), ("other", "greeting"))
    late = Labelled(("refund  me",), ("refund",))
    found = each_once([early, late], same_text)
    assert dict(zip(found.texts, found.labels, strict=True)) == {"refund  me": "refund", "hello": "greeting"}


def test_labels_with_one_example_wait() -> None:
    data, rare = trainable(Labelled(("a", "b", "c", "d"), ("x", "x", "y", "oos")))
    assert rare == ("y",)
    assert data.labels == ("x", "x", "oos")


def test_feelings_that_are_none_are_named(home: Home, tmp_path: Path) -> None:
    sheet = tmp_path / "to_check.csv"
    sheet.write_text("id,text,heard,label\n1,so late again,neutral,Anger\n", "utf-8")
    assert "1 added" in parley("learn", "accept", "feelings", str(sheet))
    sheet.write_text("id,text,heard,label\n1,so late again,neutral,furious\n", "utf-8")
    parley("learn", "accept", "feelings", str(sheet), status=2)


def test_a_step_without_its_predecessor_says_what_to_run(home: Home, logs: Path) -> None:
    parley("learn", "collect", str(logs), "--consented")
    with pytest.raises(CallerError, match="parley learn clean"):
        parley("learn", "intents")
