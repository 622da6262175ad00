"""Reads the values of slots from what customers write, and says them back."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from agent.flows.agreeing import says_no, says_yes
from agent.flows.dates import dates_in
from agent.flows.definition import Slot
from agent.flows.phones import phones_in
from agent.flows.spans import Span, is_free, places_of
from agent.types import JsonValue, Language
from knowledge.text.folding import folded
from knowledge.text.number_words import CHINESE_CHARACTERS, chinese_number

_EMAIL = re.compile(r"[A-Za-z0-9_.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_HAN = rf"[{CHINESE_CHARACTERS}]+"
_SIZED = r"\d[\d,]*(?:\.\d+)?(?:\s?[千万])?"
_AMOUNT = re.compile(
    rf"(?:[$¥€£]|usd )\s?({_SIZED})|({_SIZED}|{_HAN})\s?(?:dollars|bucks|usd|美元|美金|美刀|刀|元|块)", re.I
)
_LARGE = 3  # digits of a sum that needs no word to be one
_NUMBER = re.compile(r"(?<![A-Za-z0-9_.@-])(\d[\d,]*(?:\.\d+)?)(?![\d@]|[.-]\d)")
_IN_WORDS = re.compile(rf"\W*(?:就|要|是|那就?|大概|大约)*({_HAN})(?:吧|左右|的样子)?\W*")
_SIZES = {"千": 1_000, "万": 10_000}


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A value and where it stands. valid: whether it is within the slot's bounds."""

    value: JsonValue
    span: Span
    valid: bool = True


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
        size: float
        if slot.type == "date":
            size = (date.fromisoformat(str(one.value)) - today).days
        elif slot.type in {"amount", "number"}:
            size = float(str(one.value))
        else:
            yield one
            continue
        fits = (slot.min is None or size >= slot.min) and (slot.max is None or size <= slot.max)
        yield one if fits else Found(value=one.value, span=one.span, valid=False)


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
            yield from (Found(value=day.isoformat(), span=span) for day, span in dates_in(text, today))
        case "amount":
            yield from _amounts(text, asked=asked, loose=loose)
        case "number":
            yield from _numbers(slot, text, asked=asked)
        case "choice":
            yield from _choices(slot, text, asked=asked)
        case "boolean":
            if asked and (says_yes(text) or says_no(text)):
                yield Found(value=says_yes(text), span=(0, len(text)))


def _amounts(text: str, *, asked: bool, loose: bool) -> Iterator[Found]:
    found = [(match[1] or match[2], match.span()) for match in _AMOUNT.finditer(text)]
    if not found and asked:
        found = _bare(text)
    elif not found and loose:
        bare = [(match[1], match.span()) for match in _NUMBER.finditer(text) if len(match[1]) >= _LARGE]
        found = bare if len(bare) == 1 else []
    yield from (Found(value=_size(number), span=span) for number, span in found)


def _bare(text: str) -> list[tuple[str, Span]]:
    """The first number without a unit, if any; in Chinese characters where the message says no more."""
    said = _IN_WORDS.fullmatch(text)
    found = [said] if said else list(_NUMBER.finditer(text))[:1]
    return [(match[1], match.span(1)) for match in found]


def _size(number: str) -> float:
    """Of 1,200, 1.2万 or 一千二百."""
    if number[0] in CHINESE_CHARACTERS:
        return float(chinese_number(number))
    return float(number.rstrip(" 千万").replace(",", "")) * _SIZES.get(number[-1], 1)


def _numbers(slot: Slot, text: str, *, asked: bool) -> Iterator[Found]:
    unit = "|".join(re.escape(folded(word)) for word in slot.unit)
    places = re.finditer(rf"(?<![A-Za-z0-9_.])(\d+|{_HAN})[ -]?(?:{unit})", text, re.IGNORECASE) if unit else ()
    found = [(match[1], match.span()) for match in places]
    for number, span in found or (_bare(text) if asked else []):
        if (size := _size(number)) == int(size) and "." not in number:
            yield Found(value=int(size), span=span)


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
