"""Numbers of a series in names, in digits and in Chinese: 2段 and 二段 are one."""

import re

_CHINESE = "一二三四五六七八九"
_OF_SERIES = "段号代型阶档期级区栋座层"
_IN_DIGITS = re.compile(rf"(?<![\d.])[1-9](?=[{_OF_SERIES}])")
_IN_CHINESE = re.compile(rf"(?<![{_CHINESE}十百第])[{_CHINESE}](?=[{_OF_SERIES}])")
SERIAL = re.compile(rf"\d|(?<![第])[{_CHINESE}十](?=[{_OF_SERIES}])")
"""A digit of a name, or a Chinese number that stands for one."""


def in_other_numerals(name: str) -> str:
    """The name with its numbers in Chinese where they are in digits, in digits where they are in Chinese; "" for none."""
    if _IN_DIGITS.search(name):
        return _IN_DIGITS.sub(lambda match: _CHINESE[int(match.group()) - 1], name)
    found = _IN_CHINESE.sub(lambda match: str(_CHINESE.index(match.group()) + 1), name)
    return found if found != name else ""
