"""`parley train`, `predict` and `score` as their users run them."""

import asyncio
import json
from pathlib import Path

import pytest

from agent.errors import CallerError, SettingsError
from tests.support.commands import in_process as parley
from tests.support.homes import small_home
from tests.support.openai_server import chooses, fails, model_server

ROWS = [
    *(f"refund the {good},refund" for good in ("lamp", "desk", "phone", "chair", "watch")),
    *(f"where is my {good},delivery" for good in ("lamp", "desk", "phone", "chair", "watch")),
    *(f"{good}怎么退款,refund" for good in ("台灯", "桌子", "手机", "椅子", "手表")),
    *(f"{good}什么时候到,delivery" for good in ("台灯", "桌子", "手机", "椅子", "手表")),
    "who won the match,oos",
    "今天天气怎么样,oos",
]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    file = tmp_path / "data.csv"
    file.write_text("text,label\n" + "\n".join(ROWS) + "\n", "utf-8")
    return file


def test_train_predict_score(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "intents"
    card = json.loads(
        parley(
            "train",
            "--task",
            "intent",
            "--data",
            str(data),
            "--out",
            str(out),
            "--holdout",
            "0.2",
            "--no-sentences",
            "--json",
        )
    )
    assert card["labels"] == ["delivery", "refund"]
    assert "held out, accuracy" in card["metrics"]
    asked, told = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    asked.write_text('{"text": "refund my kettle"}\n{"text": "电视什么时候到"}\n\n', "utf-8")
    parley("predict", "--model", str(out), "--in", str(asked), "--out", str(told))
    first, second = (json.loads(line) for line in told.read_text("utf-8").splitlines())
    assert set(first) == {"text", "label", "confidence", "scores", "out_of_scope", "in_scope", "intents"}
    for told in (first, second):
        assert [(one["name"], one["text"]) for one in told["intents"]] == [(told["label"], told["text"])] * told[
            "in_scope"
        ]
    assert (first["label"], second["label"]) == ("refund", "delivery")
    found = json.loads(parley("score", "--model", str(out), "--data", str(data), "--json"))
    assert found["accuracy"] > 0.9
    assert found["out_of_scope"]["examples"] == 2
    assert "weakest" not in parley("score", "--model", str(out), "--data", str(data))


@pytest.fixture
def bundle(data: Path, tmp_path: Path) -> Path:
    out = tmp_path / "intents"
    parley("train", "--task", "intent", "--data", str(data), "--out", str(out), "--no-sentences", "--json")
    return out


BOTH = ("refund the lamp, and where is my desk", "台灯怎么退款，另外桌子什么时候到")


def test_two_intents_are_predicted_and_scored(bundle: Path, tmp_path: Path) -> None:
    asked, told = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    asked.write_text("".join(json.dumps({"text": text}) + "\n" for text in BOTH), "utf-8")
    parley("predict", "--model", str(bundle), "--in", str(asked), "--out", str(told))
    for line in told.read_text("utf-8").splitlines():
        assert [one["name"] for one in json.loads(line)["intents"]] == ["refund", "delivery"]
    rows = tmp_path / "rows.csv"
    rows.write_text(f'text,label\n"{BOTH[0]}",refund|delivery\nrefund the watch,refund\n', "utf-8")
    found = json.loads(parley("score", "--model", str(bundle), "--data", str(rows), "--json"))
    assert found["examples"] == 1
    assert found["several"] == {
        "examples": 1,
        "exact": 1.0,
        "precision": 1.0,
        "recall": 1.0,
        "single": 1,
        "told_several": 0.0,
    }
    only = tmp_path / "rows.jsonl"
    only.write_text(json.dumps({"text": BOTH[1], "labels": ["refund", "delivery"]}) + "\n", "utf-8")
    assert "just these told of 100.0%" in parley("score", "--model", str(bundle), "--data", str(only))


async def test_a_model_is_scored_beside_the_classifier(
    bundle: Path, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    doubted = tmp_path / "doubted.csv"
    doubted.write_text("text,label\nit,refund\nthat,refund\nthis,refund\n", "utf-8")
    line = ("score", "--model", str(bundle), "--data", str(doubted), "--with-llm", "--examples", str(data))
    async with model_server(chooses("refund")) as server:
        monkeypatch.setenv("PARLEY_HOME", str(small_home(tmp_path / "home")))
        monkeypatch.setenv("PARLEY_MODEL__BASE_URL", server.url)
        found = json.loads(await asyncio.to_thread(parley, *line, "--json"))
        table = await asyncio.to_thread(parley, *line)
    assert found["with_llm"]["accuracy"] == 1.0
    assert (found["with_llm"]["asked"], found["with_llm"]["failed"]) == (3, 0)
    assert found["with_llm"]["seconds"] > 0
    assert "macro_f1" in found
    shown = json.loads(server.requests[0]["messages"][1]["content"])
    assert all(one["messages"] for one in shown["intents"])
    assert "with the model" in table


async def test_a_model_that_only_fails_is_named(bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    doubted = tmp_path / "doubted.csv"
    doubted.write_text("text,label\n" + "".join(f"thing {n},refund\n" for n in range(40)), "utf-8")
    line = ("score", "--model", str(bundle), "--data", str(doubted), "--with-llm", "--json")
    async with model_server(fails(500)) as server:
        monkeypatch.setenv("PARLEY_HOME", str(small_home(tmp_path / "home")))
        monkeypatch.setenv("PARLEY_MODEL__BASE_URL", server.url)
        assert await asyncio.to_thread(lambda: parley(*line, status=1)) == ""


def test_without_a_model_in_the_settings_none_is_scored(
    bundle: Path, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARLEY_HOME", str(small_home(tmp_path / "home")))
    with pytest.raises(SettingsError, match="base_url"):
        parley("score", "--model", str(bundle), "--data", str(data), "--with-llm")


def test_moods_are_trained_by_the_same_command(tmp_path: Path) -> None:
    file, out = tmp_path / "moods.csv", tmp_path / "moods"
    good, bad = ("质量很好", "非常满意", "太棒了", "很喜欢"), ("质量很差", "非常失望", "太烂了", "很讨厌")
    rows = [
        f"{text}{end},{label}" for label, texts in (("pos", good), ("neg", bad)) for text in texts for end in "！。~"
    ]
    file.write_text("text,sentiment\n" + "\n".join(rows) + "\n", "utf-8")
    parley("train", "--task", "sentiment", "--data", str(file), "--out", str(out), "--json")
    assert json.loads(parley("score", "--model", str(out), "--data", str(file), "--json"))["accuracy"] == 1.0


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("text,label\nhello,greeting\n", "at least two labels"),
        ("text,label\nhello,oos\nhi,a\n", "at least two labels"),
        ("words,label\nhello,a\n", "expected the columns text,label; found words, label"),
    ],
)
def test_data_that_nothing_can_be_learned_from(tmp_path: Path, content: str, complaint: str) -> None:
    file = tmp_path / "data.csv"
    file.write_text(content, "utf-8")
    with pytest.raises(CallerError, match=complaint):
        parley("train", "--task", "intent", "--data", str(file), "--out", str(tmp_path / "out"))
    assert not (tmp_path / "out").exists()


def test_a_folder_that_is_no_bundle_is_left_alone(data: Path, tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "a.txt").write_text("mine")
    with pytest.raises(CallerError, match="choose another folder"):
        parley("train", "--task", "intent", "--data", str(data), "--out", str(tmp_path / "letters"))


def test_lines_that_are_none_are_named(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "intents"
    parley("train", "--task", "intent", "--data", str(data), "--out", str(out), "--no-sentences", "--json")
    asked = tmp_path / "in.jsonl"
    asked.write_text('{"text": "hello"}\n{"utterance": 1}\n', "utf-8")
    parley("predict", "--model", str(out), "--in", str(asked), "--out", str(tmp_path / "o.jsonl"), status=2)
    assert not (tmp_path / "o.jsonl").exists()
    parley("train", "--task", "intent", "--data", str(data), "--out", str(out), "--holdout", "2", status=2)
