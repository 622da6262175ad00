"""Every metric against a case counted by hand, in both languages where it reads text."""

import math
from collections.abc import Sequence

import numpy as np
import pytest

from evals.metrics.classification import accuracy, auroc, brier, brier_of_labels, confusion, ece, macro_f1
from evals.metrics.correlation import cohen_kappa, pearson, spearman
from evals.metrics.coverage import aurc, risk_coverage
from evals.metrics.graph import graph_exact, graph_f1
from evals.metrics.ranking import ndcg_at, precision_at, reciprocal_rank
from evals.metrics.refusal import refusal_precision, refusal_recall
from evals.metrics.repeated import pass_at, pass_hat
from evals.metrics.rightness import key_facts
from evals.metrics.running import Price, cost, percentile, percentiles, tokens_used
from evals.metrics.semantic import semantic_similarity
from evals.metrics.text import chrf, exact_match, rouge_l, token_f1


def test_labels() -> None:
    truth, told = ["a", "a", "b", "c"], ["a", "b", "b", "a"]
    assert accuracy(truth, told) == 0.5
    assert macro_f1(truth, told) == pytest.approx((1 / 2 + 2 / 3 + 0) / 3)
    assert confusion(truth, told) == {"a": {"a": 1, "b": 1}, "b": {"b": 1}, "c": {"a": 1}}
    assert accuracy([], []) is None is macro_f1([], [])


def test_probabilities() -> None:
    assert auroc([True, True, False], [0.9, 0.4, 0.4]) == 0.75
    assert auroc([True], [0.3]) is None
    assert brier([0.8, 0.4], [True, False]) == pytest.approx((0.04 + 0.16) / 2)
    assert brier_of_labels([{"a": 0.7, "b": 0.3}, {"a": 1.0}], ["a", "z"]) == pytest.approx((0.18 + 2) / 2)
    assert ece([0.95, 0.95, 0.05, 0.05], [True, False, False, False]) == pytest.approx((0.9 + 0.1) / 4)
    assert brier([], []) is None is ece([], [])


def test_agreement() -> None:
    assert pearson([1, 2, 3], [2, 4, 6]) == pytest.approx(1)
    assert spearman([1, 2, 3, 4], [1, 3, 2, 40]) == pytest.approx(0.8)
    assert cohen_kappa([1, 1, 0, 0], [1, 0, 0, 0]) == pytest.approx(0.5)
    assert cohen_kappa([1, 2, 3], [1, 2, 2], "quadratic") == pytest.approx(1 - 1 / (9 / 3))
    assert cohen_kappa([1, 1], [1, 1]) is None
    assert cohen_kappa([], []) is None is pearson([1], [1])


def test_rankings() -> None:
    assert precision_at(["a", "x", "a", "b"], {"a", "b"}, 4) == 0.5
    assert ndcg_at(["x", "a"], {"a"}) == pytest.approx(1 / math.log2(3))
    assert reciprocal_rank(["x", "y", "a"], {"a"}) == pytest.approx(1 / 3)


def test_texts() -> None:
    assert token_f1("You have 30 days.", "30 days") == pytest.approx(2 * 2 / (4 + 2))
    assert token_f1("保修期是两年。", "两年") == pytest.approx(2 * 2 / (6 + 2))
    assert exact_match("The 30 days!", "30 days") == 1.0
    assert exact_match("两年。", "三年") == 0.0
    assert rouge_l("within thirty days free", "free within days") == pytest.approx(2 * 2 / (4 + 3))
    assert rouge_l("可以退货", "可退款") == pytest.approx(2 * 2 / (4 + 3))
    assert chrf("退货", "退款") == pytest.approx((1 / 2 + 0) / 2)
    assert chrf("same", "same") == pytest.approx(1)
    assert chrf("", "x") == 0.0 == rouge_l("", "x") == token_f1("", "x")


class Axes:
    """Texts on axes by their first character."""

    name, languages, reads_short = "axes", frozenset({"en", "zh"}), True

    def embed_documents(self, texts: Sequence[str]) -> np.ndarray:
        return np.array([[text[0] == "a", text[0] == "b"] for text in texts], dtype=np.float32)

    def embed_query(self, text: str) -> np.ndarray:
        return self.embed_documents([text])[0]


def test_meaning() -> None:
    assert semantic_similarity(["apple", "apple"], ["ape", "bee"], Axes()) == [1.0, 0.0]


def test_facts() -> None:
    gold = [["故宫", "电话", "010-85007422"], ["故宫", "评分", "4.7分"]]
    assert graph_exact([gold[1], gold[0]], gold) == 1.0
    assert graph_exact(gold[:1], gold) == 0.0
    assert graph_f1([gold[0], ["故宫", "门票", "60元"]], gold) == 0.5
    assert graph_f1([["Palace ", "phone", "1"]], [["palace", "phone", "1"]]) == 1.0
    assert graph_f1([], []) == 1.0


def test_key_facts() -> None:
    assert key_facts("It takes 3 days and costs $4.50.", [["3 days"], ["$4.5", "$4.50"], ["free"]]) == pytest.approx(
        2 / 3
    )
    assert key_facts("保修两年", []) is None


def test_refusals() -> None:
    declined, answerable = [True, True, False, False], [False, True, False, True]
    assert refusal_precision(declined, answerable) == 0.5
    assert refusal_recall(declined, answerable) == 0.5
    assert refusal_recall([False], [True]) is None is refusal_precision([False], [True])


def test_risk_and_coverage() -> None:
    curve = [
        (p.confidence, p.coverage, p.risk) for p in risk_coverage([0.9, 0.5, 0.5, 0.1], [True, False, True, False])
    ]
    assert curve == [(0.9, 0.25, 0.0), (0.5, 0.75, pytest.approx(1 / 3)), (0.1, 1.0, 0.5)]
    assert aurc([0.9, 0.8, 0.1], [True, True, False]) == pytest.approx(1 / 9)
    assert aurc([0.5, 0.5], [True, False]) == aurc([0.5, 0.5], [False, True]) == pytest.approx(0.5)
    assert aurc([], []) is None
    assert risk_coverage([], []) == []


def test_repeated_runs() -> None:
    assert pass_hat(4, 3, 2) == pytest.approx(3 / 6)
    assert pass_at(4, 1, 2) == pytest.approx(3 / 6)
    assert pass_hat(4, 1, 2) == 0.0
    assert pass_hat(2, 2, 3) is None is pass_at(2, 2, 3)


def test_what_answers_take() -> None:
    assert percentile([10, 20, 30, 40], 50) == 25
    assert percentiles([10.0]) == {"p50": 10.0, "p95": 10.0, "p99": 10.0}
    assert percentile([], 50) is None
    usage = {"prompt_tokens": 1500, "completion_tokens": 500}
    assert tokens_used(usage) == 2000
    assert cost(usage, Price(prompt=0.2, completion=1.0)) == pytest.approx(0.8)
