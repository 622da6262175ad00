"""Superlatives and comparatives: "cheapest", "closer", 评分最高."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from knowledge.graph.reading.lexicon_file import ScaleCue

DISTANCE, SINCE = "distance", "since"
"""Concepts of which something ranks only where it is said what it is far from, or what began."""

_ADJECTIVE = re.compile(r"(?:便宜|省钱|划算|[近远贵早晚新老旧轻重快慢高低多少大小长短好差])$")


@dataclass(frozen=True, slots=True)
class Scale:
    """A superlative or comparative found in a question: relations it may rank by, and which end is wanted.

    said: the word for that end as the customer puts it ("closer", 便宜), "" where no such word stands there.
    """

    concept: str
    relations: tuple[str, ...]
    highest: bool
    span: tuple[int, int]
    said: str = ""


def first_scale(text: str, cues: Sequence[ScaleCue], relations: Callable[[str], tuple[str, ...]]) -> Scale | None:
    """The first that the graph can rank by, else the first. relations: those that the graph has for a concept."""
    found: Scale | None = None
    for scale in cues:
        if match := re.search(scale.cue, text, re.IGNORECASE):
            at = match.groupdict().get("at")
            ranked_by, span = relations(scale.concept), match.span("at" if at else 0)
            this = Scale(scale.concept, ranked_by, scale.end == "high", span, _adjective(at or match.group()))
            if ranked_by or not scale.concept:
                return this
            found = found or this
    return found


def _adjective(matched: str) -> str:
    """What is said of the one that has more: "closer", 近 of 更近."""
    if matched.isascii():
        return matched.lower()
    found = _ADJECTIVE.search(matched)
    return found.group() if found else ""
