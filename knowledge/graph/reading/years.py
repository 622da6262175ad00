"""Conditions on years ("opened after 2018", 2018年以后)."""

import re
from collections.abc import Callable, Mapping

from knowledge.graph.reading.blanks import blank

_YEAR = r"(?<!\d)(?<![$¥￥€£])((?:18|19|20)\d\d)(?!\d|[,，.]\d)"
_CONDITIONS: list[tuple[re.Pattern[str], str]] = [
    (re.compile(pattern, re.IGNORECASE), operator)
    for pattern, operator in [
        (rf"(?:\bbetween |\bfrom )?{_YEAR}\s*年?\s*(?:到|至|-|–|~|and|to)\s*{_YEAR}\s*年?(?:之间|间)?", "between"),
        (rf"{_YEAR}\s*年?\s*之后|\b(?:after|later than|past)\s+{_YEAR}", "after"),
        (rf"{_YEAR}\s*年?\s*(?:及|或)?(?:以后|以来|后|起)|\b(?:since|from)\s+{_YEAR}(?: on(?:wards?)?)?|\b{_YEAR} or later", "since"),
        (rf"{_YEAR}\s*年?\s*(?:以前|之前|前)|\b(?:before|earlier than|prior to)\s+{_YEAR}", "before"),
        (rf"\b(?:until|by|up to)\s+{_YEAR}|{_YEAR}\s*年?为止", "until"),
        (rf"{_YEAR}\s*年|\bin\s+{_YEAR}", "in"),
    ]
]  # fmt: skip
_ENDS: Mapping[str, Callable[[float, float], tuple[float, float]]] = {
    "between": lambda first, last: (first, last + 1),
    "after": lambda first, _: (first + 1, float("inf")),
    "since": lambda first, _: (first, float("inf")),
    "before": lambda first, _: (0.0, first),
    "until": lambda first, _: (0.0, first + 1),
    "in": lambda first, _: (first, first + 1),
}


def year_conditions(text: str) -> tuple[list[tuple[float, float]], str]:
    """The spans of time that a text names, from a year and up to another that is no longer in it, and the text without them."""
    found: list[tuple[float, float]] = []
    for pattern, operator in _CONDITIONS if any(map(str.isdigit, text)) else ():
        for match in pattern.finditer(text):
            years = [float(year) for year in match.groups() if year]
            found.append(_ENDS[operator](years[0], years[-1]))
        text = pattern.sub(blank, text)
    return found, text
