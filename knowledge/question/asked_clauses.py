"""The clauses of a question that ask something by themselves, each so that it can be asked alone.

What is told before them goes with each; what a clause leaves out ("and by when") or only points to ("how big are
they") it gets from the one before (`standing_alone`).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from knowledge.question.chinese_clauses import asks_in_chinese, chinese_clauses
from knowledge.question.question_words import ASKED, BEFORE_WH, SUBJECT, VERB_FIRST, WH, WHEN
from knowledge.question.standing_alone import BARE, POINTS, standing_alone
from knowledge.question.things import is_thing
from knowledge.text.clauses import ASKING, SENTENCE_END
from knowledge.text.han import HAN
from knowledge.text.openers import AND_ZH

_SENTENCE = re.compile(SENTENCE_END)
_FRAME = r"(?:[^?？]{1,80}(?:[,，:：]|\s[-–—])\s*)?"  # "For the gold card: …", "If I move, …"
_OPENS = rf"(?:{WH}(?!['’]?s?\s*[?.,]?$)|{WHEN}|when\s*[?.]?$|when\s+(?:on|in|at|for|with|under)\b|{VERB_FIRST})"
_LEADS = r"(?:if|when|once|after|before|while|as|with|on|for|in|at|apart\s+from|should|i|i['’]m|we|my)\b"
_AND = re.compile(
    rf"(?:\s*[,.;–—-]\s*|\s+)(?:and|also|but|then|&|\+|(?<=, )plus)\s+(?:(?:also|then|so|apart from that)\s+)*"
    rf"(?=(?:{_LEADS}(?:(?!\s(?:and|or)\s)[^,?.;]){{1,60}}[,\s]\s*)?(?:{_OPENS}|{WH}))"
    rf"|(?P<or>(?:,\s*|\s+)or\s+(?=(?:if\b[^,?]*,?\s*)?{ASKING}))"
    rf"|(?P<bare>\s*[,;]\s*(?=(?:what|whats|how|which|{BEFORE_WH}\s+(?:what|which|how))\b))"
    rf"|\s*[,，](?={AND_ZH})",
    re.IGNORECASE,
)
_ASKS = re.compile(
    rf"{_FRAME}(?!\w+['’]t\s+(?!{SUBJECT})){ASKING}|.*[?？]\s*$"
    rf"|.*\b(?:(?:what|whats)\b(?!\s+(?:i|we|you|he|she|they|it|my|his|her)\b)|how\b(?!\s+\w+\s+to\b)|(?:by"
    rf"|until)\s+when\b)"
    rf"|{_FRAME}{BEFORE_WH}\s+(?:what|which|how|when)\b|{_FRAME}{VERB_FIRST}"
    rf"|(?:if|when|once|after)\b.*\s(?:do|does|is|are|can|will|would|could|should|must)\s+{SUBJECT}",
    re.IGNORECASE,
)
_YES_OR_NO = re.compile(rf"(?:.*[,:.;]\s*|(?:and|also|but|so|if\b.*?)\s+)?{VERB_FIRST}", re.IGNORECASE)
_AMOUNT = re.compile(r"what(?:['’]?s| is| are) the \w+(?: per \S+| a \w+)?", re.IGNORECASE)
_ADDS = re.compile(r"\s*(?:and|also|plus)\b(?:\s+also\b)?", re.IGNORECASE)
_BARE = 3  # words of a question that tells no topic: "do you deliver"
_DETAIL = 7  # words of a question that only asks on: "is the pool warm? what degrees"


@dataclass(frozen=True, kw_only=True)
class Clause:
    """asks: whether it asks something; added: whether "and" or the like stands before it."""

    text: str
    asks: bool
    added: bool = False


def asked_clauses(question: str) -> tuple[str, list[str]]:
    """What is told beside the questions, and the clauses that ask."""
    clauses = _with_details(clauses_of(question))
    told = " ".join(clause.text for clause in clauses if not clause.asks)
    return told, standing_alone([clause.text for clause in clauses if clause.asks])


def clauses_of(question: str) -> list[Clause]:
    """All clauses as they were said, cut where a question begins, whatever they leave out."""
    return [clause for sentence in _SENTENCE.split(question) if sentence.strip() for clause in _clauses(sentence)]


def _clauses(sentence: str) -> Iterator[Clause]:
    """A sentence cut where a second question begins; "or" and a mere comma after a yes-or-no question only ask on."""
    adds = _ADDS.match(sentence)
    start, added = adds.end() if adds else 0, bool(adds)
    for cut in _AND.finditer(sentence):
        before = sentence[start : cut.start()].strip()
        alone = bool(cut["or"] or cut["bare"])
        asks = _asks(before) and not (alone and _is_closed(before))
        if (asks or (is_thing(before) and not alone)) and (
            len(before.split()) > 1 or HAN.search(before) or before.lower() == "why"
        ):
            yield from _cleaned(before, added=added, asks=True)
            start, added = cut.end(), not alone
    yield from _cleaned(sentence[start:], added=added, asks=False)


def _cleaned(half: str, *, added: bool, asks: bool) -> Iterator[Clause]:
    for clause in chinese_clauses(half):
        if text := clause.strip(" ,，;-–—?？"):
            yield Clause(text=text, asks=asks or _asks(clause.strip()), added=added)


def _asks(clause: str) -> bool:
    return bool(_ASKS.match(clause)) or asks_in_chinese(clause)


def _is_closed(clause: str) -> bool:
    """Whether it is to be answered with yes or no."""
    return bool(_YES_OR_NO.match(clause)) and not ASKED.search(clause)


def _with_details(clauses: Sequence[Clause]) -> list[Clause]:
    """A yes-or-no question with what asks on about it: "is the pool warm? what degrees", "can I, and for how long".

    What is said too shortly to be a topic keeps what points to it: "do you deliver, and what does it cost".
    """
    found: list[Clause] = []
    for clause in clauses:
        text = clause.text
        short = bool(ASKED.match(text)) and len(text.split()) <= _DETAIL
        bare = bool(found) and len(found[-1].text.split()) <= _BARE
        on = short and (not clause.added or _AMOUNT.fullmatch(text) or (bare and POINTS.search(text)))
        if found and _is_closed(found[-1].text) and not HAN.search(text) and (on or BARE.fullmatch(text)):
            found[-1] = replace(found[-1], text=f"{found[-1].text}, {text}")
        else:
            found.append(clause)
    return found
