"""Which of all the rows of a table has the most or least of something: computed from all of them, or not said at all."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from agent.generate.extractive.candidates import Candidate, SpanSource
from agent.generate.extractive.facets import facets_of
from agent.generate.extractive.of_the_best import asks_for_the_best
from agent.generate.extractive.records import fields_of, said_of
from agent.generate.extractive.subject import content_terms
from knowledge.embedders import glosses
from knowledge.question.parts import QuestionPart
from knowledge.text.han import HAN
from knowledge.types import Passage

_LEAST_FIELDS = 3
_MOST_RECORDS = 300
_MOST_BEST = 3
_TOLD = 3  # fields that tell which record it is
_NUMBERED = re.compile(r"(?P<file>.*#)\d+")
_VALUE = re.compile(r"(?P<before>\D{0,12}?)(?P<number>\d+(?:[.,]\d+)*)(?P<after>\D{0,24})")
_TIME = re.compile(
    r"\s*(?P<number>\d+(?:\.\d+)?)\s*(?:(?P<day>days?|天)|(?P<hour>hours?|hrs?|h|个?小时|时)|(?P<minute>minutes?|mins?|m|分钟?))(?![a-z])",
    re.IGNORECASE,
)
_MINUTES = {"day": 1440.0, "hour": 60.0, "minute": 1.0}
_LIGHT = re.compile(
    r"\b(?:starts?|starting|departs?|departing|runs?|goes|go|takes?|leaves?|there|all|ones?)\b", re.IGNORECASE
)
"""Words that say nothing of which records are meant."""
_LIMIT = re.compile(r"\b(?:most|least|\w+est)\b(?: \w+){0,2}? (?:i|we|you)\b", re.IGNORECASE)
"""The most that somebody may do is a limit, and no choice among many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scale:
    """How a superlative is said, the end that it means, and the columns that it may be of; none where the question names it."""

    said: re.Pattern[str]
    highest: bool
    column: re.Pattern[str] | None = None


_PRICE = re.compile(r"\b(?:prices?|costs?|fares?|fees?|rent|rate)\b|价|费|租金", re.IGNORECASE)
_LASTING = re.compile(
    r"\b(?:duration|time|length|distance|hours|lasts?)\b|时长|用时|时间|长度|距离|路程", re.IGNORECASE
)
_TAKING = re.compile(r"\b(?:duration|time|hours|speed)\b|时长|用时|时间|耗时", re.IGNORECASE)
_WEIGHT = re.compile(r"\bweight\b|重量|体重", re.IGNORECASE)
_OFTEN = re.compile(r"\bper (?:hour|day|week|month)\b|\bfrequency\b|每[天日周月]|班次", re.IGNORECASE)


def _scale(said: str, column: re.Pattern[str] | None, *, highest: bool) -> _Scale:
    return _Scale(said=re.compile(said, re.IGNORECASE), highest=highest, column=column)


_SCALES = (
    _scale(r"\b(?:cheapest|least expensive|costs? (?:the )?least)\b|最(?:便宜|实惠|省钱)", _PRICE, highest=False),
    _scale(r"\b(?:most expensive|priciest|dearest|costs? (?:the )?most)\b|最贵", _PRICE, highest=True),
    _scale(r"\b(?:fastest|quickest|takes? (?:the )?least time)\b|最快", _TAKING, highest=False),
    _scale(r"\bslowest\b|最慢", _TAKING, highest=True),
    _scale(r"\blightest\b|最轻", _WEIGHT, highest=False),
    _scale(r"\bheaviest\b|最重", _WEIGHT, highest=True),
    _scale(r"\bmost (?:often|frequent(?:ly)?)\b|班次最多|最频繁", _OFTEN, highest=True),
    _scale(r"\bleast (?:often|frequent(?:ly)?)\b|班次最少", _OFTEN, highest=False),
    _scale(r"\b(?:takes? (?:the )?)?longest\b|最[长久]", _LASTING, highest=True),
    _scale(r"\bshortest\b|最短", _LASTING, highest=False),
    _scale(r"\b(?:most|highest|biggest|largest|greatest)\b|最[多高大]", None, highest=True),
    _scale(r"\b(?:fewest|least|lowest|smallest)\b|最[少低小]", None, highest=False),
)


def asks_for_the_best_record(part: QuestionPart, first: Passage) -> bool:
    """Whether it asks which of all has most of something. first: the passage that answers best, by itself."""
    return _is_record(first) and asks_for_the_best(part.text) and not _LIMIT.search(part.text)


def best_records(part: QuestionPart, first: Passage, source: SpanSource) -> list[Candidate]:
    """The fields to be quoted of the records that have most, or least, of what is asked; none where that is not sure."""
    asked = _in_its_language(part.text, first)
    records = _meant(asked, _all_like(first, source))
    scale = next((one for one in _SCALES if one.said.search(asked)), None)
    if not records or scale is None:
        return []
    columns = [at for at, (column, *_) in enumerate(fields_of(records[0])) if _fits(scale, asked, column)]
    measured = [(at, values) for at in columns if (values := _values(records, at))]
    if len(measured) != 1:
        return []
    at, values = measured[0]
    most = (max if scale.highest else min)(values)
    best = [record for record, value in zip(records, values, strict=True) if value == most]
    return [one for record in best for one in _quoted(record, at)] if len(best) <= _MOST_BEST else []


def _in_its_language(asked: str, record: Passage) -> str:
    """A Chinese question of English records as its glosses say it."""
    is_foreign = HAN.search(asked) and not HAN.search(record.text) and glosses.is_available()
    return glosses.shared().english(asked) if is_foreign else asked


def _is_record(passage: Passage) -> bool:
    return passage.row is not None and sum(bool(own) for *_, own in fields_of(passage)) >= _LEAST_FIELDS


def _all_like(one: Passage, source: SpanSource) -> list[Passage]:
    """All records of its table with the same columns; none where there are more than may be read."""
    found = _NUMBERED.fullmatch(one.source_id)
    if not found:
        return []
    passages = source.passages_shown([f"{found['file']}{n}" for n in range(1, _MOST_RECORDS + 2)])
    columns = [column for column, *_ in fields_of(one)]
    alike = [passage for passage in passages if [column for column, *_ in fields_of(passage)] == columns]
    return alike if len(alike) == len(passages) <= _MOST_RECORDS else []


def _meant(asked: str, records: Sequence[Passage]) -> list[Passage]:
    """Those of the records that hold all that the question says of any; none where it says more than their table has words for."""
    terms = content_terms(asked)
    said = {record.id: said_of(asked, terms, record) for record in records}
    held = {id_: frozenset[str]().union(*own.values()) for id_, own in said.items()}
    telling = frozenset[str]().union(*held.values())
    known = frozenset[str]().union(*(content_terms(_words_of(record)) for record in records[:1]))
    plain = content_terms(_without_scale(asked))
    if not plain - telling <= known:
        return []
    return [record for record in records if held[record.id] == telling]


def _words_of(record: Passage) -> str:
    """The words by which its table and its columns are called."""
    columns = (column for column, *_ in fields_of(record))
    return " ".join((re.sub(r"[/_.#\d-]+", " ", record.source_id), record.title, *columns))


def _without_scale(asked: str) -> str:
    for scale in _SCALES:
        asked = scale.said.sub(" ", asked)
    return _LIGHT.sub(" ", asked)


def _fits(scale: _Scale, asked: str, column: str) -> bool:
    """Whether a column tells what is asked for: by what it is called, or as the question calls it right beside the superlative."""
    if scale.column is not None:
        return bool(scale.column.search(column))
    found = scale.said.search(asked)
    after = asked[found.end() :] if found else ""
    if HAN.search(asked):
        return column in asked
    first = next((own for word in after.split() if (own := content_terms(word))), frozenset[str]())
    return bool(first) and first <= content_terms(column)


def _values(records: Sequence[Passage], at: int) -> list[float]:
    """The value of one field in each record, all in one unit; none where they can't be compared."""
    found = [_measured(fields_of(record)[at][1]) for record in records]
    units = {one[1] for one in found if one}
    return [one[0] for one in found if one] if all(found) and len(units) == 1 else []


def _measured(value: str) -> tuple[float, str] | None:
    """A number with its unit, times in minutes; None where it is none, or more than one."""
    if times := list(_TIME.finditer(value)):
        rest = _TIME.sub("", value).strip(" ,，")
        total = sum(float(one["number"]) * _MINUTES[one.lastgroup or "minute"] for one in times)
        return None if rest else (total, "time")
    found = _VALUE.fullmatch(value.strip())
    if not found:
        return None
    number = re.sub(r",(?=\d{3}\b)", "", found["number"])
    unit = f"{found['before'].strip()} {found['after'].strip()}".lower()
    return (float(number), unit) if re.fullmatch(r"\d+(?:\.\d+)?", number) else None


def _quoted(record: Passage, at: int) -> list[Candidate]:
    """The fields that tell which record it is, and the one that is compared."""
    facets: Mapping[int, Candidate] = {
        one.index: Candidate(passage=record, facets=one) for one in facets_of(record) if one.quotable
    }
    return [facets[n] for n in (*range(min(_TOLD, at)), at) if n in facets]
