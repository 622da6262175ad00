"""The numbers that a text states, with what they count, in one form: 1,000 = 1000, 两年 = 2 years = two years."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from agent.checking.amounts import CLOCK, in_figures
from knowledge.text.number_words import CHINESE_CHARACTERS, ENGLISH, chinese_number

_LIST_NUMBER = re.compile(r"(?m)^\s*\(?\d{1,2}[.)、）](?=[^\S\n]+\S)")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_DIGITS = re.compile(r"(?:(?<![a-z\d.])|(?<=usd)|(?<=rmb)|(?<=eur)|(?<=gbp)|(?<=cny))\d+(?:[.:]\d+)*")  # "P5" is a name
_SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_AFTER_DIGITS = _SCALES | {"万": 10_000, "亿": 100_000_000, "k": 1_000}

_WORD = "|".join(sorted(ENGLISH, key=len, reverse=True))
_NUMERAL = rf"(?:{_WORD}|{'|'.join(_SCALES)}|dozen)"
_ENGLISH_NUMBER = re.compile(
    rf"\b(?:an? (?={'|'.join(_SCALES)}|dozen))?({_NUMERAL}(?:(?:[- ]|[- ]and[- ]){_NUMERAL})*)\b"
)
_ENGLISH_COUNTED = re.compile(
    r"[- ](?:(?:business|working|calendar|full|more|different|separate)[- ])?(?:day|week|month|year|hour|minute|second|night|"
    r"dollar|euro|pound|cent|percent|time|item|piece|star|point|people|person|order|product|copy|copie|season|mile|"
    r"kilometer|kilometre|meter|metre|gigabyte|megabyte|installment|instalment|payment|step)s?\b"
)
_CHINESE_NUMBER = re.compile(
    rf"百分之([{CHINESE_CHARACTERS}]+)|(?<![\d.])([{CHINESE_CHARACTERS}]+)"
    r"(?=个?(?:工作日|星期|小时|分钟|天|日|周|月|年|元|美元|欧元|英镑|块(?!儿)|次(?!性)|折|倍|件|台|张|%|成(?!为|功|本|员|就|立)|岁|公里|千克|公斤|号|楼|层|页|期|季))"
)
_DIGITS_SCALED = re.compile(r"(?<![\d.])(\d+(?:\.\d+)?)\s?(万|亿|thousand\b|million\b|billion\b|k\b)")
_A_NUMBER = re.compile(r"\d{1,15}(?:\.\d{1,9})?")
_HALF_DAYS = {"am", "pm"}
_CHINESE_BARE = re.compile(rf"(?<![\d.])([{CHINESE_CHARACTERS}]+)(?=个)")
_LEAST_BARE = 4  # "the two ways" counts what is told, and states no number


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A number with its unit, "" where none is known, and where both stand."""

    value: float
    unit: str
    start: int
    end: int


def numbers_in(text: str) -> frozenset[str]:
    """All numbers stated, as digits; those that only number the items of a list are none."""
    return frozenset(measures_in(text))


def measures_in(text: str, *, all_words: bool = False) -> Mapping[str, frozenset[str]]:
    """Each number stated, as digits, with the units that it has there: "day", "usd", "am" …, "" where none is known.

    all_words: with "three stations", too, which a sentence may mean less strictly than evidence.
    """
    plain = _plain(text)
    found: dict[str, set[str]] = {}
    for number, start, end in _numbers(plain, all_words=all_words):
        found.setdefault(number, set()).add(_unit(plain, start, end)[0])
    return {number: frozenset(units) for number, units in found.items()}


def measured(text: str) -> tuple[str, Sequence[Measure]]:
    """The text in small letters and figures, and its measures in order; no times of day."""
    plain = _plain(text)
    found = []
    for number, start, end in sorted(_numbers(plain), key=lambda one: one[1]):
        if _A_NUMBER.fullmatch(number):
            unit, first, last = _unit(plain, start, end)
            found.append(Measure(value=float(number), unit=unit, start=first, end=last))
    return plain, found


def without_measures(text: str) -> str:
    """The text without its numbers and what they count."""
    plain = _plain(text)
    before, after = _unit_patterns()
    kept = [True] * len(plain)
    for _, start, end in _numbers(plain):
        unit = after.match(plain, end)
        sign = before.search(plain[max(0, start - 6) : start])
        first, last = start - (len(sign[0]) if sign else 0), unit.end() if unit else end
        kept[first:last] = [False] * (last - first)
    return "".join(letter if keep else " " for letter, keep in zip(plain, kept, strict=True))


def is_unit(word: str) -> bool:
    """Whether a word names what a number counts ("usd", "days", "天")."""
    return word.lower() in _units()


def _plain(text: str) -> str:
    return _THOUSANDS.sub("", _LIST_NUMBER.sub("", in_figures(text))).lower()


def _numbers(plain: str, *, all_words: bool = False) -> Iterator[tuple[str, int, int]]:
    """Numbers with where they stand."""
    scaled: set[int] = set()
    for match in _DIGITS_SCALED.finditer(plain):
        scaled.add(match.start())
        yield _canonical(f"{float(match[1]) * _AFTER_DIGITS[match[2]]:f}"), match.start(), match.end()
    for match in _DIGITS.finditer(plain):
        if match.start() not in scaled:
            yield _canonical(match.group()), match.start(), match.end()
    for match in _ENGLISH_NUMBER.finditer(plain):
        value = _english(match[1])
        if all_words or value >= _LEAST_BARE or _ENGLISH_COUNTED.match(plain, match.end()):
            yield str(value), match.start(), match.end()
    for match in _CHINESE_NUMBER.finditer(plain):
        yield str(chinese_number(match[1] or match[2])), match.start(), match.end()
    for match in _CHINESE_BARE.finditer(plain) if all_words else ():
        yield str(chinese_number(match[1])), match.start(), match.end()


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


def _english(numeral: str) -> int:
    """two hundred and five → 205, a dozen → 12."""
    total = section = 0
    for word in re.split(r"[- ]", numeral):
        if word in ENGLISH:
            section += ENGLISH[word]
        elif word == "dozen":
            section = (section or 1) * 12
        elif word == "hundred":
            section = (section or 1) * 100
        elif word in _SCALES:
            total, section = total + (section or 1) * _SCALES[word], 0
    return total + section


def _unit(plain: str, start: int, end: int) -> tuple[str, int, int]:
    """What a number counts, by the words beside it, and where it begins and ends with them."""
    before, after = _unit_patterns()
    behind, ahead = after.match(plain, end), before.search(plain[max(0, start - 6) : start])
    unit = _units()[behind[1]] if behind else CLOCK if ":" in plain[start:end] else ""
    if ahead and (not unit or (unit == CLOCK and _units()[ahead[1]] in _HALF_DAYS)):
        unit = _units()[ahead[1]]
    return unit, start - (len(ahead[0]) if ahead else 0), behind.end() if behind else end


@cache
def _units() -> Mapping[str, str]:
    """Word → unit."""
    told: dict[str, list[str]] = yaml.safe_load((files("agent.checking") / "units.yaml").read_text("utf-8"))["units"]
    return {word: unit for unit, words in told.items() for word in words}


@cache
def _unit_patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Units before a number ($30, 上午9点), and after it (30 days, 30天)."""
    words = sorted(_units(), key=len, reverse=True)
    said = "|".join(rf"{re.escape(word)}(?![a-z])" if word[-1].isascii() else re.escape(word) for word in words)
    signs = "|".join(
        re.escape(word) for word in words if not word[0].isascii() or not word[0].isalpha() or len(word) == 3
    )
    return re.compile(rf"({signs})\s?$"), re.compile(
        rf"[\s-]*(?:个)?(?:(?:business|working|calendar|full|more)[\s-])?({said})"
    )
