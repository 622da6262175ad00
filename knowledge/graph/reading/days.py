"""The days of which a question or a statement speaks: on weekdays, on Sundays, on holidays, on a date."""

import re
from collections.abc import Mapping
from itertools import pairwise

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_ZH_WEEK = "一二三四五六日"
_DATE, _HOLIDAY = "date", "holiday"
_MONTHS = r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
_HOLIDAYS = re.compile(
    r"\b(?:(?:bank|public|national|federal) )?holidays?\b|\b(?:christmas|xmas|easter|new year'?s?|boxing|thanksgiving|independence|labou?r|memorial)\b"
    r"(?: (?:day|eve|sunday|monday))?|\bgood friday\b|节假日|法定假|假期|公休|春节|元旦|国庆|中秋|端午|清明|五一|十一(?!月|点)|劳动节|除夕|圣诞|大年|过年|黄金周",
    re.IGNORECASE,
)
_DATES = re.compile(
    rf"\b\d{{1,2}}(?:st|nd|rd|th)?(?: of)? (?:{_MONTHS})\b|\b(?:{_MONTHS}) \d{{1,2}}(?:st|nd|rd|th)?\b|\b\d{{1,2}}(?:st|nd|rd|th)\b"
    r"|\d{1,2}月\d{1,2}[日号]|(?<!\d)\d{1,2}[日号](?![店线楼])",
    re.IGNORECASE,
)
_ALL = re.compile(
    r"\b(?:daily|every day|all week|7 days|seven days|24/7)\b|每[天日]|全周|天天|周一至周日|周一到周日", re.IGNORECASE
)
_ALWAYS = re.compile(r"\b(?:365|year[- ]round|always)\b|全年|年中无休|365", re.IGNORECASE)
_GROUPS: Mapping[str, tuple[str, ...]] = {
    r"\b(?:week-?days?|working days?|business days?)\b|工作日|平日": WEEK[:5],
    r"\bweek-?ends?\b|周末|双休": WEEK[5:],
}
_NAMED = {
    r"\bmon(?:days?)?\b": "mon",
    r"\btue(?:s|sdays?)?\b": "tue",
    r"\bwed(?:s|nesdays?)?\b": "wed",
    r"\bthu(?:rs?|rsdays?)?\b": "thu",
    r"\bfri(?:days?)?\b": "fri",
    r"\bsat(?:urdays?)?\b": "sat",
    r"\bsun(?:days?)?\b": "sun",
}
_EN_DAY = re.compile("|".join(f"(?P<{day}>{words})" for words, day in _NAMED.items()), re.IGNORECASE)
_ZH_DAY = re.compile(r"(?:周|星期|礼拜)([一二三四五六日天])")
_SPAN = re.compile(r"\W*(?:-|–|—|~|to|through|until|till|至|到)\W*", re.IGNORECASE)


def days_in(text: str) -> frozenset[str]:
    """The days that a text speaks of, "holiday" and "date" among them; none where it speaks of no day."""
    if _ALWAYS.search(text):
        return frozenset({*WEEK, _HOLIDAY, _DATE})
    found = set[str]()
    for pattern, name in ((_HOLIDAYS, _HOLIDAY), (_DATES, _DATE)):
        if pattern.search(text):
            found.add(name)
            text = pattern.sub(" ", text)
    if _ALL.search(text):
        found.update(WEEK)
    for words, days in _GROUPS.items():
        if re.search(words, text, re.IGNORECASE):
            found.update(days)
    return frozenset(found) | _named(text)


def without_days(name: str) -> str:
    """A name without the days in it: "opening hours" of "opening hours (weekdays)"."""
    for words in (*_GROUPS, *_NAMED, _HOLIDAYS.pattern, _ZH_DAY.pattern):
        name = re.sub(words, " ", name, flags=re.IGNORECASE)
    return re.sub(
        r"\s+", " ", re.sub(r"[(（]\s*[)）]|\bon(?: the)?\s*$|\bat(?: the)?\s*$|\s[-–:]\s*$", " ", name)
    ).strip(" _-–:")


def _named(text: str) -> set[str]:
    """The days of the week that are named, and those between two that a span joins ("Mon–Fri", 周二至周日)."""
    places = [(match.span(), match.lastgroup or "") for match in _EN_DAY.finditer(text)]
    places += [(match.span(), WEEK[_ZH_WEEK.index(match[1].replace("天", "日"))]) for match in _ZH_DAY.finditer(text)]
    found = {day for _, day in places}
    ordered = sorted(places)
    for ((_, end), first), ((start, _), last) in pairwise(ordered):
        if _SPAN.fullmatch(text, end, start):
            at, to = WEEK.index(first), WEEK.index(last)
            found.update(WEEK[at : to + 1] if at <= to else (*WEEK[at:], *WEEK[: to + 1]))
    return found
