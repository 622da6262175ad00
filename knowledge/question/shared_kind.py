"""Spells out names that share their last word: "the gold and the platinum card" are the gold card and the platinum card."""

import re

from knowledge.index.names import Name, Names

_PAIR = re.compile(
    r"\b(?P<first>[\w-]+)\s+(?P<sign>and|or|vs\.?|versus|than|&)\s+(?P<article>(?:(?:on|for|of|with)\s+)?(?:(?:the|an?|my|your)\s+)?)"
    r"(?P<second>[\w-]+)\s+(?P<kind>[a-z]+)\b",
    re.IGNORECASE,
)


def spelled_out(question: str, names: Names) -> str:
    """The question, in which either thing bears its whole name where both are known by it."""

    def whole(pair: re.Match[str]) -> str:
        first, sign, article, second, kind = pair.groups()
        for word in dict.fromkeys((kind, kind.removesuffix("s"))):
            known = _known(first, word, names), _known(second, word, names)
            if all(known) and known[0] != known[1]:
                return f"{first} {word} {sign} {article}{second} {word}"
        return pair.group()

    return _PAIR.sub(whole, question)


def _known(beginning: str, kind: str, names: Names) -> tuple[Name, ...]:
    """The one name that these two words say; none where they say several, or one of them nothing."""
    found = names.in_question(f"{beginning} {kind}")
    whole = len(found) == 1 and found[0][0] == beginning.lower() and kind.lower() in found[0]
    return found if whole else ()
