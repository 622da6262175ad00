"""Numbers written as words: one to nineteen and the tens in English, and what Chinese characters write."""

import re

_ONES = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"

ENGLISH = {word: n for n, word in enumerate(_ONES.split(), start=1)} | {
    word: n * 10 for n, word in enumerate(_TENS.split(), start=2)
}
"""Word → number."""

ENGLISH_NUMBER = (
    rf"(?:(?:{'|'.join(_TENS.split())})(?:[ -](?:{'|'.join(_ONES.split()[:9])}))?|{'|'.join(reversed(_ONES.split()))}"
    r"|(?:a )?dozen|a couple)"
)
"""A regular expression of what `english_number` reads; it wants word boundaries around it."""
_NAMED = {"dozen": 12, "couple": 2}


def english_number(words: str) -> int:
    """Twenty-one → 21, "a dozen" → 12."""
    said = re.split(r"[ -]", words.lower())
    return sum(ENGLISH.get(word, _NAMED.get(word, 0)) for word in said)


_DIGITS = {character: n for n, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_POWERS = {"十": 10, "百": 100, "千": 1000, "万": 10_000}

_TENTHS = {"百": "十", "千": "百", "万": "千"}

CHINESE_CHARACTERS = "".join((*_DIGITS, *_POWERS))
"""All characters that `chinese_number` reads."""


def chinese_number(characters: str) -> int:
    """三十五 → 35, 一万二千 → 12000, 二〇二四 → 2024; as spoken, too: 三千六 → 3600, 两万五 → 25000 (1002 is 一千零二)."""
    if not set(characters) & set(_POWERS):
        return int("".join(str(_DIGITS[character]) for character in characters))
    if _DIGITS.get(characters[-1]) and (tenth := _TENTHS.get(characters[-2])):
        characters += tenth
    total = section = digit = 0
    for character in characters:
        if character == "万":
            total, section, digit = (total + section + digit) * 10_000 or 10_000, 0, 0
        elif character in _POWERS:
            section, digit = section + (digit or 1) * _POWERS[character], 0
        else:
            digit = _DIGITS[character]
    return total + section + digit
