"""Counts as customers give them: "4", "the two of us", 三个; times, dates, telephones and amounts of something else are none."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from agent.flows.dates import dates_in
from agent.flows.phones import phones_in
from agent.flows.spans import Span, is_free
from knowledge.text.folding import folded
from knowledge.text.number_words import CHINESE_CHARACTERS, ENGLISH_NUMBER, chinese_number, english_number

_HAN = rf"[{CHINESE_CHARACTERS}]{{1,9}}"  # bounded, so that no run of them takes long
_DIGITS = r"\d[\d,]*(?:\.\d+)?(?:\s?[千万])?"
_COUNT = rf"(?:(?<![A-Za-z0-9_.@-]){_DIGITS}|\b{ENGLISH_NUMBER}\b|{_HAN})"
_SECOND = rf"(?:{_DIGITS}|{ENGLISH_NUMBER}\b|{_HAN})"
_RANGE = re.compile(
    rf"({_COUNT})\s?(?:to|or|till|-|–|—|~|～|到|至|或者?|、)\s?({_SECOND})(?!\d)"
    rf"|\bbetween ({_COUNT}) and ({_COUNT})|([二两三四五六七八])([三四五六七八九])(?=[个位人名间张口件])",
    re.IGNORECASE,
)
_JOINED = re.compile(rf"(?:\band|\bplus|&|\+|和|加|、)\s?({_COUNT})(?![\d:])", re.IGNORECASE)
_TIME = (
    r"\d{1,2}\s?[:：]\s?\d{2}(?:\s?[ap]\.?m\b)?|\d{1,2}(?:\.\d{2})?\s?(?:[ap]\.?m\b|o['’]?clock)"
    rf"|\b(?:half|quarter)(?: past| to)? (?:\d{{1,2}}|{ENGLISH_NUMBER})\b|\bat (?:\d{{1,2}}(?:[:.]\d{{2}})?|{ENGLISH_NUMBER})(?!\d| ?[a-z])"
    rf"|(?:\d{{1,2}}|{_HAN})[点时](?:半|钟|\d{{1,2}}分?)?"
)
_ORDINAL = rf"\d+(?:st|nd|rd|th)\b|第(?:\d+|{_HAN})|(?:\d+|{_HAN})[号日]"
_MONEY = rf"[$€£¥]\s?{_DIGITS}|(?:{_DIGITS}|\b{ENGLISH_NUMBER}|{_HAN})\s?(?:dollars?|bucks|usd|euros?|eur|pounds?|gbp|美元|美金|元|块)"
_MEASURE = (
    rf"(?:{_DIGITS}|\b{ENGLISH_NUMBER}|{_HAN})[\s-]?(?:(?:days?|weeks?|months?|years?|hours?|hrs?|h|min(?:ute)?s?|sec(?:ond)?s?|km|kg|cm"
    r"|miles?|percent)\b|%|天|周|个?星期|个?月|年|个?小时|分钟|秒|公里|公斤|岁)"
)
_TIMES = re.compile(rf"{_TIME}|{_ORDINAL}", re.IGNORECASE)
_AMOUNTS = re.compile(_MONEY, re.IGNORECASE)
_MEASURES = re.compile(_MEASURE, re.IGNORECASE)
_BARE = re.compile(
    rf"(?<![A-Za-z0-9_.@-])(?P<digits>{_DIGITS})(?![\d@]|[.-]\d)|(?<!no )(?<!the )(?<!this )(?<!that )\b(?P<word>{ENGLISH_NUMBER})\b",
    re.IGNORECASE,
)
_ONE = re.compile(
    r"\W*(?:(?:just|only|for|it'?s|it will be|make it|there'?s)\b\W*)*one\b\W*(?:please|thanks|only)?\W*", re.I
)
_IN_WORDS = re.compile(
    rf"\W*(?:就|要|是|那|大概|大约|一共|总共|有|我们|我|来|订)*({_HAN}|[俩仨])(?:[个位名口间张件]|人)*(?:吧|左右|的样子|就行|就好)?\W*"
)
_SIZES = {"千": 1_000, "万": 10_000}
_PAIRS = {"俩": 2, "仨": 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """A number and where it stands; others: what it may be as well, as in "4 or 5"."""

    size: float
    span: Span
    others: tuple[float, ...] = ()


def counts_in(text: str, units: Sequence[str], today: date, *, asked: bool, of_money: bool = False) -> list[Count]:
    """The counts of a text: those with a unit, else, where a count was asked for, the first bare one or range.

    units: words of what is counted; without any, 3 months are three. of_money: whether a sum is asked for.
    """
    unit = "|".join(re.escape(folded(word)) for word in sorted(units, key=len, reverse=True))
    places = [(m.span(), m[1]) for m in re.finditer(rf"({_COUNT})[ -]?(?:{unit})", text, re.IGNORECASE)] if unit else []
    ranges = list(_RANGE.finditer(text)) if asked or places else []
    counted = [
        Count(size=size(written), span=span)
        for span, written in places
        if is_free(span, (match.span() for match in ranges))
    ]
    if not asked and not (places and ranges):
        return counted
    taken = _no_counts(text, units, today, of_money=of_money)
    if counted:
        return _added_up(text, counted, taken)
    for match in ranges:
        low, high = (size(written) for written in match.groups() if written)
        if is_free(match.span(), taken) and low < high:
            return [Count(size=low, span=match.span(), others=(high,))]
    return _bare(text, taken) if asked else []


def _added_up(text: str, counted: list[Count], taken: list[Span]) -> list[Count]:
    """Where another count joins one, "3 adults and 2 kids", the customer may mean both together."""
    first = counted[0]
    joined = _JOINED.search(text, first.span[0])
    if joined is None or not is_free(joined.span(1), taken):
        return counted
    return [Count(size=first.size, span=(first.span[0], joined.end()), others=(first.size + size(joined[1]),))]


def size(written: str) -> float:
    """Of 1,200, 1.2万, 一千二百, 俩 or twenty-one."""
    if written in _PAIRS:
        return float(_PAIRS[written])
    if written[0] in CHINESE_CHARACTERS:
        return float(chinese_number(written))
    if written[0].isalpha():
        return float(english_number(written))
    return float(written.rstrip(" 千万").replace(",", "")) * _SIZES.get(written[-1], 1)


def _no_counts(text: str, units: Sequence[str], today: date, *, of_money: bool) -> list[Span]:
    """Where numbers stand that count something else, or nothing."""
    patterns = [_TIMES, *([] if of_money else [_AMOUNTS]), *([_MEASURES] if units or of_money else [])]
    return [
        *(span for _, span in dates_in(text, today)),
        *(span for _, span in ([] if of_money else phones_in(text, "", asked=True))),
        *(match.span() for pattern in patterns for match in pattern.finditer(text)),
    ]


def _bare(text: str, taken: Iterable[Span]) -> list[Count]:
    if said := _IN_WORDS.fullmatch(text):
        return [Count(size=size(said[1]), span=said.span(1))]
    for match in _BARE.finditer(text):
        alone = (match["word"] or "").lower() != "one" or _ONE.fullmatch(text)
        if alone and is_free(match.span(), taken):
            return [Count(size=size(match[0]), span=match.span())]
    paired = re.search(r"the (two|three|four|five|six) of us|[们](俩|仨)", text, re.IGNORECASE)
    return [Count(size=size(paired[1] or paired[2]), span=paired.span())] if paired else []
