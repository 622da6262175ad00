"""The time that a question asks about, where it asks how things were: "What was the fee in 2023?", 2023年的年费是多少？"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from knowledge.text.han import HAN

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH = r"(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_EN = (
    rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?{_MONTH},? {_YEAR}",
    rf"{_MONTH} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? {_YEAR}",
    rf"{_YEAR}-(?P<month>\d{{1,2}})-(?P<day>\d{{1,2}})",
    rf"{_MONTH} (?:of )?{_YEAR}",
    _YEAR,
    r"(?P<last>last year)",
)
_ENGLISH = [
    re.compile(
        rf"\b(?:(?:in|during|on|of|for|as of|back in|until|throughout) (?:the year )?)?\b{one}(?![\w%.,-]\w)", re.I
    )
    for one in _EN[:4]
] + [
    re.compile(rf"\b(?:in|during|for|as of|throughout) (?:the year )?{_EN[4]}\b(?![.,%-]?\w| ?[$€£%])", re.I),
    re.compile(rf"\b{_EN[5]}\b", re.I),
]
_CHINESE = re.compile(
    rf"(?:{_YEAR}年|(?P<last>去年))(?:的?(?P<month>\d{{1,2}})月(?:份|(?P<day>\d{{1,2}})[日号])?)?(?![\d以之]?[内后前起])"
)
_WAS = re.compile(r"\b(?:was|were|did|used to|had)\b", re.I)
# "I bought it in 2023" tells of the customer, not of the time asked for.
_OWN = re.compile(r"\b(?:i|we|my|our)\b|我", re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """first, last: days, both of them in it."""

    first: date
    last: date


def period_asked(question: str, today: date) -> Period | None:
    """The past time that a question asks about; None where it asks of now, or of what comes.

    What is valid only in days to come is nobody's to read yet, whatever time is asked for.
    """
    if _OWN.search(question) or not (HAN.search(question) or _WAS.search(question)):
        return None
    found = next((m for m in (*(p.search(question) for p in _ENGLISH), _CHINESE.search(question)) if m), None)
    period = _read(found, today) if found else None
    return period if period and period.last < today else None


def _read(found: re.Match[str], today: date) -> Period | None:
    """The days that a match means; None for a day that no calendar has."""
    said = found.groupdict()
    year = today.year - 1 if said.get("last") else int(said["year"])
    month, day = said.get("month"), said.get("day")
    try:
        if month is None:
            return Period(first=date(year, 1, 1), last=date(year, 12, 31))
        number = int(month) if month.isdigit() else _MONTHS.index(month.lower()) + 1
        if day is None:
            return Period(first=date(year, number, 1), last=date(year, number, monthrange(year, number)[1]))
        return Period(first=date(year, number, int(day)), last=date(year, number, int(day)))
    except ValueError:
        return None
