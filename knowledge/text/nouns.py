"""What noun stands right behind a name, so that it names a part of a thing or what goes with it: "the Lund Sofa leg"."""

import re

from knowledge.text.dictionary import is_word

_BEHIND = re.compile(
    r" (?P<noun>[a-z][a-z-]{2,}(?<!ly)(?<!ed)(?<!ing))"
    r"(?: [a-z][a-z-]+)??(?:\W*$|[?,.!;]| (?:is|are|costs?|prices?|comes?|weighs?|measures?)\b(?P<verb>))",
    re.IGNORECASE,
)
_VERB_BEFORE = re.compile(r"\b(?:do|does|did|can|could|will|would|should|may|might)\b", re.IGNORECASE)


def noun_behind(text: str, end: int) -> str:
    """The English noun right behind the name that ends there, in small letters; "" where there is none.

    What follows on "does the sofa" is a verb, unless another one stands behind it.
    """
    found = _BEHIND.match(text, end)
    if not found or (found["verb"] is None and _VERB_BEFORE.search(text, 0, end)):
        return ""
    noun = found["noun"].lower()
    return noun if _has_two_numbers(noun) else ""


def _has_two_numbers(word: str) -> bool:
    """Whether there is a word of which this may be the singular, or the plural."""
    return is_word(word) and (is_word(f"{word}s") or (word.endswith("s") and is_word(word.removesuffix("s"))))
