"""The kernel's answers for what was left out are those of a kernel that was fitted without it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.training.intents.kernel import evenly, fit_kernel


def drawn(seed: int, count: int = 30, labels: int = 3) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    return random.normal(size=(count, 5)).astype(np.float32), np.arange(count) % labels


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 10_000), st.integers(0, 29))
def test_left_out_is_a_fit_without_the_example(seed: int, row: int) -> None:
    vectors, labels = drawn(seed)
    others = np.arange(30) != row
    again = fit_kernel(vectors[others], labels[others], 3).kernel.scores(vectors[[row]])[0]
    assert fit_kernel(vectors, labels, 3).left_out()[row] == pytest.approx(again, abs=2e-3)


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 10_000), st.sets(st.integers(0, 29), min_size=1, max_size=12))
def test_without_is_a_fit_without_all_of_them(seed: int, gone: set[int]) -> None:
    vectors, labels = drawn(seed)
    rows = np.array(sorted(gone))
    others = ~np.isin(np.arange(30), rows)
    again = fit_kernel(vectors[others], labels[others], 3).kernel.scores(vectors[rows])
    assert fit_kernel(vectors, labels, 3).without(rows) == pytest.approx(again, abs=2e-3)


def test_a_kernel_tells_what_it_was_fitted_on() -> None:
    vectors, labels = drawn(1)
    assert (fit_kernel(vectors, labels, 3).kernel.scores(vectors).argmax(axis=1) == labels).all()


def test_evenly_keeps_every_label() -> None:
    labels = np.array([0] * 990 + [1] * 9 + [2])
    kept = evenly(labels, 100)
    assert set(labels[kept]) == {0, 1, 2}
    assert len(kept) <= 101
    assert (evenly(labels, 2000) == np.arange(1000)).all()
