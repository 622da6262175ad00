"""Units behind numbers: which relations a number is about ("200 GB" is storage), and how much of their own unit it is."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from knowledge.graph.reading.blanks import blanked
from knowledge.graph.unit_names import unit_of
from knowledge.graph.wording import MappedWording
from knowledge.text.number_words import chinese_number

# Kind → (how much of the kind's first unit it is, how it is written). "5G" is no weight.
_KINDS: Mapping[str, Sequence[tuple[float, str]]] = {
    "data": ((1, r"gbs?|gigs?|gigabytes?|(?-i:G)"), (1024, r"tbs?|terabytes?|(?-i:T)"), (1 / 1024, r"mbs?|megabytes?")),
    "mass": (
        (1, r"(?-i:g)|grams?|grammes?|克"),
        (1000, r"kgs?|kilos?|kilograms?|公斤|千克"),
        (0.001, r"mg|毫克"),
        (500, r"斤"),
        (28.35, r"oz|ounces?"),
        (453.6, r"lbs?|pounds?|磅"),
    ),
    "hours": ((1, r"h|hrs?|hours?|(?:个)?小时|个钟头?"), (1 / 60, r"mins?|minutes?|分钟")),
    "days": ((1, r"days?|天"), (7, r"weeks?|周|(?:个)?星期")),
    "months": ((1, r"months?|个月"), (12, r"years?|yrs?|年")),
    "length": (
        (1, r"mm|millimet(?:er|re)s?|毫米"),
        (10, r"cm|centimet(?:er|re)s?|厘米|公分"),
        (25.4, r"inch(?:es)?|[\"”″]|英寸|寸|吋"),
        (1000, r"(?-i:m)|met(?:er|re)s?|米"),
        (1_000_000, r"kms?|kilomet(?:er|re)s?|公里|千米"),
        (500_000, r"里(?:地|路)"),
        (1_609_344, r"miles?|英里"),
    ),
}
_TIMES = {"hours", "days", "months"}
_ELSEWHERE = re.compile(r"[$¥￥€£元块分星%]|dollar|out of", re.IGNORECASE)
"""Money and marks: conditions on numbers know these by themselves."""
_DIGITS = "一两三四五六七八九"
_IN_WORDS = re.compile(rf"(?<![十百千两\d])[{_DIGITS}](?=(?:个?小时|天|个月|年|公斤|千克|斤|英?寸|米|公里|千米))")
_NUMBER = r"(?<![\d.])(?P<number>\d[\d,，]*(?:\.\d+)?)(?!(?<=\b[2-6])G\b)"


@dataclass(frozen=True, slots=True)
class Unit:
    """What stands behind a number. factors: relation → how much of its own unit one of this is.

    rounded: whether such numbers are commonly said without their fraction (a 24 inch monitor has 23.8).
    telling: whether it says what the number is of: gigabytes are storage, but anything may take hours or days.
    """

    factors: Mapping[str, float]
    rounded: bool
    telling: bool


class Units:
    """The units that the relations of one graph have, by the wording of a mapping or by their names."""

    def __init__(self, relations: Sequence[str], mapped: MappedWording) -> None:
        own = {relation: found for relation in relations if (found := _own_unit(relation, mapped))}
        kinds: dict[str, Sequence[tuple[float, str]]] = {
            kind: _KINDS.get(kind, ((1.0, kind),)) for kind, _ in own.values()
        }
        self._written = [
            (
                re.compile(rf"{_NUMBER}(?P<unit>[\s-]*(?:{words})(?![A-Za-z]))", re.IGNORECASE),
                Unit(
                    {r: size / base for r, (of, base) in own.items() if of == kind},
                    rounded=kind == "length",
                    telling=kind not in _TIMES,
                ),
            )
            for kind, units in kinds.items()
            for size, words in units
        ]

    def read(self, text: str) -> tuple[Mapping[int, Unit], str]:
        """The units by the place of the number that they stand behind, and the text without them."""
        found: dict[int, Unit] = {}
        if self._written:
            text = _IN_WORDS.sub(lambda match: str(chinese_number(match.group())), text)
        for pattern, unit in self._written if any(map(str.isdigit, text)) else ():
            for match in pattern.finditer(text):
                found.setdefault(match.start("number"), unit)
                text = blanked(text, match.span("unit"))
        return found, text


def _own_unit(relation: str, mapped: MappedWording) -> tuple[str, float] | None:
    """Kind and size of the unit that a relation's values are in; None for none. A unit of no known kind is its own kind."""
    wording = mapped.relations.get(relation)
    patterns = [*(wording.value.values() if wording else ()), unit_of(relation, "en"), unit_of(relation, "zh")]
    words = [word for pattern in patterns if (word := pattern.replace("{}", "").strip())]
    for word in words:
        for kind, units in _KINDS.items():
            for size, written in units:
                if re.fullmatch(written, word, re.IGNORECASE):
                    return kind, size
    other = dict.fromkeys(_one_or_many(word) for word in words if not _ELSEWHERE.search(word))
    return ("|".join(other), 1.0) if other else None


def _one_or_many(word: str) -> str:
    return rf"{re.escape(word.removesuffix('s'))}s?" if word.isascii() else re.escape(word)
