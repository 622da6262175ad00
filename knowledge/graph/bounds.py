"""Conditions on numbers: "under $100", 评分4.5以上, between 300 and 500."""

import re
from dataclasses import dataclass

from knowledge.graph.lexicon import Lexicon

_NUM = r"[$¥￥]?\s?(?<![\d.])(\d{1,12}(?:[,，]\d{3}){0,5}(?:\.\d{1,9})?)(?!\d)"
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
        (rf"(?:高于|大于|超过|多于|above|over|more than|greater than|higher than)\s*{_NUM}", ">"),
        (rf"(?:低于|小于|少于|不到|under|below|less than|cheaper than|lower than|fewer than)\s*{_NUM}", "<"),
        (rf"(?:正好|刚好|等于|恰好|exactly|equal to)\s*{_NUM}|{_NUM}\s*(?:分|星|元|块钱?)的", "="),
    ]
]
_BEFORE = 24  # characters before a number in which it may be said what it is about
_FREE = re.compile(
    r"免费|不要钱|不花钱|不收费|(?:不用|无需|不要|不收|没有|免)门票|不用买票|\bfree\b(?! of)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """A condition on a number. relations: which it may be about; () for whichever fits."""

    relations: tuple[str, ...]
    operator: str
    low: float
    high: float = 0.0

    def holds(self, value: float) -> bool:
        """Whether a value meets the condition."""
        match self.operator:
            case ">=":
                return value >= self.low
            case ">":
                return value > self.low
            case "<=":
                return value <= self.low
            case "<":
                return value < self.low
            case "=":
                return value == self.low
            case _:
                return self.low <= value <= self.high


class BoundReader:
    """Reads conditions on numbers with the lexicon of one graph."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon

    def read(self, text: str) -> tuple[tuple[Bound, ...], str]:
        """The conditions, and the text without them, every other character in its place."""
        found: list[Bound] = []
        for pattern, operator in _BOUNDS:
            for match in pattern.finditer(text):
                numbers = [float(re.sub("[,，]", "", group)) for group in match.groups() if group]
                about = self._about(text[max(0, match.start() - _BEFORE) : match.start()], match.group())
                low, high = numbers[0], numbers[-1]
                found.append(Bound(relations=about, operator=operator, low=low, high=high))
            text = pattern.sub(_blank, text)
        if _FREE.search(text):
            found.append(Bound(relations=self._lexicon.concept_relations("price"), operator="<=", low=0.0))
            text = _FREE.sub(_blank, text)
        return tuple(found), text

    def _about(self, before: str, said: str) -> tuple[str, ...]:
        """Relations a number is about, from the words before it, or its unit."""
        best: tuple[int, tuple[str, ...]] = (-1, ())
        for cue, relations in self._lexicon.relation_cues:
            for match in cue.finditer(before):
                best = max(best, (match.end(), relations))
        if best[1]:
            return best[1]
        if re.search(r"[$¥￥元块]|dollar", said) or re.search(r"under|below|cheaper", said, re.IGNORECASE):
            return self._lexicon.concept_relations("price")
        if re.search(r"分|stars?", said):
            return self._lexicon.concept_relations("rating")
        return ()


def _blank(match: re.Match[str]) -> str:
    return "　" * len(match.group())
