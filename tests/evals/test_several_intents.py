"""The benchmark of two intents in one message: what it joins, and that its figures can fail."""

import random
from collections.abc import Sequence

from agent.training.bundle import Card, Task
from agent.training.classifier import Prediction
from agent.training.data import Labelled
from evals.benchmarks.several_intents import fitted, join, measured, pairs

DATA = Labelled(
    ("refund my phone please", "refund the broken lamp", "where is my order", "where is my new desk", "手机我要退款"),
    ("refund", "refund", "delivery", "delivery", "refund"),
)


class ByWord:
    """Tells by one word of each intent; wavers where both stand in the text, unless the text is certain."""

    def __init__(self) -> None:
        labels = ("delivery", "refund")
        self.card = Card(task=Task.INTENT, model="words", labels=labels, examples=1, data_sha256="0" * 64)

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        return [
            self._one("refund" in text, "where" in text and not ("refund" in text and "certainly" in text))
            for text in texts
        ]

    def _one(self, refund: bool, where: bool) -> Prediction:
        likely = 0.5 if refund == where else 0.98 if refund else 0.02
        scores = (
            {"refund": likely, "delivery": 1 - likely} if likely >= 0.5 else {"delivery": 1 - likely, "refund": likely}
        )
        best = next(iter(scores))
        return Prediction(label=best, confidence=scores[best], scores=scores, out_of_scope=1 - scores[best])


def test_pairs_have_the_intents_of_both() -> None:
    single = DATA.take(range(4))
    joined = pairs(single, 50, seed=1)
    assert {labels for _, labels in joined} <= {
        ("refund", "delivery"),
        ("delivery", "refund"),
        ("refund",),
        ("delivery",),
    }
    assert all(("refund" in text) == ("refund" in labels) for text, labels in joined)
    assert joined == pairs(single, 50, seed=1)


def test_both_languages_are_joined_as_they_are_written() -> None:
    chance = random.Random(0)
    assert all("。，" not in join("我要退款。", "订单到哪了", chance) for _ in range(30))
    assert all("?," not in join("Where is it?", "I want a refund", chance) for _ in range(30))


def test_what_is_told_right_and_wrong_is_counted() -> None:
    single = DATA.take(range(4))
    said = measured(ByWord(), single, [("refund the phone. where is my order", ("refund", "delivery"))])
    assert "1 pairs: exact 100.0%" in said
    assert "4 single: two told of 0.00%; accuracy 100.00% plain, 100.00% here" in said
    missed = measured(ByWord(), single, [("refund the phone. refund the lamp", ("refund", "delivery"))])
    assert "exact 0.0%" in missed


def test_the_fit_finds_that_a_sure_whole_speaks_against_two() -> None:
    one = Labelled(
        tuple(f"refund lamp {n} with cracks. where it certainly broke is the corner" for n in range(20)),
        ("refund",) * 20,
    )
    weights = fitted(ByWord(), one, [x for x in pairs(DATA.take(range(4)), 60, seed=0) if len(x[1]) == 2])
    assert weights.least > 0
    torn, sure = (-0.7, 0.0), (-3.9, -3.9)  # how likely the whole finds the second, and how odd it is
    assert weights.evidence((-3.9, -7.8, *torn, 0)) > 0.5 > weights.evidence((-3.9, -7.8, *sure, 0))
