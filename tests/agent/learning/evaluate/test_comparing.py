"""Verdicts: a loss anywhere is worse, a gain is better, and few examples say nothing."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from agent.learning.evaluate.comparing import compare_labels
from agent.learning.evaluate.comparison import Comparison, TaskComparison, Verdict
from agent.learning.evaluate.judging import Terms
from agent.learning.evaluate.reporting import report_of
from agent.training.data import Labelled

TERMS = Terms(resamples=300)


@dataclass(frozen=True)
class Said:
    label: str
    confidence: float = 0.9
    out_of_scope: float = 0.1


def compared(
    truth: list[str], before: list[str], after: list[str], *, sure: tuple[float, float] = (0.9, 0.9)
) -> TaskComparison:
    data = Labelled(tuple(f"text {n}" for n in range(len(truth))), tuple(truth))
    return compare_labels(
        "intent",
        data,
        [Said(label, sure[0]) for label in before],
        [Said(label, sure[1]) for label in after],
        ["zh" if n % 2 else "en" for n in range(len(truth))],
        TERMS,
    )


def wrong_at(truth: list[str], rows: range) -> list[str]:
    return [
        "物流" if n in rows and label != "物流" else "refund" if n in rows else label for n, label in enumerate(truth)
    ]


TRUTH = ["refund", "物流", "card", "card"] * 150


def test_the_same_model_twice_is_no_worse_where_there_is_enough_to_tell() -> None:
    told = wrong_at(TRUTH, range(60))
    found = compared(TRUTH, told, told)
    assert found.verdict is Verdict.NO_WORSE
    assert found.flips == ()


def test_few_examples_tell_nothing_and_the_report_says_how_many_would() -> None:
    found = compared(TRUTH[:20], TRUTH[:20], TRUTH[:20])
    assert found.verdict is Verdict.TOO_LITTLE
    assert found.needed
    assert found.needed > 100
    assert found.smallest
    assert found.smallest >= 0.3


def test_a_gain_is_better_and_the_same_turned_round_is_worse() -> None:
    poor, good = wrong_at(TRUTH, range(60)), wrong_at(TRUTH, range(10))
    better, worse = compared(TRUTH, poor, good, sure=(0.9, 0.98)), compared(TRUTH, good, poor, sure=(0.98, 0.9))
    assert better.verdict is Verdict.BETTER
    assert worse.verdict is Verdict.WORSE
    assert "accuracy" in worse.losses[0]
    assert {flip.gained for flip in better.flips} == {True}


def test_the_loss_of_one_label_counts_though_all_in_all_it_gains() -> None:
    before = ["物流" if label == "card" and n < 400 else label for n, label in enumerate(TRUTH)]
    after = ["card" if label == "refund" and n < 60 else label for n, label in enumerate(TRUTH)]
    found = compared(TRUTH, before, after)
    assert found.figures[0].gain
    assert found.verdict is Verdict.WORSE
    assert any(loss.startswith("label refund") for loss in found.losses)
    assert found.confusions[0].truth == "card"


def test_worse_calibration_is_a_loss() -> None:
    told = wrong_at(TRUTH, range(60))
    found = compared(TRUTH, told, told, sure=(0.9, 0.6))
    assert found.verdict is Verdict.WORSE
    assert "ECE" in found.losses[0]


def test_what_is_out_of_scope_counts_for_separation_alone() -> None:
    random = np.random.default_rng(0)
    truth = TRUTH[:200] + ["oos"] * 100
    data = Labelled(tuple(map(str, range(300))), tuple(truth))
    before = [Said("card" if label == "oos" else label, 0.9, float(random.random())) for label in truth]
    after = [Said("card" if label == "oos" else label, 0.9, 0.9 if label == "oos" else 0.1) for label in truth]
    found = compare_labels("intent", data, before, after, ["en"] * 300, TERMS)
    assert found.examples == 200
    figure = next(figure for figure in found.figures if "AUROC" in figure.name)
    assert figure.gain
    assert figure.after == 1.0


def test_chance_rarely_counts_as_loss() -> None:
    random = np.random.default_rng(9)
    worse = 0
    for _ in range(40):
        before, after = (
            [label if right else "物流" for label, right in zip(TRUTH[:300], random.random(300) < 0.9, strict=True)]
            for _ in range(2)
        )
        worse += compared(TRUTH[:300], before, after).verdict is Verdict.WORSE
    assert worse <= 8


def test_the_report_shows_verdict_and_flips(tmp_path: Path) -> None:
    found = compared(TRUTH, wrong_at(TRUTH, range(60)), wrong_at(TRUTH, range(30, 40)), sure=(0.9, 0.98))
    made = Comparison(made=datetime(2026, 11, 25, tzinfo=UTC), margin=0.02, tasks=(found,))
    assert Comparison.model_validate_json(made.model_dump_json()) == made
    report_of(made).write(tmp_path)
    text = (tmp_path / "report.md").read_text("utf-8")
    assert "better" in text
    assert "gained" in text
    assert "物流" in text
    assert (tmp_path / "intent-differences.svg").is_file()
    assert (tmp_path / "intent-calibration.svg").is_file()
    assert made.blockers("intent") == ()
    assert made.blockers("sentiment") == ("sentiment was not compared",)
