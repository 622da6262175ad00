"""Expressions for the words by which a question may name a relation or a type."""

import re

from knowledge.graph.reading.blanks import BLANK
from knowledge.text.folding import folded
from knowledge.text.han import HAN

_MAY_LEAD, _MAY_FOLLOW = f"{BLANK}的个哪么些家间几在属是啥和或", f"{BLANK}的是有吗呢啊吧和或与在怎多里内"
"""Characters beside which a word of one character is a word: 区 is one in 哪个区, and not in 区别 or 小区."""

OF_IT = "[壳套膜包袋架卡贴号垫罩巾布腿脚锁灯油剂液床板]"
"""Characters that make of the word before them another thing, as of 手机 a 手机壳."""


def one_or_several(word: str) -> str:
    """An expression for a word of one thing or several."""
    if len(word) == 1 and HAN.match(word):
        return rf"(?<![^\W{_MAY_LEAD}])(?:{word})(?![^\W{_MAY_FOLLOW}])"
    if not word.isascii() or not word or not word[-1].isalpha():
        return re.escape(word)
    return rf"{re.escape(word[:-1])}(?:y|ies)" if word[-1] in "yY" else rf"{re.escape(word)}(?:e?s)?"


def whole_words(expression: str) -> re.Pattern[str]:
    """The expression where it is no part of a longer English word: a phone is not in "headphones"."""
    return re.compile(rf"(?<![A-Za-z])(?:{_in_one_writing(expression)})(?![A-Za-z])", re.IGNORECASE)


def naming_type(expression: str) -> re.Pattern[str]:
    """The same of words for a type, where they name no other thing: neither a phone number nor a 手机壳 is a phone."""
    return re.compile(rf"{whole_words(expression).pattern}(?!\s+numbers?\b|{OF_IT})", re.IGNORECASE)


def _in_one_writing(expression: str) -> str:
    """As questions are read; blanks, which stand for names, stay."""
    return BLANK.join(map(folded, expression.split(BLANK)))
