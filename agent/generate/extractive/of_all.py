"""What is said of all things of a kind is said of each: "all clubs are closed" tells of the club that is asked about."""

import re

from knowledge.question.parts import QuestionPart
from knowledge.text.han import HAN
from knowledge.text.words import words

_ALL = re.compile(
    r"(?<!not )(?<!nearly )(?<!almost )\b(?:all|every|each|any)(?: of)?(?: the| our)? (?P<kind>[\w'’-]+)", re.IGNORECASE
)
_ALL_OF = r"(?<![非是])(?:所有|全部|各|每[个家间]|任[意一]家?)(?:的|我们的)?"
_PLACES = "门店|分店|店铺|网点|校区|场馆|餐厅|酒店|诊所|分院|营业厅"
"""What Chinese calls a place of business, whatever the kind of it is called in the graph."""


def of_all(text: str, part: QuestionPart) -> str:
    """A text as it reads of the things asked about, where it tells of all things of their kind and does not name them.

    "All clubs are closed" is read as "Riverside and all clubs are closed".
    """
    for name, kind in part.things:
        at = _place(text, kind)
        if at >= 0 and name.casefold() not in text.casefold():
            text = f"{text[:at]}{name}{'和' if HAN.search(text) else ' and '}{text[at:]}"
    return text


def tells_of(text: str, part: QuestionPart) -> bool:
    """Whether a text tells of all things of the kind of one that is asked about."""
    return any(_place(text, kind) >= 0 for _, kind in part.things)


def _place(text: str, kind: str) -> int:
    """Where it says "all clubs", "each of our clubs", 所有门店, 各门店; -1 where it says none."""
    called = frozenset(words(kind))
    said = (found.start() for found in _ALL.finditer(text) if not called.isdisjoint(words(found["kind"])))
    own = f"{re.escape(kind)}|" if HAN.search(kind) else ""
    chinese = re.search(f"{_ALL_OF}(?:{own}{_PLACES})", text)
    return next(said, chinese.start() if chinese else -1)
