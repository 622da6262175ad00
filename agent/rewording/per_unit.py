"""What several units cost, where articles give the price of one: "curtain fitting for 3 windows", "rent a tent for 5 days"."""

import re
from collections.abc import Iterator

from agent.rewording.reworded import Reworded
from agent.types import Understanding

_NUMBER = r"\d{1,6}(?:[.,]\d{1,2})?|two|three|four|five|six|seven|eight|nine|ten|twelve"
_UNITS = {
    "square metre": ("sqm", "m2", "m²", "square meter", "square metre", "sq m"),
    "kg": ("kilo", "kilogram", "kg"),
    "person": ("people", "person", "guest", "adult"),
    "foot": ("feet",),
    "km": ("kilometre", "kilometer", "km"),
}
_UNIT = {said: unit for unit, all_said in _UNITS.items() for said in all_said}
_SEVERAL = re.compile(
    rf"\b(?:for |of )?(?:{_NUMBER}) ?(?P<unit>{'|'.join(map(re.escape, sorted(_UNIT, key=len, reverse=True)))}|[a-z]{{3,16}}?)(?:s|es)?(?![\w²])",
    re.IGNORECASE,
)
_ASKS_PRICE = re.compile(r"\bhow much\b|\bcosts?\b|\bprices?\b|\bfees?\b|\bcharged?\b|\bpay\b", re.IGNORECASE)
_ASKS_ELSE = re.compile(
    r"\b(?:how (?!much\b)|when|where|who|why|can|could|may|do|does|is|are|allowed)\b", re.IGNORECASE
)
_LONGEST = 120  # characters


def price_of_one(understanding: Understanding) -> Iterator[Reworded]:
    """The price of one unit asked for, in place of that of several; where it depends on how many there are, all of that."""
    question = understanding.question
    found = list(_SEVERAL.finditer(question)) if len(question) <= _LONGEST else []
    if len(found) != 1 or (_ASKS_ELSE.search(question) and not _ASKS_PRICE.search(question)):
        return
    said = found[0]["unit"].lower()
    unit = _UNIT.get(said, said)
    one = f"{question[: found[0].start()]}per {unit}{question[found[0].end() :]}"
    asked = one if _ASKS_PRICE.search(one) else f"how much is {one}"
    written = "|".join(map(re.escape, {unit, *_UNITS.get(unit, ())}))
    yield Reworded(
        question=asked,
        holds=re.compile(rf"\b(?:per|an?|each|every)\s+(?:{written})\b|/ ?(?:{written})\b", re.IGNORECASE),
        whole=re.compile(
            rf"\b(?:than|to|over|under|above|below|first|from|until|least|most|pack of)\s+(?:{_NUMBER})\s?(?:{written})(?:s|es)?\b",
            re.IGNORECASE,
        ),
    )
