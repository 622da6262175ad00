"""What can be told of each span of a passage without knowing the question; remembered, as passages come again."""

import math
import re
from dataclasses import dataclass
from functools import lru_cache

from agent.generate.extractive.answer_types import AnswerType, held
from knowledge.cutting.spans import Span, SpanKind, split_spans
from knowledge.text.words import words
from knowledge.types import Passage

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_TIPS = re.compile(
    r"\b(?:tips?|best practices?|troubleshoot\w*|getting help|next steps|common (?:questions|issues))\b|技巧|小贴士|提示",
    re.IGNORECASE,
)
_CONDITION = re.compile(r"\b(?:if|unless|when|once|until|provided|except)\b|如果|若|除非|当.{1,12}时", re.IGNORECASE)
_STAFF = re.compile(
    r"\binternal\b|\bthe customer\b|\bcustomer's\b|\bthe agent\b|user_id|\btool\b|\bverify the\b|客服人员|内部",
    re.IGNORECASE,
)
_PLACEHOLDER = re.compile(
    r"\[(?:[\w ]{0,30}\b(?:not available|unavailable|tbd|tba|placeholder|insert|your [\w ]+ here)\b[\w ]{0,20})\]|\{\{[^}]*\}\}|\bTBD\b|\bTBA\b"
    r"|\$\{[^}]*\}|<(?:insert|placeholder)[^>]*>|\bX{2,}\b|[\[【（(](?:待定|待补充|待填写|暂无|占位)[\]】）)]",
    re.IGNORECASE,
)
_COURTESY = re.compile(
    r"^(?=\D*$).*(?:hesitate to|here to help|happy to help|feel free to (?:contact|reach)|thank(?:s| you) for"
    r"|if you have (?:any )?(?:other |more |further |additional )?questions|如有.{0,6}(?:疑问|问题)|感谢您|竭诚为您)",
    re.IGNORECASE,
)
_ADVICE = re.compile(
    r"^\W*(?:keep|review|monitor|consider|check|confirm|ensure|use|track|plan|set|verify|remember|avoid|maintain)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facets:
    """terms: of the span alone; heading: of the headings and lead right above it; context: of all above it and itself.

    numbers: digits that stand in it; unfilled: whether a placeholder stands where a value should ("[not available]").
    static:  fixed features, as STATIC names them.
    quotable: whether it says something by itself: "Fees:", a question alone or "We're here to help" does not.
    """

    span: Span
    index: int
    terms: frozenset[str]
    heading: frozenset[str]
    context: frozenset[str]
    held: frozenset[AnswerType]
    numbers: frozenset[str]
    unfilled: bool
    static: tuple[float, ...]
    quotable: bool


STATIC = ("item", "row", "length", "staff", "tips", "condition", "advice", "place", "numbers")


@lru_cache(maxsize=4096)
def facets_of(passage: Passage) -> tuple[Facets, ...]:
    """Of all spans of a passage, with the number each has in `split_spans`."""
    spans = split_spans(passage.text)
    title = frozenset(words(" ".join([passage.title, *passage.section])))
    return tuple(_facets(passage, span, index, len(spans), title) for index, span in enumerate(spans))


@lru_cache(maxsize=1024)
def terms_of(passage: Passage) -> frozenset[str]:
    """The words of all that a passage says, and of what stands above it."""
    return frozenset[str]().union(*(facets.context for facets in facets_of(passage)))


def numbers_in(text: str) -> frozenset[str]:
    """Numbers as they are compared: without commas and trailing zeros after the point."""
    found = (match.replace(",", "") for match in _NUMBER.findall(text))
    return frozenset(number.rstrip("0").rstrip(".") if "." in number else number for number in found)


def _facets(passage: Passage, span: Span, index: int, count: int, title: frozenset[str]) -> Facets:
    own = words(span.text)
    heading = frozenset(words(f"{span.heading} {span.lead}"))
    numbers = numbers_in(span.text)
    static = (
        float(span.kind is SpanKind.ITEM),
        float(span.kind is SpanKind.ROW),
        math.log1p(len(own)) / 4,
        float(bool(_STAFF.search(f"{passage.title} {span.text}"))),
        float(bool(_TIPS.search(span.heading))),
        float(bool(_CONDITION.search(span.text))),
        float(bool(_ADVICE.search(span.text))),
        index / max(1, count - 1),
        min(3, len(numbers)) / 3,
    )
    return Facets(
        span=span,
        index=index,
        terms=frozenset(own),
        heading=heading,
        context=frozenset(own) | heading | title,
        held=held(span.text),
        numbers=numbers,
        unfilled=bool(_PLACEHOLDER.search(span.text)),
        static=static,
        quotable=not (span.text.rstrip("*_ ").endswith((":", "：", "?", "？")) or _COURTESY.match(span.text)),
    )
