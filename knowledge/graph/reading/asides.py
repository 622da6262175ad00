"""Tells whether a question is about something that is not the entity but of it, or done with it ("insurance for the P5")."""

import re
from collections.abc import Collection

from knowledge.graph.reading.blanks import BLANK
from knowledge.graph.reading.lexicon import Lexicon
from knowledge.graph.reading.qualifiers import Qualifiers
from knowledge.text.han import HAN

_ASIDE = re.compile(
    # "How much does insurance for 　 cost", "the price of a repair of 　": of what, and not of the thing that is named.
    r"\b(?:does|do|did|is|are|was|were|will|would|(?:costs?|prices?|fees?) (?:of|for)) +"
    r"(?:(?:an?|the|any|another|each|one|extra) +)*(?!not\b)(?P<words>[a-z][a-z'-]*(?: +[a-z][a-z'-]*)*)(?P<named> *　)?"
    # "How much does it cost to move": to do what.
    r"|\b(?:how much|costs?|prices?|fees?)\b[^,.;?]{0,30}?\bto +(?!(?:pay|spend|buy|purchase|order|own)\b)(?P<deed>[a-z]+)",
    re.IGNORECASE,
)
_RUN_BEFORE = re.compile(rf"{HAN.pattern}{{2,}}(?=\n)")
_ASKED = "\n"
"""Stands for the words that ask for a price."""


class AsideReader:
    """Knows asides by the words that the lexicon of one graph does not have."""

    def __init__(self, lexicon: Lexicon, qualifiers: Qualifiers) -> None:
        self._lexicon = lexicon
        self._qualifiers = qualifiers

    def is_aside(self, text: str, unread: Collection[str]) -> bool:
        """Whether a text is about something else. unread: its English words that no cue explains."""
        return _is_of_else(text, unread) or self._costs_of_else(text)

    def _costs_of_else(self, text: str) -> bool:
        """Whether words that the graph does not know stand before what asks for a price (P5保险多少钱)."""
        prices = frozenset(self._lexicon.concept_relations("price"))
        for cue, meant in self._lexicon.relation_cues:
            text = cue.sub(_ASKED if prices & set(meant) or self._qualifiers.rated(meant) else BLANK, text)
        _, text = self._qualifiers.read(text)
        return bool(_RUN_BEFORE.search(re.sub(rf"(?:{self._lexicon.fillers.pattern})++(?=\n)", "", text)))


def _is_of_else(text: str, unread: Collection[str]) -> bool:
    """Whether what the question is about is none of the things that are named, and nothing that the graph has words for."""
    for match in _ASIDE.finditer(text.lower()):
        words = [match["deed"]] if match["deed"] else match["words"].split()
        if words[0] in unread and not (match["named"] and all(word in unread for word in words)):
            return True
    return False
