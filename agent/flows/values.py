"""Reads the values of slots from what customers write, and says them back."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from agent.flows.agreeing import agreement
from agent.flows.counts import Count, counts_in, size
from agent.flows.dates import dates_in
from agent.flows.definition import Slot
from agent.flows.phones import phones_in
from agent.flows.spans import CLAUSE, Span, is_free, places_of
from agent.types import JsonValue, Language
from knowledge.text.number_words import CHINESE_CHARACTERS

_EMAIL = re.compile(r"[A-Za-z0-9_.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_HAN = rf"[{CHINESE_CHARACTERS}]+"
_SIZED = r"\d[\d,]*(?:\.\d+)?(?:\s?[千万])?"
_AMOUNT = re.compile(
    rf"(?:[$¥€£]|usd )\s?({_SIZED})|({_SIZED}|{_HAN})\s?(?:dollars|bucks|usd|美元|美金|美刀|刀|元|块)", re.I
)
_LARGE = 3  # digits of a sum that needs no word to be one
_NUMBER = re.compile(r"(?<![A-Za-z0-9_.@-])(\d[\d,]*(?:\.\d+)?)(?![\d@]|[.-]\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A value and where it stands. valid: whether it is within the slot's bounds; others: what may be meant as well."""

    value: JsonValue
    span: Span
    valid: bool = True
    others: tuple[JsonValue, ...] = ()


def values_in(slot: Slot, text: str, today: date, *, asked: bool, loose: bool = False) -> list[Found]:
    """What a text gives for a slot.

    asked: it was asked for, so that a bare number or a yes means it; loose: nothing else was, so that a bare number which is
    the only large one in the text is an amount.
    """
    return sorted(_valid(slot, _read(slot, text, today, asked=asked, loose=loose), today), key=lambda one: one.span)


def nearly(slot: Slot, text: str) -> bool:
    """Whether a text that holds no value of a slot looks like one that went wrong: digits for a number, an @ for an address."""
    if slot.type == "email":
        return "@" in text
    least = {"phone": 3, "pattern": 3, "date": 1, "amount": 1, "number": 1}.get(slot.type)
    return least is not None and sum(c.isdecimal() for c in text) >= least


def _valid(slot: Slot, found: Iterator[Found], today: date) -> Iterator[Found]:
    for one in found:
        readings = [value for value in (one.value, *one.others) if _fits(slot, value, today)]
        if readings:
            yield replace(one, value=readings[0], others=tuple(readings[1:]))
        else:
            yield replace(one, valid=False, others=())


def _fits(slot: Slot, value: JsonValue, today: date) -> bool:
    size: float
    if slot.type == "date":
        size = (date.fromisoformat(str(value)) - today).days
    elif slot.type in {"amount", "number"}:
        size = float(str(value))
    else:
        return True
    return (slot.min is None or size >= slot.min) and (slot.max is None or size <= slot.max)


def _read(slot: Slot, text: str, today: date, *, asked: bool, loose: bool) -> Iterator[Found]:
    match slot.type:
        case "pattern":
            for match in slot.pattern.finditer(text) if slot.pattern else ():
                yield Found(value=match[0].upper(), span=match.span())
        case "email":
            yield from (Found(value=match[0].lower(), span=match.span()) for match in _EMAIL.finditer(text))
        case "phone":
            taken = [span for _, span in dates_in(text, today)]
            found = phones_in(text, slot.region, asked=asked)
            yield from (Found(value=number, span=span) for number, span in found if is_free(span, taken))
        case "date":
            yield from _dates(text, today, asked=asked)
        case "amount":
            yield from _amounts(slot, text, today, asked=asked, loose=loose)
        case "number":
            yield from _numbers(slot, text, today, asked=asked)
        case "choice":
            yield from _choices(slot, text, asked=asked)
        case "boolean":
            yield from _agreements(slot, text, asked=asked)


def _dates(text: str, today: date, *, asked: bool) -> Iterator[Found]:
    readings: dict[Span, list[JsonValue]] = {}
    for day, span in dates_in(text, today, asked=asked):
        readings.setdefault(span, []).append(day.isoformat())
    yield from (Found(value=days[0], span=span, others=tuple(days[1:])) for span, days in readings.items())


def _agreements(slot: Slot, text: str, *, asked: bool) -> Iterator[Found]:
    """Yes or no to what was asked, in whatever words; unasked, a clause that names it: "no high chair"."""
    named = names_of(slot)
    if asked:
        agrees = agreement(text, named)
        if agrees is not None:
            yield Found(value=agrees, span=(0, len(text)))
        return
    for match in CLAUSE.finditer(text):
        if any(any(places_of(word, match[0])) for word in named):
            agrees = agreement(match[0], named)
            if agrees is not None:
                yield Found(value=agrees, span=match.span())


def names_of(slot: Slot) -> tuple[str, ...]:
    """What customers may call it, in both languages."""
    return (slot.label.en, slot.label.zh, *slot.words)


def _amounts(slot: Slot, text: str, today: date, *, asked: bool, loose: bool) -> Iterator[Found]:
    found = [(match[1] or match[2], match.span()) for match in _AMOUNT.finditer(text)]
    if not found and asked:
        yield from (_counted(one, float) for one in counts_in(text, slot.unit, today, asked=True, of_money=True))
        return
    if not found and loose:
        bare = [(match[1], match.span()) for match in _NUMBER.finditer(text) if len(match[1]) >= _LARGE]
        found = bare if len(bare) == 1 else []
    yield from (Found(value=size(number), span=span) for number, span in found)


def _numbers(slot: Slot, text: str, today: date, *, asked: bool) -> Iterator[Found]:
    for one in counts_in(text, slot.unit, today, asked=asked):
        if one.size == int(one.size):
            yield _counted(one, int)


def _counted(one: Count, kind: type[int] | type[float]) -> Found:
    return Found(value=kind(one.size), span=one.span, others=tuple(kind(other) for other in one.others))


def _choices(slot: Slot, text: str, *, asked: bool) -> Iterator[Found]:
    """By their words; asked for, by their number in the list, too. Longer words first: "not damaged" is not "damaged"."""
    words = [(word, key) for key, one in slot.choices.items() for word in (one.en, one.zh, *one.words)]
    taken: list[Span] = []
    for word, key in sorted(words, key=lambda one: -len(one[0])):
        for match in places_of(word, text):
            if is_free(match.span(), taken):
                taken.append(match.span())
                yield Found(value=key, span=match.span())
    nth = re.fullmatch(r"\s*(?:第)?([1-9])(?:\.|个)?\s*", text) if asked and not taken else None
    if nth and int(nth[1]) <= len(slot.choices):
        yield Found(value=list(slot.choices)[int(nth[1]) - 1], span=nth.span())


_EN_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_EN_MONTHS = "January February March April May June July August September October November December".split()


def worded(slot: Slot | None, value: JsonValue, language: Language) -> str:
    """A value as the customer reads it."""
    kind = slot.type if slot else ""
    if slot and kind == "choice":
        return slot.choices[str(value)].of(language) if str(value) in slot.choices else str(value)
    if kind == "date":
        day = date.fromisoformat(str(value))
        if language == "zh":
            return f"{day.month}月{day.day}日（周{'一二三四五六日'[day.weekday()]}）"
        return f"{_EN_DAYS[day.weekday()]}, {day.day} {_EN_MONTHS[day.month - 1]}"
    if kind == "amount":
        return _plain(float(str(value))) + "美元" if language == "zh" else "$" + _plain(float(str(value)))
    if isinstance(value, bool):
        return {"en": ("no", "yes"), "zh": ("否", "是")}[language][value]
    return _plain(value) if isinstance(value, float) else str(value)


def _plain(number: float) -> str:
    return f"{number:,.0f}" if number == int(number) else f"{number:,.2f}"
