"""Reads a Chinese span of time as the articles say it: 半年 where they have 180 天, 三个月 where they have 90天.

Of several ways to say one, that is taken which stands in a passage with most of what else is asked. English is left as it is.
"""

import re
from collections.abc import Callable, Collection, Iterator

from knowledge.text.han import HAN
from knowledge.text.number_words import chinese_number
from knowledge.text.words import words

Holds = Callable[[Collection[str]], bool]
"""Whether some passage of an article holds all of these index terms."""

_PERIOD = re.compile(
    r"(?P<half>半)个?(?P<halved>月|年)"
    r"|(?<![第几数多好周期\d.:：])(?P<number>\d{1,3}|[一二两三四五六七八九十]{1,3})\s?"
    r"(?P<unit>个月|年|个?(?:星期|礼拜|小时|钟头)|周|天)(?P<more>半)?(?![薪票卡租费底初几多末岁大级气]|的?[宝孩婴])"
)
_PAST = re.compile(r"(?:[过满隔]了?|超过|提前|不到|有效)$")
_PASSED = re.compile(r"以?[内后前]|之[内后前]|了|还|没|就")
_UNITS = {"月": "月", "年": "年", "星": "周", "礼": "周", "周": "周", "小": "小时", "钟": "小时", "天": "天"}
_SAID = {"小时": ("小时",), "天": ("天", "日"), "周": ("周", "个星期"), "月": ("个月",), "年": ("年",)}
_DAYS = {"年": 365, "月": 30, "周": 7, "天": 1}
_TO_TEN = "零一两三四五六七八九十"
_LONG = 3  # days that may be told in hours
_MOST = 6  # words beside it that are looked up
_AT_MOST = 3  # spans of time in a question

Period = tuple[int, str]
"""How many of a unit."""


def in_their_periods(question: str, holds: Holds) -> str:
    """The question with each span of time as some article says it, where none says it so."""
    return _PERIOD.sub(lambda found: _theirs(found, holds), question, _AT_MOST) if HAN.search(question) else question


def _theirs(found: re.Match[str], holds: Holds) -> str:
    before, after = found.string[: found.start()], found.string[found.end() :]
    period = _period(found)
    if period[0] == 1 and not _PAST.search(before) and not _PASSED.match(after):  # 一天多少钱: for each
        return found.group()
    ways = [found.group(), *(way for same in _same(*period) for way in _ways(*same))]
    held = [way for way in dict.fromkeys(ways) if holds(words(way))]
    if not held:
        return found.group()
    rest = [word for word in words(f"{before} {after}") if len(word) > 1][:_MOST] if held[1:] else []
    return max(held, key=lambda way: sum(holds([*words(way), word]) for word in rest))


def _period(found: re.Match[str]) -> Period:
    if found["half"]:
        return (15, "天") if found["halved"] == "月" else (6, "月")
    said, unit = found["number"], _UNITS[found["unit"].removeprefix("个")[0]]
    number = int(said) if said.isdigit() else chinese_number(said)
    if found["more"] and unit in {"年", "月"}:
        return (12 * number + 6, "月") if unit == "年" else (30 * number + 15, "天")
    return number, unit


def _same(number: int, unit: str) -> Iterator[Period]:
    """A period in each unit in which it is whole."""
    yield number, unit
    if unit == "年":
        yield 12 * number, "月"
    elif unit == "月" and number % 12 == 0:
        yield number // 12, "年"
    if unit == "小时" and number % 24:
        return
    days = number // 24 if unit == "小时" else number * _DAYS[unit]
    yield from ((days // long, other) for other, long in _DAYS.items() if other != unit and days % long == 0)
    if days <= _LONG and unit != "小时":
        yield 24 * days, "小时"


def _ways(number: int, unit: str) -> Iterator[str]:
    for name in _SAID[unit]:
        yield f"{number}{name}"
        if number < len(_TO_TEN):
            yield f"{_TO_TEN[number]}{name}"
