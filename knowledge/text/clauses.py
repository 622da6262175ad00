"""Finds the clauses of a text that could stand alone: at sentence ends and at the words that join, in English and Chinese."""

import re
from collections.abc import Iterator
from typing import TypeAlias

from knowledge.text.han import HAN
from knowledge.text.openers import ADDING
from knowledge.text.words import words

Span: TypeAlias = tuple[int, int]
"""Where a part of a text begins, and where it ends."""

ASKING = (
    r"(?:what|whats|how|which|when(?!\s+(?:i|we|you|my|our|it|they|the|a)\b)|where|who|why"
    r"|is|are|am|do|does|did|can|could|will|would|should|may)\b"
)
"""How an English question begins."""

SENTENCE_END = r"(?<=[?？!！;；。])|(?<=[a-z)]\.)\s|(?<=\w\d\.)\s(?=[A-Z])"

_ORDERING = (
    r"(?:please|pls|kindly|let|tell|show|give|send|get|help|explain|cancel|refund|return|replace|exchange|change|update|check"
    r"|find|look|set|turn|make|order|buy|book|reserve|pay|transfer|move|add|remove|delete|close|open|block|freeze|unlock"
    r"|reset|report|track|stop|start|play|put|call|remind|schedule|read|repeat|switch|activate|confirm|deliver|fix|repair)\b"
)
_TELLING = r"(?:i|i['’]?m|i['’]?d|i['’]?ve|we|we['’]?re|we['’]?d|there|there['’]?s|my|our)\s+[\w'’-]+\s"
_BEGINNING = rf"(?:{ASKING}|(?:was|were|has|have|had|wheres|hows|whens)\b|{_ORDERING}|{_TELLING})"
_ADDING = (
    rf"(?:{ADDING}|another thing|one more thing|in addition(?: to (?:that|this))?|besides(?: that)?"
    r"|on top of that|as well as|while (?:you|we|i)['’]?(?:re| are|m| am) at it)\b"
)
_AND = r"(?:(?:and|but|or|plus|so|then|oh)\s+)"
_CUT = re.compile(
    rf"(?:^|\s*[,，;；:–—-]\s*|(?<=[?？!！;；。.])\s*|(?=\s+{_AND})\s+){_AND}?{_ADDING}[,，:]?\s+(?=\w)"
    rf"|{SENTENCE_END}|\n"
    r"|\s+(?:by the way|btw)\b[,，]?\s+"
    rf"|\s*[,，]\s*{_AND}|(?:\s*[,，]\s*|\s+{_AND})(?={_BEGINNING})"
    r"|[,，、\s]*(?:另外|顺便|此外)(?:也|再|还)?[,，\s]*"
    r"|[,，、\s]+(?:还有|再就是|对了|同时|以及|然后|并且|而且|再问)(?:一下|个)?[,，\s]*"
    r"|(?<=[\u3400-\u9fff])\s*[,，]\s*|\s*[,，]\s*(?=[\u3400-\u9fff])",
    re.IGNORECASE,
)
_MARKS = " \t\r\n,，、;；–—-"
_POINTING = re.compile(r"\b(?:it|its|that|this|they|them|their|those|she|he|her|his|there|one)\b|它|其", re.IGNORECASE)
_SHORT = 12  # characters: "and how quickly"
_SHORT_ZH = 3
_BARE_ZH = re.compile(
    r"(?:那|请问|我)?(?:该|要|应该)?(?:怎么办|怎么回事|为什么|可以吗|行吗|好吗|对吗|谢谢)[啊呢呀]?[?？。！!]?"
)


def clauses(text: str) -> list[Span]:
    """The clauses in order, each with what means little without it; one, or none, where nothing can be cut off."""
    return list(_joined(text, _pieces(text)))


def says_little(clause: str) -> bool:
    """Whether a clause leans on the one before it: "and how fast", "and what does it cost"."""
    told = len(set(words(clause)))
    return not told or (told == 1 and bool(_POINTING.search(clause) or len(clause) < _SHORT))


def _pieces(text: str) -> Iterator[Span]:
    """Between the cuts, without the marks round about."""
    begun = 0
    for begins, ends in [*(cut.span() for cut in _CUT.finditer(text)), (len(text), len(text))]:
        bare = text[begun:begins].lstrip(_MARKS)
        if bare:
            start = begins - len(bare)
            yield start, start + len(bare.rstrip(_MARKS))
        begun = ends


def _joined(text: str, pieces: Iterator[Span]) -> Iterator[Span]:
    """Pieces that lean go with the piece before them; at the beginning, with the one after."""
    held: Span | None = None
    for piece in pieces:
        if held is None:
            held = piece
        elif _leans(text, piece) or _leans(text, held):
            held = held[0], piece[1]
        else:
            yield held
            held = piece
    if held is not None:
        yield held


def _leans(text: str, span: Span) -> bool:
    clause = text[span[0] : span[1]]
    if says_little(clause):
        return True
    characters = len(HAN.findall(clause))
    return bool(characters) and (characters < _SHORT_ZH or _BARE_ZH.fullmatch(clause) is not None)
