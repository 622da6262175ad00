"""Questions of how near something is to what stands beside it: what asks for that, and what only says which things are wanted."""

import re
from collections.abc import Sequence

from knowledge.graph.reading.conditions import Conditions
from knowledge.graph.reading.denial import denial, without_choices
from knowledge.graph.reading.lexicon import Lexicon
from knowledge.graph.reading.scales import DISTANCE, Scale

_HOW_FAR = re.compile(r"多远|距离|\bhow (?:far|close|near)\b|\bdistance\b", re.IGNORECASE)
_WHICH_NEIGHBOUR = re.compile(
    r"(?:哪|什么)(?:一|个|座)*(?:地铁)?站|站[是叫](?:哪|什么)|\b(?:which|what)\b.{0,12}\bstations?\b", re.IGNORECASE
)


class NearnessReader:
    """Reads them with the lexicon of one graph."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon

    def beside(self, text: str, asked: Sequence[str], near: bool, comparative: Scale | None) -> tuple[str, ...]:
        """What tells that a thing is near to what is meant ("near the metro", 离地铁近); () where that is denied or not asked."""
        close = near or (comparative is not None and comparative.concept == DISTANCE and not comparative.highest)
        about = self._lexicon.neighbours | self._lexicon.distances
        beside = tuple(relation for relation in asked if relation in about) if close else ()
        plain = without_choices(text)
        cues = [cue for cue, meant in self._lexicon.relation_cues if set(meant) & set(beside)] if beside else []
        places = [match.start() for cue in (*cues, self._lexicon.near) for match in cue.finditer(plain)]
        return () if any(denial(plain[:place]) for place in places) else beside

    def further(self, asked: Sequence[str], text: str, conditions: Conditions) -> tuple[str, ...]:
        """The relations asked for, without those that only say what a condition is about: "within 400 m of the metro"."""
        about = self._lexicon.neighbours | self._lexicon.distances
        if _HOW_FAR.search(text) and (to := self._lexicon.distances_among(asked)):
            return (*to, *(relation for relation in asked if relation not in about))
        bound = any(set(bound.relations) & self._lexicon.distances for bound in conditions.bounds)
        ranked = conditions.superlative is not None and conditions.superlative.concept == DISTANCE
        if not (conditions.beside or bound or ranked) or _WHICH_NEIGHBOUR.search(text):
            return tuple(sorted(asked, key=lambda relation: relation in self._lexicon.distances))
        return tuple(relation for relation in asked if relation not in about)
