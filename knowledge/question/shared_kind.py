"""Spells out names that share their last words: "the gold and the platinum card" are the gold card and the platinum card."""

import re
from itertools import product

from knowledge.index.names import Names

_PAIR = re.compile(
    r"\b(?P<first>[\w-]+(?:\s+[\w-]+)?)\s+(?P<sign>and|or|vs\.?|versus|than|&)\s+"
    r"(?P<article>(?:(?:on|for|of|with)\s+)?(?:(?:the|an?|my|your)\s+)?)(?P<second>[\w-]+(?:\s+[\w-]+){1,3})",
    re.IGNORECASE,
)
_WORDS = (1, 2)


def spelled_out(question: str, names: Names) -> str:
    """The question, in which either thing bears its whole name where both are known by it."""

    def whole(pair: re.Match[str]) -> str:
        first, second = pair["first"].split(), pair["second"].split()
        for own, other, shared in product(_WORDS, _WORDS, _WORDS):
            kind = " ".join(second[other : other + shared])
            if own > len(first) or other + shared > len(second) or not kind:
                continue
            said = " ".join(first[-own:]), " ".join(second[:other])
            if word := _kind_of_both(*said, kind, names):
                before, after = " ".join(first[:-own]), " ".join(second[other + shared :])
                of_each = f"{said[0]} {word} {pair['sign']} {pair['article']}{said[1]} {word}"
                return " ".join(filter(None, (before, of_each, after)))
        return pair.group()

    return _PAIR.sub(whole, question)


def _kind_of_both(first: str, second: str, kind: str, names: Names) -> str | None:
    """The kind, or one of it, that makes a name of either; None where it makes none, or the same."""
    for word in dict.fromkeys((kind, kind.removesuffix("s"))):
        known = names.called(f"{first} {word}"), names.called(f"{second} {word}")
        if all(known) and known[0] != known[1]:
            return word
    return None
