"""What is free costs nothing: to a question of its price that is an answer, which the verifier takes for one when it reads a sum."""

import re

from agent.generate.extractive.answer_types import AnswerType, wanted
from knowledge.question.parts import QuestionPart

_COSTS = re.compile(
    r"\b(?P<is>is|are|stays?|remains?)(?: (?:also|always|completely|entirely))? free(?: of (?:charge|cost))?\b"
    r"(?! of\b| from\b| to\b(?! (?:use|enter|join|visit)\b))",
    re.IGNORECASE,
)
_FOR_NOTHING = re.compile(
    r"\b(?:free of (?:charge|cost)|for free|at no (?:extra |additional |further )?(?:cost|charge)"
    r"|without (?:extra |any |additional )?(?:charge|cost|fee)s?|(?P<costs>costs?) nothing(?: extra)?)\b",
    re.IGNORECASE,
)
_FEE = re.compile(r"不(?:另外?)?收取?(?:任何)?(?:(?P<fee>[\u4e00-\u9fff]{0,4}费)用?|(?=[。，；！\s]|$))")
_FREE = re.compile(r"免费(?P<more>(?=[\u4e00-\u9fffA-Za-z]))?")


def priced(text: str, part: QuestionPart) -> str:
    """A text as it reads with sums for what is free ("Membership costs $0.00", 停车收费0元), where a price is asked for."""
    if AnswerType.MONEY not in wanted(part.text):
        return text
    text = _COSTS.sub(lambda found: "costs $0.00" if found["is"].endswith("s") else "cost $0.00", text)
    text = _FOR_NOTHING.sub(lambda found: f"{found['costs'] or 'for'} $0.00", text)
    text = _FEE.sub(lambda found: f"收{found['fee'] or '费'}0元", text)
    return _FREE.sub(lambda found: "收费0元" if found["more"] is None else "0元", text)
