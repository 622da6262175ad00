"""Words and characters of any text."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.training.intents.terms import TermSpace, characters_of, words_of


def test_words_of_both_languages_with_their_neighbours() -> None:
    assert words_of("Where are my refunds?")[:5] == ["where", "are", "my", "refund", "?"]
    assert "my refund" in words_of("my refunds")
    found = words_of("我的退款到账了吗")
    assert "退款" in found
    assert "退" in found
    assert any(" _ " in term for term in found)
    assert words_of("退货") == words_of("退貨")


@given(st.text(max_size=200))
def test_no_text_breaks_it(text: str) -> None:
    assert all(isinstance(term, str) for term in words_of(text))
    assert all(2 <= len(term) <= 5 for term in characters_of(text))


def test_a_space_survives_packing() -> None:
    texts = ["where is my order", "cancel the order", "我要退款", "退款到哪了"]
    space, rows = TermSpace.fit(texts)
    assert abs(space.read(texts).matrix() - rows).max() < 1e-6
    arrays, terms = space.packed()
    again = TermSpace.unpacked(arrays, terms)
    assert abs(space.read(texts).matrix() - again.read(texts).matrix()).max() < 1e-6


def test_what_is_not_known_takes_its_share_of_a_text() -> None:
    """As it does of a text that is left out while training, whose own terms have no weight."""
    kept, own = ["where is my order", "cancel the order", "refund my order"], "where is my kaleidoscope"
    every, _ = TermSpace.fit([*kept, own])
    fewer, _ = TermSpace.fit(kept)

    def dense(space: TermSpace, text: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        return np.asarray(space.read([text]).matrix().toarray())[0]

    shared = [every.packed()[1]["words"].index(term) for term in ("where", "where is", "my")]
    others = [fewer.packed()[1]["words"].index(term) for term in ("where", "where is", "my")]
    left_out, new = dense(every, own)[shared], dense(fewer, own)[others]
    assert new == pytest.approx(left_out, rel=0.35)
    assert np.linalg.norm(dense(fewer, own)) < 0.9 * np.linalg.norm(dense(fewer, kept[0]))
    assert fewer.read(["zzz", ""]).data.size == 0
