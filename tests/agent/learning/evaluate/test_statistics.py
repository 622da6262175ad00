"""The statistics of a comparison: known values, symmetry, and intervals that hold as often as they say."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.learning.evaluate.measures import calibration_error, macro_f1, separation, share
from agent.learning.evaluate.statistics import (
    adjusted,
    examples_needed,
    paired_bootstrap,
    paired_interval,
    sign_test,
    smallest_difference,
)

counts = st.integers(0, 200)


@pytest.mark.parametrize(
    ("gained", "lost", "p"), [(0, 0, 1.0), (0, 5, 0.0625), (0, 6, 0.03125), (8, 2, 0.109375), (5, 5, 1.0)]
)
def test_the_sign_test_has_the_values_of_the_binomial_distribution(gained: int, lost: int, p: float) -> None:
    assert sign_test(gained, lost) == pytest.approx(p)


@given(counts, counts)
def test_the_sign_test_does_not_care_which_model_is_which(gained: int, lost: int) -> None:
    assert sign_test(gained, lost) == pytest.approx(sign_test(lost, gained))
    assert 0 <= sign_test(gained, lost) <= 1


def test_newcombes_interval_has_the_values_of_his_paper() -> None:
    # Newcombe 1998, method 10, for 36 : 12 : 2 : 0.
    low, high = paired_interval(36, 12, 2, 0)
    assert (low, high) == (pytest.approx(0.0569, abs=5e-4), pytest.approx(0.3404, abs=5e-4))


@given(counts, counts, counts, counts)
def test_an_interval_holds_the_difference_and_turns_round_when_the_models_are_swapped(
    both: int, gained: int, lost: int, neither: int
) -> None:
    low, high = paired_interval(both, gained, lost, neither)
    n = both + gained + lost + neither
    assert low <= (gained - lost) / max(n, 1) + 1e-9
    assert high >= (gained - lost) / max(n, 1) - 1e-9
    assert paired_interval(both, lost, gained, neither) == (pytest.approx(-high), pytest.approx(-low))


def test_no_change_among_few_examples_leaves_much_open() -> None:
    low, high = paired_interval(18, 0, 0, 2)
    assert low < -0.05
    assert high > 0.05


def _coverage(after: float, before: float, n: int, trials: int, *, bootstrap: bool) -> float:
    """How often the interval holds the true difference; a third of the right answers are independent of each other."""
    random = np.random.default_rng(5)
    held = 0
    for trial in range(trials):
        common, apart = random.random(n), random.random(n)
        alone = random.random(n) < 1 / 3
        a, b = np.where(alone, apart, common) < after, common < before
        if bootstrap:
            low, high = paired_bootstrap(share(b), share(a), n, resamples=300, seed=trial)
        else:
            low, high = paired_interval(
                int((a & b).sum()), int((a & ~b).sum()), int((b & ~a).sum()), int((~a & ~b).sum())
            )
        held += low - 1e-12 <= after - before <= high + 1e-12
    return held / trials


@pytest.mark.parametrize(("after", "before", "n"), [(0.9, 0.85, 150), (0.95, 0.95, 60), (0.6, 0.7, 300)])
def test_intervals_hold_the_truth_as_often_as_they_say(after: float, before: float, n: int) -> None:
    assert _coverage(after, before, n, 600, bootstrap=False) >= 0.93  # wider than need be near 1, never narrower
    assert _coverage(after, before, n, 200, bootstrap=True) >= 0.90


def test_the_bootstrap_of_macro_f1_holds_the_truth_of_a_large_set() -> None:
    random = np.random.default_rng(1)
    labels = ["退款", "物流", "refund"]

    def sample(n: int) -> tuple[list[str], list[str], list[str]]:
        truth = random.choice(labels, n, p=[0.6, 0.3, 0.1])
        noise = random.random(n)
        other = random.choice(labels, n)
        return [*truth], [*np.where(noise < 0.85, truth, other)], [*np.where(noise < 0.9, truth, other)]

    truth, before, after = sample(200_000)
    ones = np.ones(len(truth))
    real = macro_f1(truth, after)(ones) - macro_f1(truth, before)(ones)
    held = 0
    for seed in range(150):
        truth, before, after = sample(200)
        low, high = paired_bootstrap(macro_f1(truth, before), macro_f1(truth, after), 200, resamples=250, seed=seed)
        held += low <= real <= high
    assert held / 150 >= 0.88


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=2, max_size=40))
def test_the_bootstrap_turns_round_when_the_models_are_swapped(outcomes: list[tuple[bool, bool]]) -> None:
    a, b = share([one for one, _ in outcomes]), share([one for _, one in outcomes])
    low, high = paired_bootstrap(a, b, len(outcomes), resamples=50)
    assert paired_bootstrap(b, a, len(outcomes), resamples=50) == (pytest.approx(-high), pytest.approx(-low))


def test_benjamini_hochberg_has_the_known_values() -> None:
    assert adjusted([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.02, 0.04, 0.04, 0.02])
    assert adjusted([]) == []


@given(st.lists(st.floats(0, 1), max_size=30))
def test_a_corrected_p_is_never_smaller_and_keeps_the_order(p_values: list[float]) -> None:
    corrected = adjusted(p_values)
    assert all(p - 1e-12 <= q <= 1 for p, q in zip(p_values, corrected, strict=True))
    order = sorted(range(len(p_values)), key=p_values.__getitem__)
    assert [corrected[n] for n in order] == sorted(corrected)


def test_the_power_that_is_stated_is_the_power_there_is() -> None:
    n, changed = 400, 0.1
    difference = smallest_difference(n, changed)
    random = np.random.default_rng(3)
    draws = random.multinomial(n, [(changed + difference) / 2, (changed - difference) / 2, 1 - changed], size=1500)
    seen = np.mean([sign_test(int(gained), int(lost)) < 0.05 for gained, lost, _ in draws])
    assert 0.72 <= seen <= 0.87


@given(st.integers(1, 5000), st.floats(0, 1))
def test_more_examples_show_smaller_differences(n: int, changed: float) -> None:
    assert smallest_difference(2 * n, changed) <= smallest_difference(n, changed) + 1e-9
    assert smallest_difference(n, changed) >= min(1.0, 6 / n) - 1e-9


def test_the_number_of_examples_needed_is_the_least_that_suffices() -> None:
    needed = examples_needed(0.02, 0.05)
    assert smallest_difference(needed, 0.05) <= 0.02 < smallest_difference(needed - 1, 0.05)


@given(st.data())
def test_measures_agree_with_their_definitions(data: st.DataObject) -> None:
    from sklearn.metrics import f1_score, roc_auc_score

    n = data.draw(st.integers(4, 40))
    truth = data.draw(st.lists(st.sampled_from("甲乙c"), min_size=n, max_size=n))
    told = data.draw(st.lists(st.sampled_from("甲乙c"), min_size=n, max_size=n))
    scores = data.draw(st.lists(st.sampled_from([0.0, 0.25, 0.5, 1.0]), min_size=n, max_size=n))
    weights = np.array(data.draw(st.lists(st.integers(1, 4), min_size=n, max_size=n)), dtype=np.float64)
    expected = f1_score(truth, told, average="macro", labels=sorted(set(truth)), sample_weight=weights, zero_division=0)
    assert macro_f1(truth, told)(weights) == pytest.approx(expected)
    strange = [one == "甲" for one in truth]
    if 0 < sum(strange) < n:
        area = roc_auc_score(strange, scores, sample_weight=weights)
        assert separation(strange, scores)(weights) == pytest.approx(area)


def test_calibration_is_the_gap_between_confidence_and_truth() -> None:
    ones = np.ones(10)
    assert calibration_error([True] * 9 + [False], [0.9] * 10)(ones) == pytest.approx(0.0)
    assert calibration_error([True] * 5 + [False] * 5, [0.9] * 10)(ones) == pytest.approx(0.4)
    assert math.isnan(separation([True] * 10, [0.5] * 10)(ones))
