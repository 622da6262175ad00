"""Slips of the hand: a word that no article holds and no dictionary knows is read as the one that is a letter away and that articles hold.

Without the packaged BERTs, whose vocabulary is the dictionary, nothing is corrected.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from knowledge.question.periods import Holds
from knowledge.text.dictionary import is_word
from knowledge.text.words import words

_WORD = re.compile(r"(?<![\w'’@./-])[a-z]{5,24}(?![\w'’@/-]|\.\w)", re.IGNORECASE)
_SHORTEST = 5
_LONGEST = 500  # characters of a question; what is longer is a letter, or no words
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def spelt(question: str, holds: Holds) -> str:
    """The question with each misspelt word as it was meant, where just one word can have been."""
    return _WORD.sub(lambda found: _meant(found.group(), holds), question) if len(question) <= _LONGEST else question


def _meant(said: str, holds: Holds) -> str:
    word = said.lower()
    if is_word(word) or holds(words(word)):
        return said
    for near in (_near(word, changed=False), _near(word, changed=True)):
        if held := [other for other in near if holds(words(other))]:
            return held[0] if len({tuple(words(other)) for other in held}) == 1 else said
    return said


@lru_cache(maxsize=4096)
def _near(word: str, *, changed: bool) -> tuple[str, ...]:
    """Words of the dictionary that are a letter away, and begin as the word does.

    changed: those of which one letter is another; else those with one more or one less, or two in the other order, which is
    what hands do more often.
    """
    slips = dict.fromkeys(_changed(word) if changed else _slipped(word))
    return tuple(other for other in slips if len(other) >= _SHORTEST and other != word and is_word(other))


def _slipped(word: str) -> Iterator[str]:
    for at in range(1, len(word) + 1):
        before, after = word[:at], word[at:]
        yield from (before + letter + after for letter in _LETTERS)
        if at > 1:
            yield before[:-1] + after
        if at > 1 and after:
            yield before[:-1] + after[0] + before[-1] + after[1:]


def _changed(word: str) -> Iterator[str]:
    yield from (word[:at] + letter + word[at + 1 :] for at in range(1, len(word)) for letter in _LETTERS)
