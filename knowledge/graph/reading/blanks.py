"""Texts with what was read of them blanked, every other character in its place."""

import re
from collections.abc import Iterable

from knowledge.types import EntityMention

BLANK = "　"
"""Stands for each character of a name, and of whatever else was read."""


def blank(match: re.Match[str]) -> str:
    """As many blanks as what was found has characters, to be put in its place."""
    return BLANK * len(match.group())


def blanked(text: str, span: tuple[int, int]) -> str:
    """The text without what stands at a place."""
    start, end = span
    return f"{text[:start]}{BLANK * (end - start)}{text[end:]}"


def without_names(question: str, mentions: Iterable[EntityMention]) -> str:
    """The question without the entities that it names."""
    for mention in mentions:
        question = blanked(question, mention.span)
    return question
