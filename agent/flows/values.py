"""Reads the values of slots from what customers write, and says them back."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import phonenumbers

from agent.flows.dates import dates_in
from agent.flows.definition import Slot
from agent.flows.spans import Span, is_free, places_of
from agent.types import JsonValue, Language

_EMAIL = re.compile(r"[A-Za-z0-9_.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_PHONE = re.compile(r"(?<![A-Za-z0-9_@.-])\+?\d[\d \-().]{5,18}\d(?![A-Za-z0-9_-])")
_AMOUNT = re.compile(
    r"(?:[$¥€£]|usd )\s?(\d[\d,]*(?:\.\d+)?)|(\d[\d,]*(?:\.\d+)?)\s?(?:dollars|bucks|usd|美元|美金|元|块)", re.I
)
_NUMBER = re.compile(r"(?<![A-Za-z0-9_.@-])(\d[\d,]*(?:\.\d+)?)(?![\d@]|[.-]\d)")
_YES = re.compile(
    r"^\W*(?:yes|yep|yeah|yup|sure|ok(?:ay)?|please do|go ahead|confirm(?:ed)?|correct|right|that'?s right|do it|of course)\b"
    r"(?:[\s,.!]*(?:please|go ahead|do it|that'?s (?:right|correct|fine)|it is|i do|thanks|thank you|sure|confirm(?:ed)?))*\W*$"
    r"|^\W*(?:是|是的|对|对的|好|好的|可以|没错|没问题|确认|确定|行|嗯|同意|办吧|提交|要)(?:[，,。！!\s]*(?:是的|对|好的|可以|没错|没问题|确认|请办理|办理|提交|谢谢|吧|了))*\W*$",
    re.IGNORECASE,
)
_NO = re.compile(
    r"^\W*(?:no|nope|nah|not yet|don'?t|wait|not (?:right|correct))\b"
    r"(?:[\s,.!]*(?:thanks|thank you|that'?s (?:wrong|not right)|change something|wait|it(?:'s| is) (?:wrong|not right)))*\W*$"
    r"|^\W*(?:不|不是|不对|不行|不要|错了|等等|等一下|先别|否|没有)(?:[，,。！!\s]*(?:不对|错了|需要修改|修改|我要改|谢谢|是))*\W*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A value and where it stands. valid: whether it is within the slot's bounds."""

    value: JsonValue
    span: Span
    valid: bool = True


def says_yes(text: str) -> bool:
    """Whether the whole message agrees."""
    return bool(_YES.match(text))


def says_no(text: str) -> bool:
    """Whether the whole message disagrees, and says no more."""
    return bool(_NO.match(text))


def values_in(slot: Slot, text: str, today: date, *, asked: bool) -> list[Found]:
    """What a text gives for a slot. asked: it was asked for, so that a bare number or a yes means it."""
    return sorted(_valid(slot, _read(slot, text, today, asked=asked), today), key=lambda one: one.span)


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


def _read(slot: Slot, text: str, today: date, *, asked: bool) -> Iterator[Found]:
    match slot.type:
        case "pattern":
            for match in slot.pattern.finditer(text) if slot.pattern else ():
                yield Found(value=match[0].upper(), span=match.span())
        case "email":
            yield from (Found(value=match[0].lower(), span=match.span()) for match in _EMAIL.finditer(text))
        case "phone":
            yield from _phones(text)
        case "date":
            yield from (Found(value=day.isoformat(), span=span) for day, span in dates_in(text, today))
        case "amount":
            yield from _amounts(text, asked=asked)
        case "number":
            yield from _numbers(slot, text, asked=asked)
        case "choice":
            yield from _choices(slot, text, asked=asked)
        case "boolean":
            if asked and (says_yes(text) or says_no(text)):
                yield Found(value=says_yes(text), span=(0, len(text)))


def _phones(text: str) -> Iterator[Found]:
    for match in _PHONE.finditer(text):
        region = "CN" if re.fullmatch(r"1[3-9]\d{9}", re.sub(r"\D", "", match[0])) else "US"
        try:
            number = phonenumbers.parse(match[0], region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_possible_number(number):
            text_form = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
            yield Found(value=text_form, span=match.span())


def _amounts(text: str, *, asked: bool) -> Iterator[Found]:
    found = [(match[1] or match[2], match.span()) for match in _AMOUNT.finditer(text)]
    if not found and asked:
        found = [(match[1], match.span()) for match in _NUMBER.finditer(text)][:1]
    yield from (Found(value=float(number.replace(",", "")), span=span) for number, span in found)


def _numbers(slot: Slot, text: str, *, asked: bool) -> Iterator[Found]:
    unit = "|".join(map(re.escape, slot.unit))
    found = list(re.finditer(rf"(?<![A-Za-z0-9_.])(\d+)[ -]?(?:{unit})", text, re.IGNORECASE)) if unit else []
    if not found and asked:
        found = list(_NUMBER.finditer(text))[:1]
    for match in found:
        number = match[1].replace(",", "")
        if number.isdecimal():
            yield Found(value=int(number), span=match.span())


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
