"""The same amount said otherwise: 2 pm is 14:00, three years are 36 months, 半小时 is 30 minutes. Only what is exactly so."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from functools import cache
from importlib.resources import files

import yaml

from knowledge.text.number_words import CHINESE_CHARACTERS, chinese_number

CLOCK = "clock"
"""Unit of a time of day that is not said to be before noon or after: 14:00, 9点."""
_LONGEST = 9  # digits
_TIME = r"\d{1,2}(?::\d\d)?"
_RANGE = re.compile(rf"\b({_TIME})(\s?(?:[-–—~]|to|and|until|till)\s?)({_TIME})(\s?[ap]\.?m\b)", re.IGNORECASE)
_RANGE_ZH = re.compile(rf"(上午|早上|下午|晚上)({_TIME}点?)([到至~–—-])({_TIME}点)")
_WRITTEN_HOUR = re.compile(rf"(?<=上午|下午|中午|早上|晚上|早晨|凌晨|傍晚)[{CHINESE_CHARACTERS}]{{1,3}}(?=点)")
_SAID: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"\b(an|one) hour and a half\b|\bone and a half hours\b", re.IGNORECASE), "90 minutes"),
    (re.compile(r"\bthree[- ]quarters of an hour\b", re.IGNORECASE), "45 minutes"),
    (re.compile(r"\b(a )?quarter of an hour\b|\ba quarter[- ]hour\b", re.IGNORECASE), "15 minutes"),
    (re.compile(r"\bhalf an hour\b|\ba half[- ]hour\b", re.IGNORECASE), "30 minutes"),
    (re.compile(r"\b(a|one) year and a half\b|\bone and a half years\b", re.IGNORECASE), "18 months"),
    (re.compile(r"\bhalf a year\b", re.IGNORECASE), "6 months"),
    (re.compile(r"\b(12 )?noon\b", re.IGNORECASE), "12:00"),
    (re.compile(r"(\d{1,2})点半"), r"\1:30点"),
    (re.compile(r"(\d{1,2})点(\d\d)分"), r"\1:\2点"),
    (re.compile(r"一个半(小时|钟头)"), "90分钟"),
    (re.compile(r"半个?(小时|钟头)"), "30分钟"),
    (re.compile(r"一年半"), "18个月"),
    (re.compile(r"半年"), "6个月"),
    (re.compile(r"[一1]刻钟"), "15分钟"),
    (re.compile(r"[三3]刻钟"), "45分钟"),
)


def in_figures(text: str) -> str:
    """The text with amounts that words say in figures: half an hour, 下午三点半, "2–7 pm" with its pm on either side."""
    plain = unicodedata.normalize("NFKC", text)
    plain = _WRITTEN_HOUR.sub(lambda match: str(chinese_number(match[0])), plain)
    for pattern, said in _SAID:
        plain = pattern.sub(said, plain)
    plain = _RANGE_ZH.sub(r"\1\2\3\1\4", plain)
    return _RANGE.sub(_both_halves, plain)


def same_amounts(number: str, unit: str) -> Iterator[tuple[str, str]]:
    """The other numbers and units that say the same."""
    if unit in {"am", "pm", CLOCK}:
        yield from _same_times(number, unit)
    elif unit and len(number) <= _LONGEST and ":" not in number and number.count(".") <= 1:
        amount = Fraction(number)
        for whole, (count, part) in _parts().items():
            if unit == whole:
                yield _written(amount * count), part
            elif unit == part and (amount / count * 4).denominator == 1:  # 36 months are 3 years, 18 are 1.5
                yield _written(amount / count), whole


def _same_times(number: str, unit: str) -> Iterator[tuple[str, str]]:
    hour, _, minutes = number.partition(":")
    if not hour.isdigit() or len(hour) > 2:
        return
    tail, at = f":{minutes}" if minutes else "", int(hour)
    if unit == "am" and at <= 12:
        yield f"{at % 12}{tail}", CLOCK
    elif unit == "pm" and at <= 12:
        yield f"{at % 12 + 12}{tail}", CLOCK
    elif unit == CLOCK and at < 24:
        yield f"{(at - 1) % 12 + 1}{tail}", "am" if at < 12 else "pm"


def _both_halves(match: re.Match[str]) -> str:
    """2–7 pm is 2 pm–7 pm; of 11–2 pm nobody knows."""
    first, last = (int(match[place].partition(":")[0]) for place in (1, 3))
    return f"{match[1]}{match[4]}{match[2]}{match[3]}{match[4]}" if first < last <= 12 else match[0]


def _written(amount: Fraction) -> str:
    return str(amount.numerator) if amount.denominator == 1 else f"{float(amount):g}"


@cache
def _parts() -> Mapping[str, tuple[int, str]]:
    """Unit → how many of which smaller one it is."""
    told = yaml.safe_load((files("agent.checking") / "units.yaml").read_text("utf-8"))["parts"]
    return {whole: (int(count), str(part)) for whole, (count, part) in told.items()}
