"""Where words and values stand in a message."""

import re
from collections.abc import Iterable, Iterator
from typing import TypeAlias

from knowledge.text.folding import folded

Span: TypeAlias = tuple[int, int]
"""First character, and the one after the last."""

CLAUSE = re.compile(r"[^,，;；。!！\n]+")
"""What stands between marks; a full stop may be one of an address or a number."""


def is_free(span: Span, taken: Iterable[Span]) -> bool:
    """Whether it overlaps none of those that are taken."""
    return all(span[1] <= start or end <= span[0] for start, end in taken)


def places_of(word: str, text: str) -> Iterator[re.Match[str]]:
    """Where a word stands, in capitals or not, by the characters that it is read with; one in letters as a whole word."""
    word = folded(word)
    edge = r"\b" if word.isascii() else ""
    return re.finditer(rf"{edge}{re.escape(word)}{edge}", text, re.IGNORECASE)
