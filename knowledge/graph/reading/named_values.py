"""Reads the values that a question names: those that things wanted have ("in Dunmore", 带停车位), and those that they lack."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from knowledge.graph.facts import GraphFacts
from knowledge.graph.reading.blanks import blanked
from knowledge.graph.reading.denial import denied_place, without_choices
from knowledge.graph.reading.lexicon import Lexicon
from knowledge.graph.values import kinds_in
from knowledge.graph.wording import MappedWording
from knowledge.question.ways import is_that_way
from knowledge.text.folding import folded


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Pairs of relation and value, and the text without them and without what denies them."""

    equals: tuple[tuple[str, str], ...]
    excluded: tuple[tuple[str, str], ...]
    left: str


class ValueReader:
    """Finds values in questions. categories: relation → values by which things may be chosen; spoken: other words for values."""

    def __init__(self, categories: Mapping[str, Sequence[str]], spoken: Mapping[str, Sequence[str]]) -> None:
        values = [
            (folded(words).lower(), value, relation)
            for relation, known in categories.items()
            for value in known
            for words in (value, *spoken.get(value, ()))
            if len(words) > 1
        ]
        self._values = sorted(values, key=lambda item: -len(item[0]))

    def read(self, text: str) -> Named:
        """The longest values first, each where it stands for itself."""
        left, lowered = text, "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
        said = lowered
        found: list[tuple[int, int, str, str]] = []
        for words, value, relation in self._values:
            if words not in lowered or not is_that_way(said, relation, words):
                continue
            for start, end in _places(lowered, words):
                found.append((start, end, relation, value))
                lowered, left = blanked(lowered, (start, end)), blanked(left, (start, end))
        return _judged(found, left)


def _places(lowered: str, words: str) -> list[tuple[int, int]]:
    expression = re.escape(words)
    if words.isascii():
        expression = rf"(?<![a-z0-9]){expression}(?![a-z0-9])"
    return [match.span() for match in re.finditer(expression, lowered)]


def _judged(found: Sequence[tuple[int, int, str, str]], left: str) -> Named:
    plain = without_choices(left)
    equals: list[tuple[str, str]] = []
    excluded: list[tuple[str, str]] = []
    last = 0
    for start, end, relation, value in sorted(found):
        place = denied_place(plain, start, end, last)
        (equals if place is None else excluded).append((relation, value))
        if place is not None:
            last = end
            left = blanked(left, (place, start))
    # What is named first counts as it did when it was matched first: the longest, in the order of the graph.
    order = [(relation, value) for _, _, relation, value in found]
    return Named(
        equals=tuple(dict.fromkeys(sorted(equals, key=order.index))),
        excluded=tuple(dict.fromkeys(sorted(excluded, key=order.index))),
        left=left,
    )


def chosen_by(facts: GraphFacts, lexicon: Lexicon, mapped: MappedWording) -> dict[str, list[str]]:
    """Relation → values by which things may be chosen: those that are found over and over, or that a mapping words, and of
    lists the kinds of things in them.
    """
    return {
        relation: list(
            dict.fromkeys(
                (
                    *known,
                    *(value for value in facts.listed(relation) if value in mapped.terms),
                    *(filter(lexicon.is_free, kinds_in(known)) if relation in facts.sets else ()),
                )
            )
        )
        for relation, known in facts.categories.items()
    }
