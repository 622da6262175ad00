"""Main directions of terms: what is said alike lies close; the space is bounded, whatever is said."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.training.intents.latent import LatentSpace
from agent.training.intents.terms import TermSpace

TEXTS = [
    *(f"where is my {thing}" for thing in ("parcel", "order", "package", "delivery")),
    *(f"please refund the {thing}" for thing in ("kettle", "lamp", "chair", "mug")),
    *(f"我的{thing}到哪了" for thing in ("包裹", "快递", "订单", "杯子")),
    *(f"{thing}可以退款吗" for thing in ("水壶", "台灯", "椅子", "杯子")),
] * 2


@pytest.fixture(scope="module")
def terms() -> TermSpace:
    return TermSpace.fit(TEXTS)[0]


@pytest.mark.parametrize(
    ("text", "near", "far"),
    [
        ("where is the parcel", "where is my order", "please refund the lamp"),
        ("快递到哪了", "我的包裹到哪了", "台灯可以退款吗"),
    ],
)
def test_what_is_said_alike_lies_close(terms: TermSpace, text: str, near: str, far: str) -> None:
    space = LatentSpace.fit(terms.read(TEXTS).matrix())
    own, close, distant = space.project(terms.read([text, near, far]))
    assert np.linalg.norm(own - close) < np.linalg.norm(own - distant)


def test_a_direction_rests_on_several_examples(terms: TermSpace) -> None:
    space = LatentSpace.fit(terms.read(TEXTS).matrix())
    assert space.directions.shape == (len(space.columns), len(TEXTS) // 8)
    assert LatentSpace.fit(terms.read(TEXTS[:2]).matrix()).directions.shape[1] == 1


@settings(deadline=None, max_examples=30)
@given(st.lists(st.text(max_size=80), min_size=1, max_size=4))
def test_no_text_lies_beyond_one(terms: TermSpace, texts: list[str]) -> None:
    found = LatentSpace.fit(terms.read(TEXTS).matrix()).project(terms.read(texts))
    assert np.isfinite(found).all()
    assert (np.linalg.norm(found, axis=1) < 1.01).all()
