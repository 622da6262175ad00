"""Conditions on numbers: "under $100", 评分4.5以上, between 300 and 500."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from knowledge.graph.reading.blanks import blank, blanked
from knowledge.graph.reading.lexicon import Lexicon
from knowledge.graph.reading.units import Unit, Units
from knowledge.graph.reading.years import year_conditions

_NUM = r"[$¥￥€£]?\s?(?<![\d.])(\d{1,12}(?:[,，]\d{3}){0,5}(?:\.\d{1,9})?)(?!\d)"
_BOUNDS: list[tuple[re.Pattern[str], str]] = [
    (re.compile(pattern, re.IGNORECASE), operator)
    for pattern, operator in [
        (rf"{_NUM}\s*(?:到|至|-|~|and|to)\s*{_NUM}", "between"),
        (rf"{_NUM}\s*(?:元|块|分|星|美元|小时)\s*(?:到|至|-|~|—)\s*{_NUM}", "between"),
        (rf"{_NUM}\s*(?:元|块|分|星|美元|小时)?\s*(?:及|或)?以上", ">="),
        (rf"{_NUM}\s*(?:元|块|分|星|美元|小时)?\s*(?:及|或|之)?(?:以下|以内|之内|内)", "<="),
        (rf"(?:不低于|至少|不少于|at least|or more than|minimum(?: of)?)\s*{_NUM}", ">="),
        (rf"{_NUM}\s*(?:stars?|hours?|gb|dollars)?\s*(?:or|and)\s*(?:more|above|higher|up)|{_NUM}\+", ">="),
        (rf"(?:不超过|不高于|最多|at most|up to|no more than|within|maximum(?: of)?)\s*{_NUM}", "<="),
        (
            rf"(?:高于|大于|超过|多于|重于|长于|above|over|(?:more|greater|higher|bigger|larger|heavier|longer) than)\s*{_NUM}",
            ">",
        ),
        (
            rf"(?:低于|小于|少于|不到|轻于|短于|under|below|(?:less|cheaper|lower|fewer|smaller|lighter|shorter) than)\s*{_NUM}",
            "<",
        ),
        (rf"(?:正好|刚好|等于|恰好|exactly|equal to)\s*{_NUM}|{_NUM}\s*(?:分|星|元|块钱?)的", "="),
    ]
]
_BEFORE = 24  # characters before a number in which it may be said what it is about
_AFTER = re.compile(r"[^,，.。;；?？!！]{0,24}")
_MONEY = re.compile(
    r"[$¥￥€£元块刀]|美[元金]|英镑|dollar|euro|\bpounds?\b|\bbucks?\b|\b(?:usd|eur|gbp)\b", re.IGNORECASE
)
_MONEY_BY_DEFAULT = re.compile(
    r"under|below|over|above|cheaper|within|以上|以下|以内|之内|低于|高于|超过|不到", re.IGNORECASE
)
_OF_MARKS_OR_TIME = re.compile(r"小时|[分星]")
_NEXT_WORD = re.compile(r"[\s-]*([a-z]+)", re.IGNORECASE)
_HAVING = re.compile(
    r"(?:\b(?:ha(?:s|ve)|lasts?|with|offers?|includes?|gets?|gives?|holds?|comes?)\b|有|带|含|支持|提供)[^,，。;；]{0,24}$",
    re.IGNORECASE,
)
_LASTING = re.compile(r"\b(?:lasts?|runs? for)\b[^,.;]{0,16}$", re.IGNORECASE)
_BARE = re.compile(_NUM)
_FREE = re.compile(
    r"免费|不要钱|不花钱|不收费|(?:不用|无需|不要|不收|没有|免)门票|不用买票|\bfree\b(?! (?:of|from)\b)", re.IGNORECASE
)


_ROUNDED = 0.5
_MET: Mapping[str, Callable[[float, float, float], bool]] = {
    ">=": lambda value, low, _: value >= low,
    ">": lambda value, low, _: value > low,
    "<=": lambda value, low, _: value <= low,
    "<": lambda value, low, _: value < low,
    "=": lambda value, low, _: value == low,
    "≈": lambda value, low, _: abs(value - low) <= _ROUNDED,
    "during": lambda value, low, high: low <= value < high,
    "between": lambda value, low, high: low <= value <= high,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """A condition on a number.

    relations: which it may be about; () where that is not said. named: whether words say so, and not the unit alone;
    telling: whether the unit says what it is of; had: whether it is asked what a thing has, of which it may have more.
    """

    relations: tuple[str, ...]
    operator: str
    low: float
    high: float = 0.0
    named: bool = True
    telling: bool = True
    had: bool = False

    def holds(self, value: float) -> bool:
        """Whether a value meets the condition."""
        return _MET[self.operator](value, self.low, self.high)


class BoundReader:
    """Reads conditions on numbers with the lexicon of one graph. flags: relations that only hold or do not, and have no number."""

    def __init__(self, lexicon: Lexicon, units: Units, flags: Collection[str] = ()) -> None:
        self._lexicon = lexicon
        self._units = units
        cues = lexicon.relation_cues
        self._numbered = [(cue, relations) for cue, relations in cues if not set(flags).issuperset(relations)]

    def read(self, text: str) -> tuple[tuple[Bound, ...], str]:
        """The conditions, and the text without them, every other character in its place."""
        found: list[Bound] = []
        if since := self._lexicon.concept_relations("since"):
            spans, text = year_conditions(text)
            found = [Bound(relations=since, operator="during", low=low, high=high) for low, high in spans]
        units, text = self._units.read(text)
        for pattern, operator in _BOUNDS:
            found.extend(self._bound(text, match, operator, units) for match in pattern.finditer(text))
            text = pattern.sub(blank, text)
        for match in _BARE.finditer(text):
            if unit := units.get(match.start(1)):
                found.append(self._bound(text, match, "≈" if unit.rounded else "=", units))
                text = blanked(text, match.span())
        for match in _FREE.finditer(text):
            if not self._is_part(text, match.span()):
                found.append(Bound(relations=self._lexicon.concept_relations("price"), operator="<=", low=0.0))
                text = blanked(text, match.span())
        return tuple(dict.fromkeys(found)), text

    def _is_part(self, text: str, span: tuple[int, int]) -> bool:
        """Whether a word is part of one for a relation: what is sugar-free is not for nothing."""
        cues = (place.span() for cue, _ in self._lexicon.relation_cues for place in cue.finditer(text))
        return any(start <= span[0] and span[1] <= end and (start, end) != span for start, end in cues)

    def _bound(self, text: str, match: re.Match[str], operator: str, units: Mapping[int, Unit]) -> Bound:
        numbers = [float(re.sub("[,，]", "", group)) for group in match.groups() if group]
        about, named = self._about(text, match, money=operator == "between")
        places = [match.start(n) for n in range(1, len(match.groups()) + 1) if match.group(n)]
        factor, telling = 1.0, True
        if unit := next((units[place] for place in reversed(places) if place in units), None):
            fitting = [relation for relation in about if relation in unit.factors] or list(unit.factors)
            factor = unit.factors[fitting[0]]
            named = named and fitting[0] in about
            # What is so many metres is no distance, and what is measured in inches is not told of in metres.
            converted = unit.rounded and factor != 1.0
            telling = unit.telling and not converted and self._lexicon.distances.isdisjoint(fitting)
            about = tuple(relation for relation in fitting if unit.factors[relation] == factor)
        had = operator == "=" and bool(_HAVING.search(text[max(0, match.start() - _BEFORE) : match.start()]))
        low, high = numbers[0] * factor, numbers[-1] * factor
        return Bound(relations=about, operator=operator, low=low, high=high, named=named, telling=telling, had=had)

    def _about(self, text: str, match: re.Match[str], *, money: bool) -> tuple[tuple[str, ...], bool]:
        """Relations a number is about, from the words before it, its own unit of money or marks, or the words behind it,
        and whether words say so.

        money: whether it is a price where nothing says what it is.
        """
        before, said = text[max(0, match.start() - _BEFORE) : match.start()], match.group()
        behind = _AFTER.match(text, match.end())
        after = behind.group() if behind else ""
        best: tuple[int, tuple[str, ...]] = (-1, ())
        for cue, relations in self._numbered:
            for found in cue.finditer(before):
                best = max(best, (found.end(), relations))
        if best[1]:
            return best[1], True
        if _LASTING.search(before) and (lasting := self._lexicon.concept_relations("battery")):
            return lasting, True
        if _MONEY.search(said + after[:8]):
            return self._lexicon.concept_relations("price"), True
        if re.search(r"分|stars?", said):
            return self._lexicon.concept_relations("rating"), True
        first: tuple[int, tuple[str, ...]] = (len(after), ())
        for cue, relations in self._numbered:
            if (next_ := cue.search(after)) and next_.group():
                first = min(first, (next_.start(), relations))
        if first[1]:
            return first[1], True
        is_money = money or (_MONEY_BY_DEFAULT.search(said) and not self._counts_else(said, after))
        return (self._lexicon.concept_relations("price") if is_money else ()), False

    def _counts_else(self, said: str, after: str) -> bool:
        """Whether a number is of something else than money: "within 5 minutes", "over 3 owners"."""
        word = _NEXT_WORD.match(after)
        return bool(_OF_MARKS_OR_TIME.search(said) or (word and word[1].lower() not in self._lexicon.plain_words))
