"""Alone, in the words of articles: 自己 and 一个人 are 单独 there, and "on my own" is "unaccompanied"."""

import re
from collections.abc import Callable, Collection, Iterator

from agent.rewording.reworded import Reworded
from agent.types import Understanding
from knowledge.text.han import HAN
from knowledge.text.words import words

_ALONE = re.compile(
    r"(?:自己|一个人|独自)(?=[\u4e00-\u9fff])(?!的)|\b(?:alone|on (?:my|his|her|their) own|by (?:my|him|her|them)sel(?:f|ves))\b",
    re.IGNORECASE,
)
_SAID = {"zh": "单独", "en": "unaccompanied"}
_LEAST = 0.75
"""Support: the words mean something else as often."""


class Alone:
    """known: the share of some words that articles use."""

    def __init__(self, known: Callable[[Collection[str]], float]) -> None:
        self._known = known

    def __call__(self, understanding: Understanding) -> Iterator[Reworded]:
        """The question with the word of the articles, where they use it."""
        question = understanding.question
        found = _ALONE.search(question)
        said = _SAID["zh" if HAN.search(question) else "en"]
        if found and self._known([term for term in words(said) if len(term) > 1]) == 1:
            yield Reworded(question=f"{question[: found.start()]}{said}{question[found.end() :]}", least=_LEAST)
