"""Verdicts: the newest on a candidate, found by the fingerprint of its data."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from agent.home import Home
from agent.learning.evaluate.comparison import COMPARISON, Comparison, TaskComparison, Verdict
from agent.learning.runs import StepName, new_run
from agent.learning.verdicts import verdict_on
from agent.training.bundle import Card, Task

CARD = Card(task=Task.INTENT, model="linear", labels=("a", "b"), examples=3, data_sha256="ab12" * 16)


def compared(home: Home, content: str, day: int = 25) -> None:
    out = new_run(home, date(2026, 11, day)).folder(StepName.EVALUATE)
    out.mkdir(parents=True)
    (out / COMPARISON).write_text(content, "utf-8")


def comparison(
    verdict: Verdict, *, of: str = CARD.data_sha256, task: str = "intent", losses: tuple[str, ...] = ()
) -> str:
    found = TaskComparison(task=task, examples=300, verdict=verdict, losses=losses)
    graph = TaskComparison(task="graph", examples=2, verdict=Verdict.BETTER)
    whole = Comparison(made=datetime.now(UTC), margin=0.01, tasks=(graph, found), candidate={task: of})
    return whole.model_dump_json()


@pytest.mark.parametrize("verdict", Verdict)
def test_a_verdict_is_found_by_what_the_candidate_was_trained_on(tmp_path: Path, verdict: Verdict) -> None:
    losses = ("accuracy −2.1 points", "退款 −9 points") if verdict is Verdict.WORSE else ()
    compared(Home(tmp_path), comparison(verdict, losses=losses))
    found = verdict_on(Home(tmp_path), CARD)
    assert (found.verdict, found.why) == (verdict, "; ".join(losses))
    assert found.in_words == verdict.value
    assert found.is_told is (verdict not in {Verdict.FIRST, Verdict.TOO_LITTLE})


def test_the_newest_verdict_counts(tmp_path: Path) -> None:
    compared(Home(tmp_path), comparison(Verdict.WORSE))
    compared(Home(tmp_path), comparison(Verdict.NO_WORSE), 26)
    compared(Home(tmp_path), comparison(Verdict.BETTER, of="ff" * 32), 27)
    assert verdict_on(Home(tmp_path), CARD).verdict is Verdict.NO_WORSE


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        '{"tasks": []}',
        comparison(Verdict.BETTER, of=""),
        comparison(Verdict.BETTER, of="ffffffffffff"),
        comparison(Verdict.BETTER, task="sentiment"),
        comparison(Verdict.BETTER).replace('"better"', '"grand"'),
    ],
)
def test_what_says_nothing_of_the_candidate_is_no_verdict(tmp_path: Path, content: str) -> None:
    compared(Home(tmp_path), content)
    found = verdict_on(Home(tmp_path), CARD)
    assert found.verdict is None
    assert found.in_words == "not evaluated"
    assert not found.is_told
