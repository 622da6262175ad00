"""Spans that belong together: a sentence and the exception after it, the steps of one list."""

import re
from collections.abc import Sequence

from agent.generate.extractive.candidates import Candidate

_LEANING = tuple("this |these |that |those |it |they |them |however|otherwise|also|such |此|该|但|否则|上述".split("|"))
_LIMITING = re.compile(
    r"\W*(?:unless|except|however|otherwise|but|only if|this does not|that does not|exceptions?)\b"
    r"|\W*(?:除非|但是?|不过|否则|例外|以下情况除外)",
    re.IGNORECASE,
)
_MAX_STEPS = 12


def with_what_belongs(spans: Sequence[Candidate], place: int, *, steps: bool) -> list[int]:
    """Places of the spans to be quoted with this one, it among them.

    steps: whether the question asks how to do something, so that one step of a list calls for all of them.
    """
    if steps and len(listed := _list_around(spans, place)) > 1:
        return listed
    return [place, *_leaned_on(spans, place), *_limited_by(spans, place)]


def _leaned_on(spans: Sequence[Candidate], place: int) -> list[int]:
    """The sentence before one that begins with "This", "However": without it, its sense is lost."""
    if not place or not spans[place].span.text.lower().startswith(_LEANING):
        return []
    return [place - 1] if _follows(spans, place - 1, place) else []


def _limited_by(spans: Sequence[Candidate], place: int) -> list[int]:
    """The sentence after it that begins with "Unless", "However": without it, what is said is not true."""
    after = place + 1
    if after == len(spans) or not _LIMITING.match(spans[after].span.text):
        return []
    return [after] if _follows(spans, place, after) else []


def _follows(spans: Sequence[Candidate], place: int, after: int) -> bool:
    first, second = spans[place], spans[after]
    return first.passage.id == second.passage.id and second.index == first.index + 1


def _list_around(spans: Sequence[Candidate], place: int) -> list[int]:
    """All items of the numbered list that a span stands in, each with all its sentences; none outside such a list."""
    if not spans[place].span.ordinal:
        return []
    first = last = place
    while first and _goes_on(spans, first - 1, first):
        first -= 1
    while last + 1 < len(spans) and _goes_on(spans, last, last + 1):
        last += 1
    found = list(range(first, last + 1))
    return found if spans[last].span.ordinal - spans[first].span.ordinal < _MAX_STEPS else []


def _goes_on(spans: Sequence[Candidate], place: int, after: int) -> bool:
    """Whether the second is the next sentence of the same item, or of the next item."""
    first, second = spans[place].span, spans[after].span
    same_list = (first.heading, first.lead) == (second.heading, second.lead)
    return (
        same_list
        and spans[place].passage.id == spans[after].passage.id
        and bool(first.ordinal)
        and second.ordinal - first.ordinal in {0, 1}
    )
