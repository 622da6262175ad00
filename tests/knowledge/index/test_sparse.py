"""Sparse rows hold and give what scipy's do."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.index.sparse import FEW, SparseRows, times

WIDTH = 5
TEXTS = st.lists(st.lists(st.integers(0, WIDTH - 1), max_size=6), max_size=FEW + 2)


def counted(texts: list[list[int]]) -> SparseRows:
    rows = np.repeat(np.arange(len(texts)), [len(text) for text in texts])
    return SparseRows.counted(rows, np.array([n for text in texts for n in text], dtype=np.int64), (len(texts), WIDTH))


@settings(deadline=None)
@given(TEXTS)
def test_rows_are_counted_and_multiplied_as_by_scipy(texts: list[list[int]]) -> None:
    rows = counted(texts)
    wanted = np.array([np.bincount(text, minlength=WIDTH) for text in texts], dtype=float).reshape(len(texts), WIDTH)
    assert np.array_equal(rows.matrix().toarray(), wanted)
    assert np.array_equal(rows.sums(rows.data), wanted.sum(axis=1))
    dense = np.arange(2.0 * WIDTH).reshape(WIDTH, 2)
    assert np.allclose(times(rows, dense), wanted @ dense)
    beside = SparseRows.beside([rows, rows.of(2 * rows.data)])
    assert np.array_equal(beside.matrix().toarray(), np.hstack([wanted, 2 * wanted]))


def test_what_does_not_fit_is_not_multiplied() -> None:
    with pytest.raises(ValueError, match="5 terms"):
        times(counted([[1]]), np.zeros((4, 2)))
