"""Reads a question in the words of the articles: where none of them has "mate", and one has "guest", a mate is a guest.

Holidays are called by their dates, as articles often do ("closed on 25 and 26 December"), and spans of time in their units.
"""

import re
from functools import lru_cache
from importlib.resources import files

from knowledge.question.periods import Holds, in_their_periods
from knowledge.text.folding import unaccented
from knowledge.text.han import HAN
from knowledge.text.words import words

_DAYS = [
    (re.compile(pattern, re.IGNORECASE), english, chinese)
    for pattern, english, chinese in (
        (r"\b(?:christmas|xmas) eve\b|平安夜", "24 December", "12月24日"),
        (r"\b(?:christmas|xmas)(?: day)?\b(?! eve\b)|圣诞节?", "25 December", "12月25日"),
        (r"\b(?:boxing|st\.? stephen['’]?s) day\b", "26 December", "12月26日"),
        (r"\bnew year['’]?s? eve\b|跨年夜", "31 December", "12月31日"),
        (r"\bnew year['’]?s?(?: day)?\b(?! eve\b)|元旦", "1 January", "1月1日"),
        (r"劳动节|五一(?!.{0,2}[折元])|\bmay day\b", "1 May", "5月1日"),
        (r"国庆节?", "1 October", "10月1日"),
        (r"\b(?:independence day|fourth of july)\b", "4 July", "7月4日"),
    )
]


def in_their_words(question: str, holds: Holds) -> str:
    """The question with each everyday word, that no article holds, as one that an article does."""
    said = _dated(_pattern().sub(lambda found: _other(found.group(), holds), question), holds)
    return in_their_periods(said, holds)


def _other(said: str, holds: Holds) -> str:
    plain = unaccented(said).lower()
    group = _groups().get(plain) or _groups().get(plain.removesuffix("s"), ())
    if not group or holds(words(said)):
        return said
    return next((word for word in group if unaccented(word).lower() != plain and holds(words(word))), said)


def _dated(question: str, holds: Holds) -> str:
    for day, english, chinese in _DAYS:
        found = day.search(question)
        date = chinese if HAN.search(question) else english
        if found and date not in question and holds(words(date)):
            said = f"{found.group()} ({date})" if holds(words(found.group())) else date
            question = f"{question[: found.start()]}{said}{question[found.end() :]}"
    return question


@lru_cache(maxsize=1)
def _groups() -> dict[str, tuple[str, ...]]:
    """Each word, small and without accents, with those of its line."""
    lines = (files("knowledge.question") / "everyday.txt").read_text("utf-8").splitlines()
    groups = [tuple(line.split(", ")) for line in lines if line and not line.startswith("#")]
    return {unaccented(word).lower(): group for group in groups for word in group}


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    said = sorted(
        {*_groups(), *(word for group in list(_groups().values()) for word in group)}, key=lambda word: -len(word)
    )
    latin = "|".join(re.escape(word) for word in said if not HAN.search(word))
    chinese = "|".join(re.escape(word) for word in said if HAN.search(word))
    return re.compile(rf"(?<![\w-])(?:{latin})s?(?![\w-])|{chinese}", re.IGNORECASE)
