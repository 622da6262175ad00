"""Corrects slips of the hand in the English words by which a question is read; names are left to the linker."""

import re
from collections.abc import Collection

from rapidfuzz.distance import OSA

from knowledge.graph.reading.lexicon import Lexicon

_SHORTEST = 5
"""Letters of a word from which on one of them may be wrong."""


class Spelling:
    """The words that one graph reads questions by."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._words = sorted(word for word in lexicon.spelled if len(word) >= _SHORTEST)
        self._right = lexicon.not_slips | lexicon.plain_words

    def corrected(self, question: str, unread: Collection[str]) -> str:
        """The question with those of its unread words replaced that are one slip from one known word only."""
        for word in dict.fromkeys(unread):
            if meant := self._meant(word):
                question = re.sub(rf"(?<![\w'-]){re.escape(word)}(?![\w'-])", meant, question, flags=re.IGNORECASE)
        return question

    def _meant(self, word: str) -> str:
        if len(word) < _SHORTEST or not word.isalpha() or not word.isascii() or word in self._right:
            return ""
        near = [
            known for known in self._words if known[0] == word[0] and OSA.distance(known, word, score_cutoff=1) == 1
        ]
        near = [known for known in near if not _inflected(known, word)]
        return near[0] if len(near) == 1 else ""


def _inflected(known: str, word: str) -> bool:
    """Whether only the ends differ: "charged" is no slip for "charger", nor are two numbers of a noun."""
    return known[:-1] == word[: len(known) - 1] and abs(len(known) - len(word)) <= 1
