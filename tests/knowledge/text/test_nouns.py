"""Nouns behind names."""

import pytest

from knowledge.text.dictionary import is_word
from knowledge.text.nouns import noun_behind

needs_words = pytest.mark.skipif(is_word("qzxv"), reason="needs the vocabulary of a packaged model")


@needs_words
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("how much is the oak table drawer", "drawer"),
        ("how much does the oak table drawer cost?", "drawer"),
        ("oak table legs price", "legs"),
        ("how much is the oak table exactly", ""),
        ("how much is the oak table delivered", ""),
        ("does the oak table fold", ""),
        ("how much is the oak table", ""),
        ("how much is the oak table for two", ""),
    ],
)
def test_the_noun_right_behind_a_name(text: str, expected: str) -> None:
    assert noun_behind(text, text.index("oak table") + len("oak table")) == expected
