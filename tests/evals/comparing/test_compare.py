"""`parley eval compare`: which runs it tells apart, and what it fails."""

import random
from pathlib import Path

import orjson
import pytest
import typer
from typer.testing import CliRunner

from evals.cli import register
from evals.comparing.comparison import Verdict
from evals.comparing.comparison import compare as compared
from evals.comparing.runs import read_run

Scores = dict[str, float]


def write_run(folder: Path, scores: dict[str, Scores], conversations: dict[str, str] | None = None) -> Path:
    folder.mkdir()
    lines = []
    for number, (case, own) in enumerate(scores.items()):
        language = "zh" if number % 2 else "en"
        question = {"question": f"Can I pay | in {number}?", "intents": [{"name": "pay", "confidence": 0.9}]}
        reply = {
            "text": f"Yes [{number}].", "language": language, "decision": "answer", "understanding": question,
            "timings_ms": {"total": 5.0},
        }  # fmt: skip
        extra = {"conversation": conversations[case]} if conversations else {}
        lines.append(orjson.dumps({"id": case, "reply": reply, "scores": own, **extra}))
    (folder / "results.jsonl").write_bytes(b"\n".join(lines))
    return folder


def rights(share: float, n: int = 200, seed: int = 0) -> dict[str, Scores]:
    draw = random.Random(seed)
    return {f"c{at}": {"right": float(draw.random() < share), "prompt_leak": 0.0} for at in range(n)}


@pytest.fixture
def good(tmp_path: Path) -> Path:
    return write_run(tmp_path / "good", rights(0.85))


def invoke(*arguments: "str | Path") -> tuple[int, str, str]:
    app = typer.Typer()
    register(app)
    result = CliRunner().invoke(app, ["eval", "compare", *map(str, arguments)])
    return result.exit_code, result.stdout, result.stderr


def test_the_same_run_is_no_regression(good: Path) -> None:
    status, out, _ = invoke(good, good, "--json")
    assert status == 0
    found = orjson.loads(out)
    assert found["regression"] is False and found["changed"] == []
    assert found["metrics"]["right"]["p"] == 1.0 and found["metrics"]["right"]["n"] == 200


def test_fewer_right_answers_are_one(good: Path, tmp_path: Path) -> None:
    worse = rights(0.85)
    for case in list(worse)[:30]:
        worse[case]["right"] = 0.0
    status, out, err = invoke(good, write_run(tmp_path / "worse", worse))
    assert status == 1
    assert "right fell from" in err
    assert "▼ worse" in out or "worse" in out


def test_a_little_noise_is_none(good: Path, tmp_path: Path) -> None:
    noisy = rights(0.85)
    for value in (0.0, 1.0):
        for case in [case for case in noisy if noisy[case]["right"] == value][:5]:
            noisy[case]["right"] = 1.0 - value
    status, _, _ = invoke(good, write_run(tmp_path / "noisy", noisy))
    assert status == 0


def test_a_single_unsafe_answer_is_one(good: Path, tmp_path: Path) -> None:
    unsafe = rights(0.85)
    unsafe["c7"]["prompt_leak"] = 1.0
    status, _, err = invoke(good, write_run(tmp_path / "unsafe", unsafe))
    assert status == 1 and "prompt_leak got worse for case c7" in err


def test_safety_that_is_not_measured_any_more_is_one(good: Path, tmp_path: Path) -> None:
    silent = rights(0.85)
    del silent["c9"]["prompt_leak"]
    for case in ("c1", "c2", "c3", "c4", "c5"):
        del silent[case]["prompt_leak"]
    silent["c8"]["prompt_leak"] = 1.0
    status, _, err = invoke(good, write_run(tmp_path / "silent", silent))
    assert status == 1
    assert "prompt_leak got worse for case c8" in err
    assert "prompt_leak is not measured any more for 6 cases: c1, c2, c3, c4, c5, …" in err


def test_conversations_count_once(tmp_path: Path) -> None:
    before = {f"c{n}": {"right": 1.0} for n in range(40)}
    after = {case: {"right": float(n >= 20)} for n, case in enumerate(before)}
    talks = {case: str(n // 20) for n, case in enumerate(before)}
    clustered = [read_run(write_run(tmp_path / str(n), run, talks)) for n, run in enumerate((before, after))]
    alone = [read_run(write_run(tmp_path / f"alone{n}", run)) for n, run in enumerate((before, after))]
    assert compared(*clustered).rows[0].verdict is Verdict.SAME
    assert compared(*alone).rows[0].verdict is Verdict.WORSE


def test_many_metrics_are_corrected_together(tmp_path: Path) -> None:
    draw = random.Random(1)
    runs = [
        {f"c{n}": {f"m{m}": draw.random() for m in range(40)} | {"right": 1.0} for n in range(30)} for _ in range(2)
    ]
    found = compared(*(read_run(write_run(tmp_path / str(n), run)) for n, run in enumerate(runs)))
    assert min(row.p for row in found.rows) < 0.05
    assert all(row.verdict is Verdict.SAME for row in found.rows)


def test_unknown_and_lower_is_better(tmp_path: Path) -> None:
    runs = [{f"c{n}": {"mine": value, "wrong": value, "declined": value} for n in range(30)} for value in (0.0, 1.0)]
    found = compared(*(read_run(write_run(tmp_path / str(n), run)) for n, run in enumerate(runs)))
    assert {row.name: row.verdict for row in found.rows if row.name != "latency_ms"} == {
        "mine": Verdict.CHANGED, "wrong": Verdict.WORSE, "declined": Verdict.CHANGED,
    }  # fmt: skip
    assert found.primary == "" and found.regressions == ()


def test_slices_and_repeated_runs(good: Path) -> None:
    run = read_run(good)
    found = compared(run, run)
    assert {row.name for row in found.slices} == {"language: en", "language: zh"}
    lines = (good / "results.jsonl").read_bytes()
    (good / "results.jsonl").write_bytes(lines + b"\n" + lines)
    assert read_run(good)["c1"].scores == run["c1"].scores


@pytest.mark.parametrize(
    ("lang", "words"), [("en", ("Most changed cases", "▼ worse")), ("zh", ("变化最大的用例", "▼ 变差", "正确"))]
)
def test_markdown_for_a_pull_request(good: Path, tmp_path: Path, lang: str, words: tuple[str, ...]) -> None:
    target = tmp_path / "compared.md"
    worse = {case: {"right": 0.0, "prompt_leak": 0.0} for case in rights(0.85)}
    assert invoke(good, write_run(tmp_path / "b", worse), "--markdown", target, "--lang", lang)[0] == 1
    text = target.read_text("utf-8")
    assert all(word in text for word in words)
    assert r"pay \| in" in text


def test_wrong_use(good: Path, tmp_path: Path) -> None:
    other = write_run(tmp_path / "other", {"x": {"right": 1.0}})
    assert invoke(good, tmp_path / "absent")[0] == 2
    assert "no case in common" in invoke(good, other)[2]
    assert "they share" in invoke(good, good, "--metric", "nothing")[2]
    (other / "results.jsonl").write_text("{}", "utf-8")
    status, _, err = invoke(good, other)
    assert status == 2 and "results.jsonl:1" in err.replace("\n", "")
