"""What stands beside a name and tells one variant of a thing from another: 3段, "Stage 3", 100克, 喷雾; or a part of it from it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.graph.reading.blanks import BLANK
from knowledge.graph.reading.days import days_in
from knowledge.text.nouns import noun_behind
from knowledge.types import EntityMention

_NUMBER = r"(?P<number>\d+(?:\.\d+)?|[一二三四五六七八九十两])"
_MEASURES = r"克|千克|公斤|斤|毫克|毫升|升|寸|英寸|厘米|毫米|g|kg|mg|ml|l|cl|oz|lbs?|cm|mm|gb|tb|inch(?:es)?"
_ORDERS = r"段|号|代|型|码|阶|档"
_WORDS = r"stage|size|gen|generation|mark|mk|version|level|series|type|step|no\.?|number|tier|phase|part"
_DIGITS = {sign: str(n) for n, sign in enumerate("一二三四五六七八九十", start=1)} | {"两": "2"}
_BEHIND = rf"{BLANK}\s?(?:的|\(|（|,\s|in |with |at )?\s?"
_BEFORE = rf"(?:的|装|装的|pack of)?\s?{BLANK}"
_PLACES = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_BEHIND}{_NUMBER}\s?-?(?P<word>{_MEASURES}|{_ORDERS})(?![a-z])",
        rf"{_BEHIND}(?P<word>{_WORDS})\s?-?{_NUMBER}(?![a-z\d])",
        rf"(?<![\d.]){_NUMBER}\s?-?(?P<word>{_MEASURES}|{_ORDERS}){_BEFORE}",
    )
]
_MEASURE = re.compile(_MEASURES, re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Variant:
    """A number beside a name, with the word that it belongs to ("3", 段); measure: whether that is a unit."""

    number: str
    word: str
    measure: bool

    def denied_by(self, texts: Sequence[str]) -> bool:
        """Whether texts about a thing, its names and values, have the word with other numbers alone."""
        numbers = {number for text in texts for number in _numbers_with(self.word, text)}
        return bool(numbers) and self.number not in numbers


def variants_in(text: str) -> tuple[Variant, ...]:
    """Those in a text of which the names are blanked."""
    found = (match for place in _PLACES for match in place.finditer(text))
    return tuple(
        Variant(plain_number(match["number"]), match["word"].lower(), bool(_MEASURE.fullmatch(match["word"])))
        for match in found
    )


def goes_on(text: str, left: Sequence[str]) -> bool:
    """Whether a Chinese word that nothing explains stands right behind a name, so that it names another thing (防晒喷雾)."""
    return any(len(run) > 1 and f"{BLANK}{run}" in text and not days_in(run) for run in left)


def kind_gone_beyond(question: str, mentions: Sequence[EntityMention], unread: Sequence[str]) -> str:
    """The last word of an English name behind which an unexplained noun stands: "sofa", where the leg of a sofa is meant.

    unread: the words of the question that nothing explains.
    """
    for start, end in (one.span for one in mentions if unread):
        if noun_behind(question, end) in unread:
            return question[start:end].lower().split()[-1]
    return ""


def plain_number(written: str) -> str:
    """A number in digits, without a needless fraction."""
    number = _DIGITS.get(written, written)
    return number.rstrip("0").rstrip(".") if "." in number else number


def _numbers_with(word: str, text: str) -> set[str]:
    """The numbers that a text has beside a word."""
    number = r"(\d+(?:\.\d+)?|[一二三四五六七八九十两])"
    word = re.escape(word)
    beside = re.findall(rf"(?<![\d.]){number}\s?-?{word}(?![a-z])|(?<![a-z]){word}\s?-?{number}", text.lower())
    return {plain_number(one) for pair in beside for one in pair if one}
