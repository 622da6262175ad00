"""What holds for the measure that a customer states: who has a dog of 20 kg must read what stands beside "dogs of up to 8 kg"."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import inf

from agent.checking.numbers import Measure, measured
from agent.generate.extractive.belonging import length
from agent.generate.extractive.candidates import Candidate
from knowledge.cutting.spans import SpanKind

_TO = re.compile(r"\s*(?:to|and|[-–—~～至到])\s*")
_UP_TO = re.compile(
    r"(?:\b(?:up to|under|below|within|until|at most|(?:no|not) (?:more|longer|older|heavier|larger|bigger|higher) than|max(?:imum)?(?: of)?"
    r"|(?:less|fewer|lighter|shorter|younger|smaller|lower) than|not exceed(?:ing)?)|不超过|不得超过|不多于|不高于|最多|低于|少于|小于|不到|不足|不满|≤|<)\s*$"
)
_FROM = re.compile(
    r"(?:\b(?:over|above|from|at least|(?:no|not) less than|min(?:imum)?(?: of)?|exceed(?:s|ing)?"
    r"|(?:more|longer|older|heavier|larger|bigger|higher|greater) than)|(?<!不)(?<!不得)超[过出]|(?<!不)高于|(?<!不)多于|大于|至少|不少于|不低于|≥|>|(?<!不)满)\s*$"
)
_UP_TO_IT = re.compile(
    r"\s*(?:(?:or|and) (?:less|under|below|fewer|lighter|shorter|younger|smaller)\b|[(（]?[及含]?[)）]?(?:以下|以内|之内|内))"
)
_FROM_IT = re.compile(
    r"\s*(?:(?:or|and) (?:more|over|above|up|older|longer|heavier|larger)\b|\+|[(（]?[及含]?[)）]?(?:以上|起|以外))"
)
_MORE = re.compile(
    r"\W*(?:(?:for|with) )?(?:larger|bigger|heavier|longer|older|greater|higher|further|bulky)\b|\W*(?:更[大重长远高多]|较[大重长远高]|大件|超)",
    re.IGNORECASE,
)
_LESS = re.compile(
    r"\W*(?:(?:for|with) )?(?:smaller|lighter|shorter|younger|lower|lesser|fewer)\b|\W*(?:更[小轻短近低少]|较[小轻短近低]|小件|不[足满到])",
    re.IGNORECASE,
)
_BEFORE = 24  # characters
_MOST = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """From low to high of a unit."""

    unit: str
    low: float = -inf
    high: float = inf


def with_what_holds(spans: Sequence[Candidate], chosen: Sequence[int], asked: str, most: int) -> list[int]:
    """The chosen places and, where the first tells of a band outside of which the question's measure lies, those beside it
    that tell of one around it, else of what is more or less, while all are `most` words.
    """
    first = spans[chosen[0]]
    if first.span.kind is SpanKind.ROW or not any(map(str.isdigit, asked)):
        return list(chosen)
    found = list(chosen)
    for value, unit in _stated(asked):
        bands = [band for band in bands_in(first.span.text) if band.unit == unit]
        if not bands or any(band.low <= value <= band.high for band in bands):
            continue
        beside = _beside(spans, chosen[0])
        around = [at for at in beside if _holds(spans[at], value, unit)]
        other = _MORE if value > bands[-1].high else _LESS
        after = [at for at in beside if at > chosen[0] and other.match(spans[at].span.text)]
        for at in around[:_MOST] or after[:1]:
            if at not in found and sum(length(spans[one]) for one in [*found, at]) <= most:
                found.append(at)
    return found


@lru_cache(maxsize=8192)
def bands_in(text: str) -> tuple[Band, ...]:
    """The bands that a text tells of: "up to 8 kg", "from 12 to 15 years", 满500元."""
    plain, numbers = measured(text)
    return tuple(_bands(plain, numbers))


def _bands(plain: str, numbers: Sequence[Measure]) -> Iterator[Band]:
    low: Measure | None = None
    for at, one in enumerate(numbers):
        after = numbers[at + 1] if at + 1 < len(numbers) else None
        if after and after.unit and one.unit in {"", after.unit} and _TO.fullmatch(plain[one.end : after.start]):
            low = one
        elif low:
            yield Band(unit=one.unit, low=low.value, high=one.value)
            low = None
        elif one.unit:
            before = plain[max(0, one.start - _BEFORE) : one.start]
            if _UP_TO.search(before) or _UP_TO_IT.match(plain, one.end):
                yield Band(unit=one.unit, high=one.value)
            elif _FROM.search(before) or _FROM_IT.match(plain, one.end):
                yield Band(unit=one.unit, low=one.value)


def _stated(asked: str) -> list[tuple[float, str]]:
    """The measures of a question, the only one of its unit each."""
    found = [(one.value, one.unit) for one in measured(asked)[1] if one.unit]
    units = [unit for _, unit in found]
    return [(value, unit) for value, unit in found if units.count(unit) == 1]


def _holds(one: Candidate, value: float, unit: str) -> bool:
    return any(band.unit == unit and band.low <= value <= band.high for band in bands_in(one.span.text))


def _beside(spans: Sequence[Candidate], place: int) -> list[int]:
    """Places of the sentences and items of its section, the nearest first."""
    one = spans[place]
    own = [
        at
        for at, other in enumerate(spans)
        if (other.passage.id, other.span.heading) == (one.passage.id, one.span.heading)
        and other.span.kind is not SpanKind.ROW
        and at != place
    ]
    return sorted(own, key=lambda at: abs(at - place))
