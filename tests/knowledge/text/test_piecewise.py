"""Texts are split piece by piece: remembering pieces changes nothing of what they are split into."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.text import piecewise
from knowledge.text.piecewise import Piecewise
from knowledge.text.words import words

TEXTS = st.text(alphabet="abÉé'.,，。 \t\n\u3000国電ｆ１_-ı", max_size=60)


@given(TEXTS)
def test_a_text_has_the_terms_of_its_pieces_also_when_it_returns(text: str) -> None:
    apart = [term for piece in text.split() for term in words(piece)]
    assert words(text) == apart
    assert words(text) == apart


def test_only_so_many_pieces_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(piecewise._Seen, "most", 1_000)
    asked: list[str] = []

    def terms_of(piece: str) -> list[str]:
        asked.append(piece)
        return [piece]

    split = Piecewise(terms_of)
    for _ in range(2):
        assert split("one two one") == ["one", "two", "one"]
    assert asked == ["one", "two"]
    many = " ".join(map(str, range(1_001)))
    assert split(many) == many.split()
    assert split("one") == ["one"]
    assert asked[-1] == "one"


def test_what_is_long_is_split_anew_each_time() -> None:
    asked: list[str] = []
    split = Piecewise(lambda piece: asked.append(piece) or [piece])
    long = "x" * 100
    assert split(f"{long} {long}") == [long, long]
    assert len(asked) == 2
