"""Reads a span of time as the articles say it: 半年 where they have 180 天, "three months" where they have 90 days.

Of several ways to say one, that is taken which stands in a passage with most of what else is asked.
"""

import re
from collections.abc import Callable, Collection, Iterator

from knowledge.text.han import HAN
from knowledge.text.number_words import ENGLISH, chinese_number
from knowledge.text.words import words

Holds = Callable[[Collection[str]], bool]
"""Whether some passage of an article holds all of these index terms."""

_CHINESE = re.compile(
    r"(?P<half>半)个?(?P<halved>月|年)"
    r"|(?<![第几数多好周期\d.:：])(?P<number>\d{1,3}|[一二两三四五六七八九十]{1,3})\s?"
    r"(?P<unit>个月|年|个?(?:星期|礼拜|小时|钟头)|周|天)(?P<more>半)?(?![薪票卡租费底初几多末岁大级气]|的?[宝孩婴])"
)
_WESTERN = re.compile(
    rf"\b(?P<half>half an? )(?P<halved>month|year)\b|\b(?P<number>\d{{1,3}}|{'|'.join(sorted(ENGLISH, key=len, reverse=True))}|a)[ -]"
    r"(?P<unit>hour|day|week|fortnight|month|year)s?\b(?P<more>(?!))?(?![ -]old\b)",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"(?:[过满隔]了?|超过|提前|不到|有效|\b(?:within|after|in|over|up to|past|under|last)\s+)$", re.IGNORECASE
)
_PASSED = re.compile(r"以?[内后前]|之[内后前]|了|还|没|就|\s+(?:ago|later|after|before|in advance)\b", re.IGNORECASE)
_UNITS = {
    "月": "month",
    "年": "year",
    "星": "week",
    "礼": "week",
    "周": "week",
    "小": "hour",
    "钟": "hour",
    "天": "day",
}
_SAID = {"hour": ("小时",), "day": ("天", "日"), "week": ("周", "个星期"), "month": ("个月",), "year": ("年",)}
_TO_TEN = "零一二三四五六七八九十"
_MOST = 6  # words beside it that are looked up

Period = tuple[int, str]
"""How many of a unit."""


def in_their_periods(question: str, holds: Holds) -> str:
    """The question with each span of time as some article says it, where none says it so."""
    chinese = bool(HAN.search(question))

    def theirs(found: re.Match[str]) -> str:
        number, unit = _period(found)
        about = found.string
        alone = number == 1 and not _PAST.search(about[: found.start()]) and not _PASSED.match(about, found.end())
        if alone and not found["half"]:  # "how much a month"
            return found.group()
        ways = [found.group(), *(way for same in _same(number, unit) for way in _ways(same, chinese=chinese))]
        held = [way for way in dict.fromkeys(ways) if holds(words(way))]
        if len(held) < 2:
            return held[0] if held else found.group()
        rest = [word for word in words(f"{about[: found.start()]} {about[found.end() :]}") if len(word) > 1][:_MOST]
        return max(held, key=lambda way: sum(holds([*words(way), word]) for word in rest))

    return (_CHINESE if chinese else _WESTERN).sub(theirs, question)


def _period(found: re.Match[str]) -> Period:
    if found["half"]:
        return (15, "day") if found["halved"] in {"月", "month"} else (6, "month")
    said, unit = found["number"].lower(), found["unit"].lower()
    number = int(said) if said.isdigit() else ENGLISH.get(said, 1) if said.isascii() else chinese_number(said)
    unit = unit if unit.isascii() else _UNITS[unit.removeprefix("个")[0]]
    if unit == "fortnight":
        return 2 * number, "week"
    if found["more"]:
        return {"year": (12 * number + 6, "month"), "month": (30 * number + 15, "day")}.get(unit, (number, unit))
    return number, unit


def _same(number: int, unit: str) -> Iterator[Period]:
    """A period in each unit in which it is whole."""
    yield number, unit
    days = {"hour": number / 24, "day": number, "week": 7 * number, "month": 30 * number, "year": 365 * number}[unit]
    months = {"month": number, "year": 12 * number}.get(unit, days / 30)
    for other, many in (
        ("year", months / 12),
        ("month", months),
        ("week", days / 7),
        ("day", days),
        ("hour", 24 * days),
    ):
        if other != unit and many == int(many) and (other != "hour" or days <= 3):
            yield int(many), other


def _ways(period: Period, *, chinese: bool) -> Iterator[str]:
    number, unit = period
    if not chinese:
        yield f"{number} {unit}{'s' if number > 1 else ''}"
        return
    for name in _SAID[unit]:
        yield f"{number}{name}"
        if number < len(_TO_TEN):
            yield f"{'两' if number == 2 else _TO_TEN[number]}{name}"
