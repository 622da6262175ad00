"""Citation marks in a model's text: cleaned while it streams, and followed back to the words they rest on."""

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from agent.types import Citation, Fact
from knowledge.cutting.spans import split_spans
from knowledge.text.words import words
from knowledge.types import Passage

# [1]  [1, 2]  【1】  ［1］; [1-3] is left alone: a range is not a mark.
_MARK = re.compile(r"[\[【［](\d{1,3}(?: ?[,，、;] ?\d{1,3}){0,15})[\]】］]")
# What may still become a mark: no mark is longer, and a mark begins with the one bracket that it opens with.
_OPEN = re.compile(r"[\[【［][\d ,，、;]{0,93}\Z")
_PLAIN = re.compile(r"\[(\d{1,3})\]")
_CLAUSE_END = re.compile(r"[.!?]\s|[。！？\n]")


class MarkStream:
    """Lets text through as it comes, with every mark written [n] and marks of no evidence left out.

    A mark that is not complete yet is held back, so the pieces in which text arrives change nothing of the result.
    """

    def __init__(self, evidence_count: int) -> None:
        self._count = evidence_count
        self._held = ""

    def feed(self, piece: str) -> str:
        """What can be said now."""
        text = self._held + piece
        cut = match.start() if (match := _OPEN.search(text)) else len(text)
        self._held = text[cut:]
        return _MARK.sub(self._mark, text[:cut])

    def end(self) -> str:
        """What was still held back: it will be no mark any more."""
        held, self._held = self._held, ""
        return held

    def _mark(self, match: re.Match[str]) -> str:
        numbers = (int(number) for number in re.findall(r"\d+", match[1]))
        return "".join(f"[{number}]" for number in dict.fromkeys(numbers) if 1 <= number <= self._count)


def citations_in(text: str, evidence: Sequence[Passage | Fact]) -> tuple[Citation, ...]:
    """One citation for each mark used, in order of number; its quote is what fits the marked sentences best."""
    claims: dict[int, list[str]] = {}
    for match in _PLAIN.finditer(text):
        number = int(match[1])
        if 1 <= number <= len(evidence):
            claims.setdefault(number, []).append(_clause(text[: match.start()]))
    return tuple(_citation(number, evidence[number - 1], " ".join(claims[number])) for number in sorted(claims))


def cited_facts(citations: Sequence[Citation], evidence: Sequence[Passage | Fact]) -> tuple[Fact, ...]:
    """The facts among what was cited."""
    used = (evidence[citation.n - 1] for citation in citations)
    return tuple(item for item in used if isinstance(item, Fact))


def fact_line(fact: Fact) -> str:
    """A fact on one line, in the source's own words; a model reads it so, and its citation quotes it so."""
    return " · ".join(" ".join(part.split()) for part in (fact.head, fact.relation, fact.tail))


def _clause(before: str) -> str:
    """The last sentence of what stands before a mark."""
    bare = _PLAIN.sub("", before).rstrip()
    ends = [match.end() for match in _CLAUSE_END.finditer(bare[:-1])]
    return bare[ends[-1] if ends else 0 :]


def _citation(number: int, item: Passage | Fact, claim: str) -> Citation:
    if isinstance(item, Fact):
        return Citation(n=number, source_id=item.source_id, title=item.head, url=None, quote=fact_line(item))
    return Citation(n=number, source_id=item.source_id, title=item.title, url=item.url, quote=_quote(item.text, claim))


def _quote(passage_text: str, claim: str) -> str:
    """The span that shares most of the claim's words, verbatim; the shorter of two that share as many."""
    wanted = Counter(words(claim))
    return max(_spans(passage_text), key=lambda span: (sum((span[1] & wanted).values()), -len(span[0])))[0]


@lru_cache(maxsize=128)
def _spans(passage_text: str) -> list[tuple[str, Counter[str]]]:
    """The spans of a passage with their words: what customers ask about most is cited again and again."""
    spans = [span.text for span in split_spans(passage_text)] or [passage_text.strip()]
    return [(span, Counter(words(span))) for span in spans]
