"""Which words English has: the vocabulary of the packaged BERTs, which holds them from the commonest to rare ones."""

from functools import cache
from typing import TYPE_CHECKING

from knowledge.embedders import bert

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_COMMON = 6_600
"""Place in the vocabulary up to which even what has no plural in it ("coffee", "gold") is said every day."""


def is_word(word: str) -> bool:
    """Whether a word in small letters is in the vocabulary; every word is where there is none."""
    known = _vocabulary()
    return known is None or known.token_to_id(word) is not None


def is_common(word: str) -> bool:
    """Whether a word in small letters is everyday English and no mere name: said often, or with a plural in the vocabulary."""
    known = _vocabulary()
    if known is None:
        return True
    place = known.token_to_id(word)
    return place is not None and (place < _COMMON or any(map(is_word, _plurals(word))))


def _plurals(word: str) -> tuple[str, ...]:
    return (f"{word}s", f"{word}es", f"{word[:-1]}ies" if word.endswith("y") else f"{word}s")


@cache
def _vocabulary() -> "Tokenizer | None":
    return bert.tokenizer(1) if bert.is_available() else None
