"""The relations and the type that the words of a question name."""

import re

from knowledge.graph.reading.blanks import blanked
from knowledge.graph.reading.lexicon import Lexicon

_ANYTHING = re.compile(r"\b(?:products?|items?|models?|devices?|things?)\b|产品|商品|东西|型号|设备", re.IGNORECASE)
_ASKED = "\n"
"""Stands for the words that ask for a relation."""


def asked_relations(text: str, lexicon: Lexicon) -> tuple[str, ...]:
    """The relations that a text asks for, in order of the length of their cues."""
    relations: list[str] = []
    for cue, meant in lexicon.relation_cues:
        if cue.search(text):
            relations.extend(meant)
            text = cue.sub(_ASKED, text)
    return tuple(dict.fromkeys(relations))


def named_type(text: str, lexicon: Lexicon) -> tuple[str, str]:
    """The type that a text names last, by the longest words there, "" for none, and the text without it."""
    best, type_, without = (-1, 0), "", text
    for cue, name in lexicon.type_cues:
        for match in cue.finditer(text):
            place = (match.end(), -match.start())
            if place > best:
                best, type_, without = place, name, blanked(text, match.span())
    if not type_ and (meant := lexicon.types_in_chinese.last(text)):
        type_, without = meant[0], blanked(text, meant[1])
    return type_, without


def names_anything(text: str) -> bool:
    """Whether a text speaks of things of any type."""
    return bool(_ANYTHING.search(text))
