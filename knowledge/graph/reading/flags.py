"""Conditions on what a thing is or is not: "waterproof", "not in stock", 不防水."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from knowledge.graph.reading.blanks import BLANK, blanked
from knowledge.graph.reading.denial import denial, without_choices
from knowledge.graph.reading.lexicon import Lexicon

_WAIVED = re.compile(
    r"(?:\b(?:need|have|has|must)\s*(?:not|n['’]t)|\b(?:do|does)(?:\s*not|n['’]t) (?:need|have|has|care|mind))\b[^,.;]{0,20}$"
    r"|(?:不用|不必|无需|不(?:需|一定)?要|不在乎)(?:能|会|是)?\s*$",
    re.IGNORECASE,
)
_PART = re.compile(rf"(?:\b(?:the|its|their|your)|{BLANK}(?:['’]s?|的)?)\s*$", re.IGNORECASE)
_BEFORE_NAME = re.compile(rf"\s*{BLANK}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """A condition: the relation holds of a thing, or it does not.

    part: whether it is spoken of as a part of what is named ("the pool at X"), of which more may be asked.
    """

    relation: str
    holds: bool
    part: bool = False


class FlagReader:
    """Reads conditions on the relations of one graph that only hold or do not."""

    def __init__(self, lexicon: Lexicon, relations: Collection[str]) -> None:
        affirming = [(cue, meant, True) for cue, meant in lexicon.relation_cues]
        denying = [(cue, meant, False) for cue, meant in lexicon.opposite_cues]
        self._cues = [
            (cue, relation, holds)
            for cue, meant, holds in (*denying, *affirming)
            if (relation := next((r for r in meant if r in relations), ""))
        ]

    def read(self, text: str) -> tuple[tuple[Flag, ...], str]:
        """The conditions, and the text without them."""
        text = without_choices(text)
        found: dict[str, Flag] = {}
        for cue, relation, holds in self._cues:
            while match := cue.search(text):
                before = text[: match.start()]
                start = match.start()
                if _WAIVED.search(before):
                    pass
                elif denied := denial(before):
                    found.setdefault(relation, Flag(relation=relation, holds=not holds))
                    start = denied.start()
                else:
                    part = bool(_PART.search(before)) and not _BEFORE_NAME.match(text, match.end())
                    found.setdefault(relation, Flag(relation=relation, holds=holds, part=part))
                text = blanked(text, (start, match.end()))
        return tuple(found.values()), text
