"""The other cases of a distinction: who reads that it is free until six o'clock must read what holds after that."""

import re
from collections.abc import Sequence
from itertools import pairwise

from agent.generate.extractive.answer_types import AnswerType
from agent.generate.extractive.belonging import length
from agent.generate.extractive.candidates import Candidate
from agent.generate.extractive.wholes import is_brief, is_named, label, siblings
from knowledge.cutting.spans import SpanKind

_GOES_ON = re.compile(
    r"\W*(?:(?:after|beyond|over|past) (?:that|this)\b|thereafter\b|afterwards\b|later\b|longer\b|otherwise\b|further\b|additional\b"
    r"|(?:each|every|any) (?:additional|extra|further|later|longer|other)\b|(?:all |the |any )?others?\b|(?:every|any)(?:one|thing) else\b|the rest\b|non-"
    r"|之后|此后|以后|其后|超过|超出|超时|逾期|续|再|其[他它余]|非|不足|不满|不到|否则|另外每)",
    re.IGNORECASE,
)
"""It begins with what is left when the case before it does not hold."""
_BOUND = re.compile(
    r"\b(?:before|after|within|until|up to|under|over|above|below|less|more|fewer|at (?:least|most)|between|later|earlier|longer"
    r"|first|further|additional|beyond|same day|on the day|no-?shows?|if|unless|without)\b"
    r"|之?前(?!台)|[之以]?后(?!台)|(?<![国境海市室店])内|超[过出时]|逾期|以[上下]|^\W*已|不[足满到]|未|没有|满|首|续|当[天日]|提前|如果?|若|否则",
    re.IGNORECASE,
)
"""A case by a time, a number or a condition, which a customer states in another one ("two hours before"; "20 kg")."""
_KINDS = [
    tuple(re.compile(side, re.IGNORECASE) for side in sides)
    for sides in (
        (r"\bmembers?\b|会员", r"\bnon-?members?\b|\bguests?\b|\bothers?\b|非会员|其他"),
        (r"\b(?:weekdays?|workdays?)\b|平日|工作日", r"\b(?:weekends?|holidays?)\b|周末|节假?日"),
        (r"\bday(?:time)?\b|白天|日间", r"\b(?:night|evening)s?\b|夜|晚"),
        (r"\b(?:small|short|light)\b|[小短轻]", r"\b(?:large|big|long|heavy)\b|[大长重]"),
        (r"\bnew\b|新", r"\b(?:existing|old|used|returning)\b|[老旧]|已有"),
        (
            r"\b(?:domestic|local|home)\b|国内|境内|本地",
            r"\b(?:international|foreign|abroad|overseas)\b|国际|境外|国外|外地",
        ),
        (r"\badults?\b|成人|大人", r"\b(?:child(?:ren)?|infants?|kids?)\b|儿童|婴儿|小孩"),
        (r"\bwith\b|有", r"\bwithout\b|无|没有"),
        (r"\bopened|used\b|已", r"\b(?:un(?:opened|used)|sealed)\b|未"),
    )
]
"""Kinds that exclude each other."""
_LABELLED = re.compile(r"[^:：]{1,60}[:：]")
_FRONT = 25  # characters: what an item is about stands at its beginning
_ON_TOP = re.compile(
    r"\b(?:more|extra|surcharges?|supplements?|additional(?:ly)?|on top)\b|[加另][收付]|加\s?\d|附加|另加",
    re.IGNORECASE,
)


def with_other_cases(spans: Sequence[Candidate], chosen: Sequence[int], asked: str, most: int) -> list[int]:
    """The chosen places with the other cases of the first one's distinction, while all are `most` words.

    asked: the question.
    """
    found = list(chosen)
    for place in _other_cases(spans, chosen[0], asked):
        if place not in found and sum(length(spans[at]) for at in [*found, place]) <= most:
            found.append(place)
    return found


def _other_cases(spans: Sequence[Candidate], place: int, asked: str) -> list[int]:
    """Places of siblings, up and down from this one, while each is another case beside the one before."""
    if spans[place].span.kind is SpanKind.ROW:
        return []
    near = _beside(spans, place)
    at, found = near.index(place), []
    is_said = spans[place].span.kind is SpanKind.ITEM and is_named(spans, near, asked)
    for way in (near[at:], near[at::-1]):
        for before, after in pairwise(way):
            first, second = sorted((before, after))
            if not _distinguish(spans[first], spans[second], by_kind=not is_said):
                break
            found.append(after)
    return found


def _beside(spans: Sequence[Candidate], place: int) -> list[int]:
    """Places of the items of its list; of a sentence, those of its line."""
    if spans[place].span.kind is SpanKind.ITEM:
        return siblings(spans, place)
    one, text = spans[place], spans[place].passage.text
    return [
        at
        for at, other in enumerate(spans)
        if other.passage.id == one.passage.id
        and other.span.kind is SpanKind.SENTENCE
        and "\n" not in text[min(one.span.end, other.span.end) : max(one.span.start, other.span.start)]
    ]


def _distinguish(first: Candidate, second: Candidate, *, by_kind: bool) -> bool:
    """Whether two siblings are cases of one distinction.

    by_kind: whether kinds that exclude each other count: not where the question says which is meant.
    """
    if _GOES_ON.match(second.span.text) or _adds_to(first, second):
        return True
    if first.span.kind is not SpanKind.ITEM or first.span.place.listing:  # steps come one after the other
        return False
    if not all(is_brief(one) or _LABELLED.match(one.span.text) for one in (first, second)):
        return False
    one, other = (label(one)[: None if _LABELLED.match(one.span.text) else _FRONT] for one in (first, second))
    if _BOUND.search(one) and _BOUND.search(other):
        return True
    return by_kind and any(
        (a.search(one) and b.search(other)) or (b.search(one) and a.search(other)) for a, b in _KINDS
    )


def _adds_to(first: Candidate, second: Candidate) -> bool:
    """Whether the second says what is paid on top of the first."""
    both = AnswerType.MONEY in first.facets.held & second.facets.held
    return both and bool(_ON_TOP.search(second.span.text))
