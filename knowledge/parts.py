"""Takes a question apart that asks for several things, so that evidence for each of them is found."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.names import Name, Names, tokens
from knowledge.words import words

_ASKING = r"(?:what|how|which|when|where|who|is|are|do|does|can|could|will|would|should)"
_CUT = re.compile(
    rf"[?？!！;；。]+|(?<=\D)[.](?=\s)|(?:,\s*|\s+)(?:and|or|also|but|plus)\s+(?:also\s+)?(?=(?:if\b[^,?]*,?\s*)?{_ASKING}\b)"
    r"|[,，](?=(?:以及|还有|那么?|另外))|(?:以及|还有|另外)",
    re.IGNORECASE,
)
_MIN_WORDS = 2
_MAX_PARTS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionPart:
    """One thing a question asks for, and the names it is asked of."""

    text: str
    names: tuple[Name, ...]


def take_apart(question: str, names: Names) -> tuple[QuestionPart, ...]:
    """The whole question first, then its parts: one a name where several are compared, else one a clause."""
    found = names.in_question(question)
    whole = QuestionPart(text=question, names=found)
    compared = [name for name in found if len(name) > 1 or len(found) == 1]
    if len(compared) > 1:
        return (whole, *_by_name(question, compared[:_MAX_PARTS]))
    clauses = [clause.strip(" ,，-") for clause in _CUT.split(question) if clause]
    asked = [clause for clause in clauses if len(set(words(clause))) >= _MIN_WORDS]
    if len(asked) < 2:
        return (whole,)
    return (whole, *(_of_clause(clause, names, whole) for clause in asked[-_MAX_PARTS:]))


def _by_name(question: str, compared: Sequence[Name]) -> list[QuestionPart]:
    """For each name the question without the other names."""
    parts = []
    for name in compared:
        text = question
        for other in compared:
            if other != name and other != name[: len(other)]:
                text = re.sub(r"[\s-]+".join(map(re.escape, other)), " ", text, flags=re.IGNORECASE)
        parts.append(QuestionPart(text=text, names=(name,)))
    return parts


def _of_clause(clause: str, names: Names, whole: QuestionPart) -> QuestionPart:
    """A clause with the names of the whole question where it has none of its own."""
    own = names.in_question(clause)
    missing = [] if own else [" ".join(name) for name in whole.names if not set(name) <= set(tokens(clause))]
    return QuestionPart(text=" ".join([*missing, clause]), names=own or whole.names)
