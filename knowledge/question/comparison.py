"""Which names a question sets beside each other, and what it asks of each: "Silver or Gold", "the fee on Blue and Bluest".

Two names in one question are no comparison: "what does the Gold Card add to Silver Savings" asks of the pair.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from knowledge.index.names import Name
from knowledge.text.han import HAN

COMPARING = re.compile(
    r"\b(?:or|vs|versus|compare[ds]?|between|difference|both|each|either|than)\b|还是|比|区别|分别|各", re.I
)
_SET_AGAINST = re.compile(
    r"\b(?:vs|versus|compare[ds]?|difference|each(?!\s+(?:of\s+(?!us\b|them\b)|time\b|month\b|year\b|day\b))"
    r"|than)\b|区别|分别|各|哪个|更",
    re.I,
)
_ADDED_UP = re.compile(
    r"\b(?:both|together|combined|add(?:ed|s)?(?: up)?|extra|boost|bonus(?:es)?|link(?:ed|ing)?)\b", re.I
)
_KIND = r"(?:\s+[\w'’-]+){0,2}?"
_WORD_BEFORE = (
    r"(?:(?:for|of|on|with|in|at|from|by|the|an?|my|your|our|that|plain|normal|just|only|what|whats|which|"
    r"personal|regular)\s+){0,3}"
)
_BETWEEN = re.compile(
    rf"(?P<kind>(?:['’]s)?{_KIND})\s*(?:,?\s*\b(?P<sign>and|or|vs\.?|versus|than|against|compared?\s+(?:to"
    rf"|with))|(?<!\bw)/|[+&、]|和|跟|与|及"
    rf"|还是|或者?|比)\s*(?:and\s+)?{_WORD_BEFORE}",
    re.IGNORECASE,
)
_LISTED = re.compile(rf"{_KIND}\s*,\s*{_WORD_BEFORE}", re.IGNORECASE)
_TOLD = re.compile(
    r"\s*(?:(?:if|when|since|because|as)\s+)?(?:i|we|my|our|he|she|they)(?:['’]\w+)?\s(?!.*\b(?:what|how|which|do|does|is|are|can)\b)",
    re.I,
)
_SAYS_SO = re.compile(
    r"(?<!\w)(?:the\s+difference\s+between|between|both|either)\s+|(?:\s+(?:of|for|on|with))?\s+each\b", re.IGNORECASE
)
_EACH_DOES = re.compile(r"\b(do|does|did|is|are)\s+each(?:\s+one)?\b(?=\s+\w)", re.IGNORECASE)
_OWNED = re.compile(r"(?:\s\w+)?['’]s\b")
_COMPARES = re.compile(r"^\s*compare\s+|^\s*how do(?:es)?\s+", re.IGNORECASE)
_TWICE = re.compile(r"\b([A-Za-z0-9]+)(?:\s+\1(?![A-Za-z0-9]))+")
_MAX = 3


@dataclass(frozen=True, kw_only=True)
class _Said:
    """Where a question says a name."""

    name: Name
    start: int
    end: int


def compared(question: str, found: Sequence[Name]) -> tuple[tuple[str, Name], ...]:
    """The question once for each name that it sets beside another one, without the others; none where it does not."""
    said = _said(question, found)
    run = _side_by_side(question, said)
    if len(run) > 1:
        return tuple((_only(question, run, one), one.name) for one in run[:_MAX])
    apart = list(dict.fromkeys(one.name for one in said if len(one.name) > 1))
    if len(apart) > 1 and _SET_AGAINST.search(question):
        return tuple((_without_others(question, apart, name), name) for name in apart[:_MAX])
    return ()


def without(text: str, name: Name) -> str:
    """The text without a name, or without as much of its beginning as is said."""
    for length in range(len(name), 0, -1):
        rest, found = re.subn(_said_pattern(name, length), " ", text, flags=re.IGNORECASE)
        if found:
            return rest
    return text


def name_pattern(name: Name) -> str:
    """A regular expression for a name, however its words are set apart."""
    return r"[\s-]*".join(re.escape(part) for word in name for part in word.split("-"))


def _said_pattern(name: Name, length: int) -> str:
    """A name said with its first words, the rest left out or in, also of several ("gold cards")."""
    rest = "|".join(re.escape(word) for word in name[length:] if word.isascii())
    pattern = name_pattern(name[:length]) + (rf"(?:[\s-]+(?:{rest})\b)*" if rest else "")
    before = r"(?<![a-z0-9])" if name[0].isascii() else ""
    return before + pattern + (r"s?(?![a-z0-9])" if name[length - 1].isascii() else "")


def _said(question: str, found: Sequence[Name]) -> list[_Said]:
    """Every mention in order; longer names first, so that "silver" is not found in "silver plus"."""
    taken: list[_Said] = []
    for name in sorted(found, key=len, reverse=True):
        for length in range(len(name), 0, -1):
            spans = [match.span() for match in re.finditer(_said_pattern(name, length), question, re.IGNORECASE)]
            free = [(a, z) for a, z in spans if not any(a < one.end and one.start < z for one in taken)]
            taken += [_Said(name=name, start=a, end=z) for a, z in free]
            if free:
                break
    return sorted(taken, key=lambda one: one.start)


def _side_by_side(question: str, said: Sequence[_Said]) -> list[_Said]:
    """The first run of different names that are joined; not in what is only told, nor where their effects are added up."""
    best: list[_Said] = []
    run: list[_Said] = list(said[:1])
    for before, after in pairwise(said):
        between = question[before.end : after.start]
        joined = _BETWEEN.fullmatch(between) or (_LISTED.fullmatch(between) and _SET_AGAINST.search(question))
        if joined and after.name not in [one.name for one in run]:
            run.append(after)
        else:
            best, run = max(best, run, key=len), [after]
    best = max(best, run, key=len)
    return [] if len(best) < 2 or _is_told(question, best) else best


def _is_told(question: str, run: Sequence[_Said]) -> bool:
    """Whether the names are told of ("I hold Gold and Silver, …"), or asked of as one ("… do both count on Blue?")."""
    before = question[: run[0].start]
    starts = {max(before.rfind(sign) + 1 for sign in signs) for signs in (".?;。？", ",.?;，。？")}
    if re.search(r"\b(?:each|which|better|difference|or|vs|than)\b|各|分别|哪", question, re.IGNORECASE):
        return False
    told = any(_TOLD.match(question[start : run[-1].end]) for start in starts)
    return told or bool(_ADDED_UP.search(question))


def _only(question: str, run: Sequence[_Said], one: _Said) -> str:
    """The question with one name of the run in the run's place, each with the kind of thing that follows it."""
    before, after = question[: run[0].start], question[run[-1].end :]
    kinds = [_kind(question[one.end : other.start]) for one, other in pairwise(run)]
    if owned := _OWNED.match(after):  # "Blue's monthly fee and Gold's"
        after = after[owned.end() :]
        kinds.append(kinds[-1])
    own = dict(zip([said.name for said in run], kinds, strict=False)).get(one.name, "")
    text = f"{before}{question[one.start : one.end]}{own}{after}"
    text = _SAYS_SO.sub("", _EACH_DOES.sub(r"\1 it", text))
    text = _TWICE.sub(r"\1", text)
    return _COMPARES.sub("", text) if re.search(r"\bcompared?\b", question, re.IGNORECASE) else text


def _kind(between: str) -> str:
    """ "Savings account" in "Gold savings account and Silver"."""
    found = _BETWEEN.fullmatch(between)
    return found["kind"] if found else ""


def _without_others(question: str, names: Sequence[Name], name: Name) -> str:
    """The question without the names other than one; what the other's name begins stays."""
    text = question
    for other in names:
        if other != name and other != name[: len(other)]:
            text = without(text, other)
    return " ".join(text.split()) if not HAN.search(text) else text
