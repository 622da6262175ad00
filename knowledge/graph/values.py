"""The texts and numbers in the fields of records."""

import math
import re
from collections import Counter
from collections.abc import Iterable

from knowledge.graph.entities import Value
from knowledge.text.han import HAN

_NUMBER = re.compile(r"(?P<sign>[$¥￥€£]?)\s*(?P<digits>-?\d+(?P<thousands>(?:,\d{3})*)(?P<fraction>\.\d+)?)")
_LONGEST = 7
"""Digits from which on a bare run of them is an identifier (a phone number), not a quantity."""


def text_of(value: object) -> str:
    """A field as text, "" where it is empty; half characters that no file can hold are replaced."""
    return str(value).encode("utf-8", "replace").decode().strip() if value is not None else ""


def is_kind_of(thing: str, value: str) -> bool:
    """Whether a value is the thing, or a thing of that kind: an indoor pool is a pool, 室内泳池 is a 泳池."""
    thing, value = thing.lower(), value.lower()
    return value == thing or value.endswith(thing if HAN.match(thing) else f" {thing}")


def kinds_in(values: Iterable[str]) -> list[str]:
    """The words in which several values end: 泳池 of 室内泳池 and 室外泳池, "pool" of "indoor pool" and "outdoor pool"."""
    ends: Counter[str] = Counter()
    for value in values:
        if HAN.search(value):
            ends.update(value[at:] for at in range(1, len(value) - 1))
        else:
            words = value.split()
            ends.update(" ".join(words[at:]) for at in range(1, len(words)))
    return [end for end, n in ends.items() if n > 1]


def texts_of(value: object, separator: str) -> list[str]:
    """The texts in a field: of a list, or of a text with separators."""
    if isinstance(value, str):
        parts = value.split(separator) if separator else [value]
        return [text for part in parts if (text := text_of(part))]
    return [text for item in value if (text := text_of(item))] if isinstance(value, list) else []


def values_of(value: object, separator: str) -> list[Value]:
    """The values in a field: numbers, and texts that are none."""
    if isinstance(value, bool):
        return ["yes" if value else "no"]
    if isinstance(value, int | float):
        number = float(value) if abs(value) < 1e300 else math.inf
        return [number] if math.isfinite(number) else []
    numbers = ((number_of(text), text) for text in texts_of(value, separator))
    return [text if number is None else number for number, text in numbers]


def number_of(text: str) -> float | None:
    """The number that a text is, currency signs and thousands' commas aside; None for any other text."""
    match = _NUMBER.fullmatch(text.strip())
    # A leading zero is an identifier (a phone number), not a quantity.
    if not match or re.match(r"-?0\d", match["digits"]):
        return None
    bare = not (match["sign"] or match["thousands"] or match["fraction"])
    if bare and len(match["digits"]) > _LONGEST:
        return None
    return float(match["digits"].replace(",", "")) if len(match["digits"]) < 200 else None
