"""What is made of a package once lies in a file, of which only what is asked for is read."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from knowledge.embedders.kept import Arrays, kept
from knowledge.embedders.tensors import Tensors

pytest.importorskip("safetensors")

TABLE = np.arange(6000, dtype=np.float32).reshape(1000, 6)


@pytest.fixture
def made() -> Callable[[], Arrays]:
    return lambda: {"table": TABLE, "text": np.frombuffer("退货 return".encode(), dtype=np.uint8), "one": np.array(0.5)}


@pytest.fixture
def tensors(tmp_path: Path, made: Callable[[], Arrays], monkeypatch: pytest.MonkeyPatch) -> Tensors:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    found = kept("small-1", made)
    assert found is not None
    return found


def test_arrays_are_read_as_they_were(tensors: Tensors) -> None:
    assert sorted(tensors) == ["one", "table", "text"]
    assert np.array_equal(tensors("table"), TABLE)
    assert tensors("one").item() == 0.5


def test_rows_and_stretches_are_read_where_they_lie(tensors: Tensors) -> None:
    rows = tensors.looked_up("table")
    assert np.array_equal(rows[np.array([[999, 0], [5, 5]])], TABLE[[[999, 0], [5, 5]]])
    assert np.array_equal(rows[:3], TABLE[:3])
    assert tensors.stretches("text").read(0, 6).decode() == "退货"


@pytest.mark.parametrize("place", [-1, 1000])
def test_there_are_no_rows_beyond_the_table(tensors: Tensors, place: int) -> None:
    with pytest.raises(IndexError, match="1000"):
        tensors.looked_up("table")[np.array([place])]


def test_they_are_made_once_and_no_half_of_a_file_is_left(tensors: Tensors, tmp_path: Path) -> None:
    def never() -> Arrays:
        raise AssertionError("made again")

    again = kept("small-1", never)
    assert again is not None
    assert np.array_equal(again("table"), tensors("table"))
    assert [file.name for file in (tmp_path / "parley").iterdir()] == ["small-1.safetensors"]


def test_where_nothing_can_be_written_nothing_is_kept(
    tmp_path: Path, made: Callable[[], Arrays], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert kept("small-1", made) is None
