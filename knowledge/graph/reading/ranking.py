"""What a question ranks or compares things by."""

import re
from collections.abc import Sequence
from dataclasses import replace

from knowledge.graph.reading.cues import asked_relations, named_type, names_anything
from knowledge.graph.reading.lexicon import Lexicon
from knowledge.graph.reading.scales import DISTANCE, SINCE, Scale
from knowledge.types import EntityMention

_CLOCK = re.compile(r"几点|什么时[候间]|多[早晚]|\bwhat time\b|\bwhen\b|\bhow (?:late|early)\b", re.IGNORECASE)


class ScaleReader:
    """Reads superlatives and comparatives, as far as they may rank the things of one graph."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon

    def superlative(self, text: str, left: str, mentions: Sequence[EntityMention]) -> Scale | None:
        """The superlative, as far as it may rank things: what is "closest" says to what, and "latest" is no time of day."""
        found = self._lexicon.superlative(text)
        if found is None or found.concept not in {DISTANCE, SINCE}:
            return found
        type_, _ = named_type(left, self._lexicon)
        if found.concept == SINCE:
            about = type_ or names_anything(left) or set(asked_relations(left, self._lexicon)) & set(found.relations)
            return found if about and not _CLOCK.search(text) else None
        to = self._lexicon.distances_among(asked_relations(left, self._lexicon))
        return replace(found, relations=to) if to and (type_ or not mentions) else None

    def comparative(self, text: str, asked: Sequence[str]) -> Scale | None:
        """The comparative: what is "closer" compares the distances among the relations asked for."""
        found = self._lexicon.comparative(text)
        near = found is not None and found.concept == DISTANCE
        return replace(found, relations=self._lexicon.distances_among(asked)) if found and near else found
