"""Dates as customers say them, in English and Chinese: absolute, or told from today."""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta

from agent.flows.spans import Span, is_free
from knowledge.text.han import HAN
from knowledge.text.number_words import ENGLISH_NUMBER, chinese_number, english_number

_DAYS = {"mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6}
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_HAN_DAYS = {
    "一": 0,
    "二": 1,
    "三": 2,
    "四": 3,
    "五": 4,
    "六": 5,
    "日": 6,
    "天": 6,
    **{str(n + 1): n for n in range(7)},
}
_MONTH = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_ORDINALS = {
    word: n
    for n, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth"
        " seventeenth eighteenth nineteenth twentieth twenty-first twenty-second twenty-third twenty-fourth twenty-fifth"
        " twenty-sixth twenty-seventh twenty-eighth twenty-ninth thirtieth thirty-first".split(),
        start=1,
    )
}
_DAY = rf"(?:(\d{{1,2}})(?:st|nd|rd|th)?|({'|'.join(sorted(_ORDINALS, key=len, reverse=True))}))"
_STREETS = "路街道巷弄里村庄坊区段栋幢座楼室院园苑城馆厦桥湾场门寓排组屯胡同"
"""What a house number follows: 中山路8号 is no day."""
_PATTERNS = {
    "iso": re.compile(r"(?<!\d)(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})(?!\d)日?"),
    "month_day": re.compile(rf"\b{_MONTH} (?:the )?{_DAY}\b(?:,? (\d{{4}}))?", re.I),
    "day_month": re.compile(rf"\b{_DAY} (?:of )?{_MONTH}(?:,? (\d{{4}}))?", re.I),
    "day": re.compile(
        rf"\b(?P<on>(?:on|for|from|by|until) )?the {_DAY}(?<=[a-z])\b(?! (?:\w+ )?(?:floor|time|street|avenue|one|row|room)\b)",
        re.I,
    ),
    "numbers": re.compile(
        r"(?<![\w/.:-])(?P<a>\d{1,2})(?P<mark>[/.-])(?P<b>\d{1,2})(?:(?P=mark)(?P<year>\d{4}|\d{2}))?(?![\d/:-]|\.\d)\.?(?![A-Za-z0-9_])"
    ),
    "han_month_day": re.compile(
        r"(?<![\d年])(\d{1,2}|[一二三四五六七八九十]{1,3})月(?:(\d{1,2})(?!\d)[日号]?|([一二三四五六七八九十]{1,3})[日号])"
    ),
    "han_day": re.compile(
        rf"(?<![\d年月.\-{_STREETS}])(\d{{1,2}}|(?<![一二三四五六七八九十])[一二三四五六七八九十]{{1,3}})号(?![\d线楼店门柜院栋幢室单弄房座桌])"
    ),
    "near": re.compile(r"\b(day after tomorrow|tomorrow|today)\b|(大后天|后天|明天|明日|今天|今日)", re.I),
    "in_days": re.compile(
        rf"\bin (\d{{1,3}}|an?|{ENGLISH_NUMBER}) (day|week)s?\b"
        r"|(\d{1,3}|[一二两三四五六七八九十])(天|周|个?星期)(?:之?后|以后)",
        re.I,
    ),
    "weekday": re.compile(
        r"\b(?:(next|this|on|coming) )?(mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b"
        r"|(下下|下|这|本)?个?(?:周|星期|礼拜)([一二三四五六日天1-7])(?!\d)",
        re.I,
    ),
}


def dates_in(text: str, today: date, *, asked: bool = False) -> list[tuple[date, Span]]:
    """All dates of a text with their spans, in order; of two that overlap the longer one.

    asked: a day was asked for, so that "the 4th", 4.12. and "sat" mean one. What can be read in two ways, 5/12, stands twice
    with the same span, the day first at first.
    """
    found = [(day, match.span()) for name, pattern in _PATTERNS.items() for match in pattern.finditer(text)
             for day in _read(name, match, today, asked=asked)]  # fmt: skip
    kept: list[tuple[date, Span]] = []
    for day, span in sorted(found, key=lambda one: one[1][0] - one[1][1]):
        if is_free(span, (other for _, other in kept if other != span)):
            kept.append((day, span))
    return sorted(kept, key=lambda one: one[1])


def _read(name: str, match: re.Match[str], today: date, *, asked: bool) -> Iterator[date]:
    try:
        match name:
            case "iso":
                yield date(int(match[1]), int(match[2]), int(match[3]))
            case "month_day":
                yield _coming(match[4], _MONTHS.index(match[1][:3].lower()) + 1, _day(match[2], match[3]), today)
            case "day_month":
                yield _coming(match[4], _MONTHS.index(match[3][:3].lower()) + 1, _day(match[1], match[2]), today)
            case "day" if asked or match["on"]:
                yield _coming_day(_day(match[2], match[3]), today)
            case "numbers" if asked or _surely(match):
                yield from _of_numbers(match, today)
            case "day" | "numbers":
                return
            case "han_month_day":
                yield _coming(None, _number(match[1]), _number(match[2] or match[3]), today)
            case "han_day":
                yield _coming_day(_number(match[1]), today)
            case "near":
                yield today + timedelta(days=_near(match[0].lower()))
            case "in_days":
                count, unit = match[1] or match[3], match[2] or match[4]
                yield today + timedelta(days=_number(count) * (7 if unit[:1] in {"w", "周"} or "星期" in unit else 1))
            case _:
                yield from _weekday(match, today, asked=asked)
    except (ValueError, OverflowError):
        return


def _day(number: str | None, ordinal: str | None) -> int:
    return int(number) if number else _ORDINALS[(ordinal or "").lower()]


def _surely(match: re.Match[str]) -> bool:
    """Whether numbers are a date though none was asked for: 28/11, 05.12.2026; not 24/7, a version, a mark of 1/2."""
    slashed = match["mark"] == "/" and match[0] != "24/7" and max(int(match["a"]), int(match["b"])) > len(_MONTHS)
    return slashed or (bool(match["year"]) and len(match["a"]) == len(match["b"]) == len("05"))


def _of_numbers(match: re.Match[str], today: date) -> Iterator[date]:
    """The day first, as most of the world writes, and the month first; in Chinese that alone, after a dot never."""
    year = match["year"] and (match["year"] if len(match["year"]) > 2 else f"20{match['year']}")
    a, b = int(match["a"]), int(match["b"])
    chinese = bool(HAN.search(match.string))
    pairs = [] if chinese else [(a, b)]
    if chinese or (match["mark"] != "." and a != b):
        pairs.append((b, a))
    for day, month in pairs:
        with suppress(ValueError):
            yield _coming(year, month, day, today)


def _coming(year: str | None, month: int, day: int, today: date) -> date:
    """A day without its year is the next one of that name."""
    if year:
        return date(int(year), month, day)
    found = date(today.year, month, day)
    return found if found >= today else date(today.year + 1, month, day)


def _near(word: str) -> int:
    return {"today": 0, "今天": 0, "今日": 0, "tomorrow": 1, "明天": 1, "明日": 1, "大后天": 3}.get(word, 2)


def _coming_day(day: int, today: date) -> date:
    """The next day of that number: 6号 is this month's unless it is over. Raises ValueError where no month has it."""
    for ahead in range(3):  # no two months in a row lack a day
        months = today.month - 1 + ahead
        with suppress(ValueError):
            found = date(today.year + months // 12, months % 12 + 1, day)
            if found >= today:
                return found
    raise ValueError(f"no month has {day} days")


def _number(word: str) -> int:
    if word.isdecimal():
        return int(word)
    return {"a": 1, "an": 1}.get(word.lower()) or english_number(word) or chinese_number(word)


def _weekday(match: re.Match[str], today: date, *, asked: bool) -> Iterator[date]:
    """ "Friday" is the next one, today not meant; "next Friday" and 下周五 are those of the week that follows."""
    if match[4]:
        monday = today - timedelta(days=today.weekday())
        weeks = {"下下": 2, "下": 1}.get(match[3] or "", 0)
        day = monday + timedelta(days=_HAN_DAYS[match[4]] + 7 * weeks)
        yield day if match[3] or day > today else day + timedelta(days=7)
    elif (asked and match.string.strip(" .!") == match[0]) or not _is_word(match):
        wanted = _DAYS[match[2][:3].lower()]
        ahead = (wanted - today.weekday()) % 7 or 7
        if (match[1] or "").lower() == "next":
            ahead = 7 - today.weekday() + wanted
        yield today + timedelta(days=ahead)


def _is_word(match: re.Match[str]) -> bool:
    """Whether the short name of a day may be another word: "I sat in the sun"."""
    return match[0].lower() in {"sat", "sun", "wed", "mon"}
