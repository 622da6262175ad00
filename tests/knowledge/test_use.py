"""The multilingual encoder: what means the same is near in every language; the same vectors alone and among others."""

import numpy as np
import pytest

from knowledge.embedders import use
from knowledge.embedders.use import DIMENSIONS, UniversalEncoder

pytestmark = pytest.mark.skipif(not use.is_available(), reason="needs the extra `embeddings`")

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
    assert together == pytest.approx(np.concatenate([encoder.read([text]) for text in texts]), abs=1e-4)


def test_nothing_is_read_of_nothing() -> None:
    assert UniversalEncoder().read([]).shape == (0, DIMENSIONS)
