"""Takes a question apart that asks for several things, so that evidence for each of them is found."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.names import Name, Names
from knowledge.words import words

_ASKING = r"(?:what|whats|how|which|when|where|who|why|is|are|am|do|does|did|can|could|will|would|should|may)\b"
_SENTENCE = re.compile(r"(?<=[?？!！;；。])|(?<=[a-z)]\.)\s")
_AND = re.compile(
    rf"(?:,\s*|\s+)(?:and|or|also|but|plus)\s+(?:also\s+)?(?=(?:if\b[^,?]*,?\s*)?{_ASKING})|[,，](?=以及|还有|那|另外)",
    re.IGNORECASE,
)
_ASKS = re.compile(rf"(?:if\b[^,?]*,\s*)?{_ASKING}|.*[?？]\s*$|.*(?:吗|呢|多少|多久|什么|怎么|哪|几)", re.IGNORECASE)
_MIN_WORDS = 2
_MAX_PARTS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionPart:
    """One thing a question asks for, and the names it is asked of."""

    text: str
    names: tuple[Name, ...]

    @property
    def bare(self) -> str:
        """The text without its names: what is asked, whatever it is asked of."""
        text = self.text
        for name in self.names:
            text = _without(text, name)
        return text if words(text) else self.text


def take_apart(question: str, names: Names) -> tuple[QuestionPart, ...]:
    """The whole question first, then its parts: one a name where several are compared, else one a clause."""
    found = names.in_question(question)
    whole = QuestionPart(text=question, names=found)
    compared = [name for name in found if len(name) > 1 or len(found) == 1]
    if len(compared) > 1:
        return (whole, *_by_name(question, compared[:_MAX_PARTS]))
    clauses = [
        clause.strip(" ,，-?？")
        for sentence in _SENTENCE.split(question)
        if sentence
        for clause in _AND.split(sentence)
    ]
    asked = [clause for clause in clauses if _ASKS.match(clause) and len(set(words(clause))) >= _MIN_WORDS]
    if len(asked) < 2:
        return (whole,)
    said = " ".join(clause for clause in clauses if not _ASKS.match(clause))
    return (whole, *(_of_clause(clause, said, names, whole) for clause in asked[-_MAX_PARTS:]))


def _by_name(question: str, compared: Sequence[Name]) -> list[QuestionPart]:
    """For each name the question without the other names."""
    parts = []
    for name in compared:
        text = question
        for other in compared:
            if other != name and other != name[: len(other)]:
                text = _without(text, other)
        parts.append(QuestionPart(text=text, names=(name,)))
    return parts


def _of_clause(clause: str, said: str, names: Names, whole: QuestionPart) -> QuestionPart:
    """A clause with what was said before the questions, and the whole question's names where it has none of its own."""
    own = names.in_question(clause)
    return QuestionPart(text=f"{said} {clause}".strip(), names=own or whole.names)


def _without(text: str, name: Name) -> str:
    return re.sub(r"[\s-]*".join(map(re.escape, name)), " ", text, flags=re.IGNORECASE)
