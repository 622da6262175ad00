"""The numbers that a text states, in one form, so that two texts can be compared: 1,000 = 1000, 两年 = 2 years = two years."""

import re
import unicodedata

from knowledge.number_words import CHINESE_CHARACTERS, ENGLISH, chinese_number

_LIST_NUMBER = re.compile(r"(?m)^\s*\(?\d{1,2}[.)、）](?=[^\S\n]+\S)")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_DIGITS = re.compile(r"\d+(?:[.:]\d+)*")

_WORD = "|".join(sorted(ENGLISH, key=len, reverse=True))
# Only before what is counted: "one of them" states no number.
_ENGLISH_NUMBER = re.compile(
    rf"\b({_WORD})(?:[- ]({_WORD}))?(?:[- ](?:business|working|calendar|full|more))?"
    r"[- ](?:day|week|month|year|hour|minute|dollar|euro|pound|cent|percent|time|item|piece)s?\b",
    re.IGNORECASE,
)

_CHINESE_NUMBER = re.compile(
    rf"百分之([{CHINESE_CHARACTERS}]+)|([{CHINESE_CHARACTERS}]+)"
    r"(?=个?(?:工作日|星期|小时|分钟|天|日|周|月|年|元|块(?!儿)|次(?!性)|折|倍|件|台|张|%))"
)


def numbers_in(text: str) -> frozenset[str]:
    """All numbers stated, as digits; those that only number the items of a list are none."""
    plain = _THOUSANDS.sub("", _LIST_NUMBER.sub("", unicodedata.normalize("NFKC", text)))
    found = {_canonical(number) for number in _DIGITS.findall(plain)}
    found.update(str(_english(*pair)) for pair in _ENGLISH_NUMBER.findall(plain))
    found.update(str(chinese_number(percent or counted)) for percent, counted in _CHINESE_NUMBER.findall(plain))
    return frozenset(found)


def _canonical(number: str) -> str:
    """09:00 → 9, 4.50 → 4.5, 007 → 7; what has more than two parts stays. No integers: they may be of any length."""
    parts = re.split("[.:]", number)
    if len(parts) > 2:
        return number
    whole = parts[0].lstrip("0") or "0"
    if len(parts) == 1:
        return whole
    fraction = parts[1] if ":" in number and parts[1].strip("0") else parts[1].rstrip("0")
    return f"{whole}{number[len(parts[0])]}{fraction}" if fraction else whole


def _english(first: str, second: str) -> int:
    return ENGLISH[first.lower()] + (ENGLISH[second.lower()] if second else 0)
