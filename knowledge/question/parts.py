"""Takes a question apart that asks for several things, so that evidence for each of them is found."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile

from knowledge.index.names import Name, Names, spoken
from knowledge.question.asked_clauses import asked_clauses
from knowledge.question.chinese_clauses import chinese_pair
from knowledge.question.comparison import COMPARING, compared, name_pattern, without
from knowledge.question.coordination import LONGEST, coordinated
from knowledge.question.pairs import paired
from knowledge.question.shared_kind import spelled_out
from knowledge.question.things import things
from knowledge.text.clauses import SENTENCE_END
from knowledge.text.words import words

_BOTH_PLEASE = re.compile(r"[.?,]?\s*(?:please\s+)?(?:give|tell|show) me both\b[^?]*$", re.IGNORECASE)
_SPACES = re.compile(r"(\s)\s+")
_MAX_PARTS = 3
_SAME = 2  # words


@dataclass(frozen=True, kw_only=True)
class QuestionPart:
    """One thing a question asks for, and the names it is asked of.

    compared: whether the question sets it beside other things: "Silver or Gold, which…".
    things:   what it names of the graph, as it says it, each with its kind: ("Riverside", "club").
    """

    text: str
    names: tuple[Name, ...]
    compared: bool = False
    things: tuple[tuple[str, str], ...] = ()

    @cached_property
    def terms(self) -> frozenset[str]:
        """Index terms of `bare`."""
        return frozenset(words(self.bare))

    @cached_property
    def bare(self) -> str:
        """The text without its names: what is asked, whatever it is asked of."""
        text = self.text
        for name in self.names:
            text = without(text, name)
        return text if words(text) else self.text

    def is_of(self, name: Name) -> bool:
        """Whether a name is one that is asked of, or begins as one does."""
        return any(name[: len(own)] == own[: len(name)] for own in self.names)


def take_apart(question: str, names: Names) -> tuple[QuestionPart, ...]:
    """The whole question first, then its parts: one a name where several are compared, else one a clause."""
    whole_text, question = question, spelled_out(_SPACES.sub(r"\1", question), names)
    found = names.in_question(question)
    whole = QuestionPart(text=whole_text, names=found)
    if of_each := compared(question, found):
        by_sign = bool(COMPARING.search(question))
        return (whole, *(QuestionPart(text=text, names=(name,), compared=by_sign) for text, name in of_each))
    told, asked = asked_clauses(question)
    if len(asked) < 2:
        told, asked = _two_things(question)
    asked = asked[-_MAX_PARTS:]
    replaced = {clause for clause in asked if any(_stands_for_a_name(clause, other, found) for other in asked)}
    return (
        whole,
        *(
            QuestionPart(text=f"{told} {clause}".strip(), names=())
            if clause in replaced
            else _of_clause(clause, told, names, whole)
            for clause in asked
        ),
    )


def _stands_for_a_name(clause: str, other: str, names: Sequence[Name]) -> bool:
    """Whether a clause says something else where another says a name, and else begins or ends as it does.

    "…rate on gold", "…rate on the family plan"; "gold savings, how much to open?", "a junior plan, how much to open?".
    """
    if clause == other or any(re.search(name_pattern(name[:1]), clause, re.IGNORECASE) for name in names):
        return False
    return any(_differ_there(clause, other, name) for name in names)


def _differ_there(clause: str, other: str, name: Name) -> bool:
    """Whether all that stands before, or enough of what stands after, a name in one clause stands so in the other."""
    said = re.search(rf"(?:\b(?:the|an?|my|your)\s+)?{_edged(name[:1])}", other, re.IGNORECASE)
    if not said:
        return False
    before = other[: said.start()].lower()
    if before and clause.lower().startswith(before):
        return True
    alike = takewhile(lambda pair: pair[0] == pair[1], zip(_pieces(clause), _pieces(other[said.end() :]), strict=False))
    return len(list(alike)) >= _SAME


def _pieces(clause: str) -> list[str]:
    """Its words, and pairs of Chinese characters for words, the last first."""
    return re.findall(r"[a-z0-9'’]+|[\u4e00-\u9fff]{1,2}", clause.lower()[::-1])


def _edged(name: Name) -> str:
    """A pattern for a name that is no part of a longer word."""
    return rf"(?<![a-z0-9]){name_pattern(name)}(?![a-z0-9])" if name[0].isascii() else name_pattern(name)


def _two_things(question: str) -> tuple[str, list[str]]:
    """What is told, and the two questions that one asks of two things; none where it asks but one, or is a whole story."""
    whole = _BOTH_PLEASE.sub("", question).strip().rstrip("?？ ")
    *told, last = [sentence for sentence in re.split(SENTENCE_END, whole) if sentence.strip()] or [""]
    for before, asked in (("", whole), ("".join(told), last)):
        if len(asked) <= LONGEST and (
            found := coordinated(asked) or things(asked) or paired(asked) or chinese_pair(asked)
        ):
            return before.strip(), list(found)
    return "", []


def _of_clause(clause: str, said: str, names: Names, whole: QuestionPart) -> QuestionPart:
    """A clause with what was said before the questions, and the whole question's names where it has none of its own."""
    own = names.in_question(clause)
    text = f"{said} {clause}".strip()
    if own or not whole.names or names.in_question(text):
        return QuestionPart(text=text, names=own or whole.names)
    return QuestionPart(text=f"{spoken(max(whole.names, key=len))}: {text}", names=whole.names)
