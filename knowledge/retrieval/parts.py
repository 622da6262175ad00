"""Takes a question apart that asks for several things, so that evidence for each of them is found."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from knowledge.index.names import Name, Names, spoken
from knowledge.retrieval.coordination import completed, coordinated
from knowledge.text.clauses import ASKING, SENTENCE_END, says_little
from knowledge.text.han import HAN
from knowledge.text.words import words

_SENTENCE = re.compile(SENTENCE_END)
_AND = re.compile(
    rf"(?:,\s*|\s+)(?:and|or|also|but|plus)\s+(?:also\s+)?(?=(?:if\b[^,?]*,?\s*)?{ASKING})"
    r"|,\s*(?=(?:what|whats|how)\b)|[,，](?=以及|还有|那|另外)",
    re.IGNORECASE,
)
_FRAME = r"(?:[^?？]{1,80}(?:[,，:：]|\s[-–—])\s*)?"  # "For the gold card: …", "If I move, …"
_ASKS = re.compile(rf"{_FRAME}{ASKING}|.*[?？]\s*$|.*(?:吗|呢|多少|多久|什么|怎么|哪|几)", re.IGNORECASE)
_CHINESE_ASKS = re.compile(
    r"多少|多久|多长|多快|(?<![好那这过了虑])几|什么|啥|怎么|哪|吗|能不能|可不可以|是不是|要不要"
)
_COMPARING = re.compile(
    r"\b(?:or|vs|versus|compare[ds]?|between|difference|both|each|either|than)\b|还是|比|区别|分别", re.I
)
_BESIDE = r"\W+(?:[\w'’-]+\W+){0,2}?(?:or|and|vs|versus|to|than|compared to|compared with)\W+(?:[\w'’-]+\W+){0,2}?"
_ABOUT = re.compile(r"(?:and |but )?(?:what|how) about\b", re.IGNORECASE)
_SHORT_ZH = 5  # Chinese characters: "放几天"
_MAX_PARTS = 3


@dataclass(frozen=True, kw_only=True)
class QuestionPart:
    """One thing a question asks for, and the names it is asked of.

    compared: whether the question sets it beside other things: "Silver or Gold, which…".
    """

    text: str
    names: tuple[Name, ...]
    compared: bool = False

    @cached_property
    def terms(self) -> frozenset[str]:
        """Index terms of `bare`."""
        return frozenset(words(self.bare))

    @cached_property
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
    compared = [name for name in found if len(name) > 1]
    if len(compared) < 2 and _COMPARING.search(question):
        compared = [name for name in found if _stands_beside_another(question, name, found)]
    if len(compared) > 1:
        return (whole, *_by_name(question, compared[:_MAX_PARTS]))
    clauses = [
        clause.strip(" ,，-?？")
        for sentence in _SENTENCE.split(question)
        if sentence
        for half in _AND.split(sentence)
        for clause in _chinese_clauses(half)
    ]
    asked = _standing_alone([clause for clause in clauses if _ASKS.match(clause)])
    if len(asked) < 2:
        return (whole, *(_of_clause(text, "", names, whole) for text in coordinated(question)))
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
        parts.append(QuestionPart(text=text, names=(name,), compared=bool(_COMPARING.search(question))))
    return parts


def _chinese_clauses(sentence: str) -> list[str]:
    """A sentence cut at its commas where two or more clauses ask; what asks nothing goes with what follows it."""
    pieces = re.split(r"[，,](?=[^，,]*[\u4e00-\u9fff])", sentence)
    if sum(bool(_CHINESE_ASKS.search(piece)) for piece in pieces) < 2:
        return [sentence]
    clauses = [""]
    for piece in pieces:
        clauses[-1] += f"，{piece}" if clauses[-1] else piece
        if _CHINESE_ASKS.search(piece):
            clauses.append("")
    *asking, rest = clauses
    return [*asking[:-1], f"{asking[-1]}，{rest}" if rest else asking[-1]]


def _standing_alone(asking: Sequence[str]) -> list[str]:
    """The clauses, each with those after it that mean little without it: "and how fast", "and what does it cost".

    What leaves out what the clause before it says gets it: "and how long for points".
    "What about the limits" only opens the clause after it.
    """
    found: list[str] = []
    for clause in asking:
        if found and (full := completed(clause, found[-1])) != clause:
            found.append(full)
            continue
        short = 0 < len(HAN.findall(clause)) < _SHORT_ZH
        if found and (says_little(clause) or short or _ABOUT.match(found[-1])):
            found[-1] = f"{found[-1]}{'，' if short else ', '}{clause}"
        else:
            found.append(clause)
    return found


def _of_clause(clause: str, said: str, names: Names, whole: QuestionPart) -> QuestionPart:
    """A clause with what was said before the questions, and the whole question's names where it has none of its own."""
    own = names.in_question(clause)
    text = f"{said} {clause}".strip()
    if own or not whole.names or names.in_question(text):
        return QuestionPart(text=text, names=own or whole.names)
    return QuestionPart(text=f"{spoken(max(whole.names, key=len))}: {text}", names=whole.names)


def _stands_beside_another(question: str, name: Name, found: Sequence[Name]) -> bool:
    """Whether a name is joined to another one: "Silver or Gold"."""
    pairs = [pair for other in found if other != name for pair in ((name, other), (other, name))]
    return any(re.search(_BESIDE.join(map(name_pattern, pair)), question, re.IGNORECASE) for pair in pairs)


def _without(text: str, name: Name) -> str:
    """The text without a name, or without as much of its beginning as is said."""
    for length in range(len(name), 0, -1):
        rest, found = re.subn(name_pattern(name[:length]), " ", text, flags=re.IGNORECASE)
        if found:
            return rest
    return text


def name_pattern(name: Name) -> str:
    """A regular expression for a name, however its words are set apart."""
    return r"[\s-]*".join(map(re.escape, name))
