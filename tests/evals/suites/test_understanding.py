"""A suite of intents: the home's bundle is trained for it, and only the first stage of its agent is asked."""

import json
from pathlib import Path

from evals.suites.public_sets import clinc150, clinc150_train
from tests.support.commands import in_process

SAID = {
    "card": "where is my {} card|my {} card has not come|when does the {} card arrive|track the {} card",
    "refund": "i want a {} refund|give me the {} money back|refund the {} payment|return {} money please",
    "oos": "what is the {} weather|tell me a {} joke|sing a {} song|how tall is the {} tower",
}
FILLED = ("new", "first", "blue", "old", "last", "small")


def rows(words: tuple[str, ...]) -> list[list[str]]:
    return [[form.format(word), label] for label, forms in SAID.items() for form in forms.split("|") for word in words]


def test_intents_and_strangers_are_measured_by_the_understander_alone(tmp_path: Path) -> None:
    learnt, asked = rows(FILLED[:5]), rows(FILLED[5:])
    known, strange = ([row for row in asked if (row[1] == "oos") is away] for away in (False, True))
    data = {
        "train": [row for row in learnt if row[1] != "oos"],
        "oos_train": [row for row in learnt if row[1] == "oos"],
        "test": known,
        "oos_test": strange,
    }
    file = tmp_path / "data.json"
    file.write_text(json.dumps(data), "utf-8")
    assert [case.intent for case in clinc150(file)] == ["card"] * 4 + ["refund"] * 4 + ["oos"] * 4
    assert len(clinc150_train(file)) == len(learnt)
    home = {
        "train": [{"task": "intent", "file": "data.json", "format": "clinc150", "sentences": False}],
        "settings": '[understanding]\nsentiment = "words"\n[knowledge]\nembedder = "corpus"\n',
    }
    suite = {
        "name": "small", "cases": [{"file": "data.json", "format": "clinc150"}],
        "target": {"stage": "understand", "home": home},
    }  # fmt: skip
    (tmp_path / "small.yaml").write_text(json.dumps(suite), "utf-8")
    given = ("--suite", str(tmp_path / "small.yaml"), "--out", str(tmp_path / "out"), "--work", str(tmp_path / "work"))
    summary = json.loads(in_process("eval", "run", *given, "--json").splitlines()[-1])
    assert summary["cases"] == 12 and "contaminated" in summary
    assert summary["intent_accuracy"] == summary["intent_macro_f1"] == 1.0
    assert summary["oos_auroc"] > 0.9
    assert 0 <= summary["ece"] < 0.5
    assert "declined" not in summary and "risk_curve" not in summary
    assert "report.html" in {file.name for file in (tmp_path / "out").iterdir()}
