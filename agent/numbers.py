"""The numbers that a text states, in one form, so that two texts can be compared: 1,000 = 1000, 两年 = 2 years = two years."""

import re
import unicodedata

_LIST_NUMBER = re.compile(r"(?m)^\s*\(?\d{1,2}[.)、）](?=[^\S\n]+\S)")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_DIGITS = re.compile(r"\d+(?:[.:]\d+)*")

_ONES = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_ENGLISH = {word: n for n, word in enumerate(_ONES.split(), start=1)} | {
    word: n * 10 for n, word in enumerate(_TENS.split(), start=2)
}
_WORD = "|".join(sorted(_ENGLISH, key=len, reverse=True))
# Only before what is counted: "one of them" states no number.
_ENGLISH_NUMBER = re.compile(
    rf"\b({_WORD})(?:[- ]({_WORD}))?(?:[- ](?:business|working|calendar|full|more))?"
    r"[- ](?:day|week|month|year|hour|minute|dollar|euro|pound|cent|percent|time|item|piece)s?\b",
    re.IGNORECASE,
)

_CHINESE = {character: n for n, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_POWERS = {"十": 10, "百": 100, "千": 1000, "万": 10_000}
_CHARACTERS = "".join((*_CHINESE, *_POWERS))
_CHINESE_NUMBER = re.compile(
    rf"百分之([{_CHARACTERS}]+)|([{_CHARACTERS}]+)"
    r"(?=个?(?:工作日|星期|小时|分钟|天|日|周|月|年|元|块(?!儿)|次(?!性)|折|倍|件|台|张|%))"
)


def numbers_in(text: str) -> frozenset[str]:
    """All numbers stated, as digits; those that only number the items of a list are none."""
    plain = _THOUSANDS.sub("", _LIST_NUMBER.sub("", unicodedata.normalize("NFKC", text)))
    found = {_canonical(number) for number in _DIGITS.findall(plain)}
    found.update(str(_english(*pair)) for pair in _ENGLISH_NUMBER.findall(plain))
    found.update(str(_chinese(percent or counted)) for percent, counted in _CHINESE_NUMBER.findall(plain))
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
    return _ENGLISH[first.lower()] + (_ENGLISH[second.lower()] if second else 0)


def _chinese(number: str) -> int:
    """三十五 → 35, 一万二千 → 12000, 二〇二四 → 2024."""
    if not set(number) & set(_POWERS):
        return int("".join(str(_CHINESE[character]) for character in number))
    total = section = digit = 0
    for character in number:
        if character == "万":
            total, section, digit = (total + section + digit) * 10_000 or 10_000, 0, 0
        elif character in _POWERS:
            section, digit = section + (digit or 1) * _POWERS[character], 0
        else:
            digit = _CHINESE[character]
    return total + section + digit
