"""Tests of pairs, their correction, what a run can see, slices and extremes: against SciPy or by hand."""

import numpy as np
import pytest
import scipy.stats

from evals.statistics.correction import holm
from evals.statistics.extremes import most_changed, worst
from evals.statistics.paired import difference, mcnemar, p_value, permutation
from evals.statistics.power import announcement, detectable, mean_difference, unpaired_difference
from evals.statistics.slices import length_of, sliced


def test_mcnemar_as_the_binomial_test() -> None:
    before, after = [True] * 9 + [False] * 21, [False] * 7 + [True] * 2 + [True] * 3 + [False] * 18
    assert mcnemar(before, after) == pytest.approx(scipy.stats.binomtest(3, 10).pvalue)
    assert mcnemar([True], [True]) == 1.0


def test_permutation_as_scipy() -> None:
    random = np.random.default_rng(1)
    for n in (8, 40):
        before = random.random(n)
        after = before + random.normal(0.1, 0.3, n)
        theirs = scipy.stats.permutation_test(
            (after, before), lambda a, b, axis: np.mean(a - b, axis=axis), permutation_type="samples", vectorized=True,
            n_resamples=9999, rng=np.random.default_rng(2),
        ).pvalue  # fmt: skip
        assert permutation(before.tolist(), after.tolist()) == pytest.approx(theirs, abs=1e-9 if n == 8 else 0.015)
    assert permutation([1.0, 2.0], [1.0, 2.0]) == 1.0


def test_conversations_change_sides_whole() -> None:
    before, after = [0.0] * 40, [1.0] * 40
    clusters = [n // 20 for n in range(40)]
    assert permutation(before, after) < 0.001
    assert permutation(before, after, clusters) == 0.5
    assert p_value(before, after, clusters) == 0.5
    assert p_value(before, after, list(range(40))) == pytest.approx(2 * 0.5**40)
    assert p_value([0.2] * 5, [0.4] * 5) == pytest.approx(2 / 32)


def test_tests_are_wrong_as_often_as_they_say() -> None:
    random = np.random.default_rng(6)
    found = [permutation(*random.random((2, 30)).tolist(), permutations=400, seed=n) < 0.05 for n in range(300)]
    assert 0.02 <= np.mean(found) <= 0.09


def test_a_difference_has_an_interval() -> None:
    found = difference([0, 0, 1, 0, 1, 0, 0, 1] * 5, [1, 1, 1, 0, 1, 0, 1, 1] * 5)
    assert found is not None and found.value == 0.375
    around = 1.96 * (0.375 * 0.625 / 40) ** 0.5
    assert (found.low, found.high) == (pytest.approx(0.375 - around, abs=0.03), pytest.approx(0.375 + around, abs=0.03))


def test_corrections_by_hand() -> None:
    p_values = [0.01, 0.04, 0.03, 0.5]
    assert holm(p_values) == pytest.approx([0.04, 0.09, 0.09, 0.5])
    assert holm([]) == []


def test_what_a_run_can_see() -> None:
    # Two proportions, 80 % against 70 %, n = 294 each: the textbook's case (Fleiss 1981).
    assert unpaired_difference(294, share=0.8) == pytest.approx(0.1, abs=0.001)
    assert mean_difference(100, 0.5) == pytest.approx(2.8016 * 0.05, abs=1e-4)
    found = detectable(200)
    assert 0.08 < found.paired < 0.1 < found.unpaired
    assert detectable(2000).paired < found.paired
    assert (unpaired_difference(0), unpaired_difference(3)) == (1.0, 1.0)
    assert "200 cases" in announcement(200) and "zh, 50" in announcement(200, {"zh": 50})


def test_what_is_seen_is_seen_at_that_power() -> None:
    random, n = np.random.default_rng(7), 300
    by = detectable(n, changed=0.2).paired
    seen = []
    for _ in range(200):
        kinds = random.choice(3, size=n, p=[(0.2 + by) / 2, (0.2 - by) / 2, 0.8])
        seen.append(mcnemar((kinds == 0).tolist(), (kinds == 1).tolist()) < 0.05)
    assert 0.7 <= np.mean(seen) <= 0.9


def test_slices() -> None:
    values = [1.0, 1.0, 0.0, 0.0, 0.0, 1.0]
    keys = {"language": ["en", "en", "zh", "zh", "zh", "en"], "intent": ["", "", "", "", "", "x"]}
    assert [(s.by, s.name, s.interval.value) for s in sliced(values, keys, fewest=2)] == [
        ("language", "zh", 0.0),
        ("language", "en", 1.0),
    ]
    assert [length_of(text) for text in ("hi", "我要退货，请问运费谁出？", "x" * 200)] == ["short", "medium", "long"]


def test_the_cases_to_look_at() -> None:
    before = {"a": {"right": 1.0}, "b": {"right": 0.0}, "c": {"right": 1.0, "prompt_leak": 0.0}, "d": {"right": 1.0}}
    after = {"a": {"right": 0.0}, "b": {"right": 1.0}, "c": {"right": 1.0, "prompt_leak": 1.0}, "d": {"right": 1.0}}
    assert worst(after, 2) == ["c", "a"]
    assert most_changed(before, after) == ["c", "a", "b"]
    assert worst({"x": {"latency_ms": 9.0}}) == ["x"]
