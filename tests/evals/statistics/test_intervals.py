"""Bootstrap intervals: against SciPy's, and how often they hold the truth."""

import numpy as np
import numpy.typing as npt
import pytest
import scipy.stats

from agent.learning.evaluate.measures import separation, share
from evals.statistics.bootstrap import mean_interval, measure_interval, percentile_intervals


@pytest.mark.parametrize("method", ["percentile", "bca"])
def test_as_scipy(method: str) -> None:
    values = np.random.default_rng(1).exponential(size=60)
    ours = mean_interval(values.tolist(), method=method, resamples=20_000)
    theirs = scipy.stats.bootstrap(
        (values,), np.mean, n_resamples=20_000, method=method, rng=np.random.default_rng(2)
    ).confidence_interval
    assert ours is not None and ours.value == pytest.approx(values.mean())
    assert (ours.low, ours.high) == (pytest.approx(theirs.low, abs=0.015), pytest.approx(theirs.high, abs=0.015))


@pytest.mark.parametrize("method", ["percentile", "bca"])
def test_intervals_hold_the_truth_as_often_as_they_say(method: str) -> None:
    random = np.random.default_rng(3)
    held = 0
    for seed in range(400):
        found = mean_interval(random.random(50).tolist(), method=method, resamples=400, seed=seed)
        assert found is not None and found.low is not None and found.high is not None
        held += found.low <= 0.5 <= found.high
    assert 0.91 <= held / 400 <= 0.98


def test_conversations_are_drawn_whole() -> None:
    random = np.random.default_rng(4)
    held = {True: 0, False: 0}
    for seed in range(200):
        values = np.repeat(random.random(30), 8).tolist()
        clusters = np.repeat(np.arange(30), 8).tolist()
        for clustered in held:
            found = mean_interval(values, clusters if clustered else None, resamples=300, seed=seed)
            assert found is not None and found.low is not None and found.high is not None
            held[clustered] += found.low <= 0.5 <= found.high
    assert held[True] / 200 >= 0.9
    assert held[False] / 200 < 0.7


def test_a_figure_of_weights() -> None:
    values = np.random.default_rng(5).random(80)
    ours, theirs = (
        measure_interval(share(values), 80, resamples=4000),
        mean_interval(values.tolist(), method="percentile"),
    )
    assert ours is not None and theirs is not None
    assert (ours.low, ours.high) == (pytest.approx(theirs.low, abs=0.01), pytest.approx(theirs.high, abs=0.01))
    clustered = measure_interval(share(values), 80, [n // 4 for n in range(80)])
    assert (
        clustered is not None and clustered.low is not None and clustered.low < clustered.value < (clustered.high or 0)
    )
    assert measure_interval(separation([True], [0.5]), 1) is None


def test_seeds_and_small_samples() -> None:
    assert mean_interval([0, 1, 1, 0, 1], seed=1) == mean_interval([0, 1, 1, 0, 1], seed=1)
    assert mean_interval([]) is None
    one = mean_interval([0.5])
    assert one is not None and (one.low, one.high) == (None, None)
    same = mean_interval([1.0] * 9)
    assert same is not None and (same.low, same.high) == (1.0, 1.0)
    together = mean_interval([0.0, 1.0], ["a", "a"])
    assert together is not None and together.low is None


def test_percentiles_as_draws_one_by_one() -> None:
    random = np.random.default_rng(6)
    values, clusters = random.exponential(size=90).tolist(), np.repeat(np.arange(30), 3).tolist()
    found = percentile_intervals(values, (50, 95), clusters, resamples=200)
    for percent, interval in found.items():

        def of_draw(weights: npt.NDArray[np.float64], percent: int = percent) -> float:
            return float(np.percentile(np.repeat(values, weights.astype(int)), percent))

        assert interval == measure_interval(of_draw, 90, clusters, resamples=200)
    assert percentile_intervals([1.0], (50,)) == percentile_intervals([], (50,)) == {}
