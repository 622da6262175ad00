"""What passages state, sentence by sentence, in a form in which two statements can be compared."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from knowledge.cutting.spans import Span, plain, split_spans
from knowledge.text.quantities import Quantity, take_out
from knowledge.text.words import words
from knowledge.types import Passage

_NEGATION = re.compile(
    r"\b(?:not|no|never|cannot|neither|nor|without|unable|don't|doesn't|didn't|won't|can't|isn't|aren't|wasn't|weren't"
    r"|shouldn't|mustn't|wouldn't|couldn't|non)\b[- ]?|(?<!特)别(?!的|人|是|处)|不(?!同|仅|但|足|久|妨|过|论|管|断|错)|未(?!来)|无(?!论|线|障)|没有?|禁止|请勿",
    re.IGNORECASE,
)
_ANSWER = re.compile(r"^\W*(?:yes|no|是的?|否|不是)[.,:;!，。：！]\s*|\bif (?:no|not)\b", re.IGNORECASE)
"""What answers a question, or names a case, denies nothing by itself."""
_NAME = re.compile(r"(?<![.!?:]\s)(?<!^)\b[A-Z][A-Za-z0-9&'-]*")
_FEWEST = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """terms: its words without quantities and negations; above: those of what stands above it (lead, headings, title).

    names: words written with a capital inside it; denies: whether it is negated, an odd number of times.
    """

    passage: Passage
    span: Span
    terms: frozenset[str]
    above: frozenset[str]
    names: frozenset[str]
    quantities: tuple[Quantity, ...]
    denies: bool

    @property
    def units(self) -> tuple[str, ...]:
        """What it counts."""
        return tuple(sorted(quantity.unit for quantity in self.quantities))


def statements(passages: Iterable[Passage]) -> Iterator[Statement]:
    """All statements; headings, questions and fragments are none."""
    for passage in passages:
        for span in split_spans(passage.text):
            said = plain(span.text)
            if not said.rstrip(" *_").endswith(("?", "？")):
                found = _statement(passage, span, said)
                if len(found.terms) + len(found.above) >= _FEWEST and found.terms:
                    yield found


def _statement(passage: Passage, span: Span, said: str) -> Statement:
    quantities, rest = take_out(_ANSWER.sub(" ", said))
    above = " \n".join((passage.title, *passage.section, span.heading, span.lead))
    return Statement(
        passage=passage,
        span=span,
        terms=frozenset(words(_NEGATION.sub("", rest))),
        above=frozenset(words(take_out(above)[1])),
        names=frozenset(name.lower() for name in _NAME.findall(rest)),
        quantities=quantities,
        denies=len(_NEGATION.findall(rest)) % 2 == 1,
    )
