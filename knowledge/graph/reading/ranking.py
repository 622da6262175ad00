"""What a question ranks or compares things by."""

import re
from collections.abc import Sequence
from dataclasses import replace

from knowledge.graph.reading.blanks import blanked
from knowledge.graph.reading.cues import asked_relations, named_type, names_anything
from knowledge.graph.reading.lexicon import Lexicon
from knowledge.graph.reading.scales import DISTANCE, SINCE, Scale
from knowledge.types import EntityMention

_CLOCK = re.compile(r"几点|什么时[候间]|多[早晚]|\bwhat time\b|\bwhen\b|\bhow (?:late|early)\b", re.IGNORECASE)

_LARGE = frozenset({"largest", "biggest", "smallest", "larger", "bigger", "smaller", "大", "小"})


class ScaleReader:
    """Reads superlatives and comparatives, as far as they may rank the things of one graph."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon

    def superlative(self, text: str, left: str, mentions: Sequence[EntityMention]) -> Scale | None:
        """The superlative, as far as it may rank things: what is "closest" says to what, and "latest" is no time of day."""
        found = self._of_size(self._lexicon.superlative(text), left)
        if found is None or found.concept not in {DISTANCE, SINCE}:
            return found
        type_, _ = named_type(left, self._lexicon)
        if found.concept == SINCE:
            about = type_ or names_anything(left) or set(asked_relations(left, self._lexicon)) & set(found.relations)
            return found if about and not _CLOCK.search(text) else None
        to = self._lexicon.distances_among(asked_relations(left, self._lexicon))
        return replace(found, relations=to) if to and (type_ or len({m.span for m in mentions}) != 1) else None

    def _of_size(self, scale: Scale | None, text: str) -> Scale | None:
        """The scale; of what is large, and nothing says in what, the size, else the width."""
        if scale is None or scale.concept or scale.said not in _LARGE:
            return scale
        _, plain = named_type(blanked(text, scale.span), self._lexicon)
        asked = asked_relations(plain, self._lexicon)
        if asked:
            return scale
        relations = self._lexicon.concept_relations
        return replace(scale, relations=relations("size") or relations("width"))

    def comparative(self, text: str, asked: Sequence[str]) -> Scale | None:
        """The comparative: what is "closer" compares the distances among the relations asked for."""
        found = self._of_size(self._lexicon.comparative(text), text)
        near = found is not None and found.concept == DISTANCE
        return replace(found, relations=self._lexicon.distances_among(asked)) if found and near else found
