"""What a question is about, apart from the words that make a question of it, and the rows that it compares."""

import re
from collections import defaultdict
from collections.abc import Collection, Sequence

import numpy as np
import numpy.typing as npt

from agent.generate.extractive.candidates import Candidate
from agent.generate.extractive.wholes import label
from agent.understand.content_words import DULL
from knowledge.cutting.spans import SpanKind
from knowledge.question.parts import QuestionPart
from knowledge.text.han import HAN
from knowledge.text.words import words

Array = npt.NDArray[np.float32]

_GRAMMAR = re.compile(r"[可以能吗有没不么呢在里边会提供支持是否的那这吧啊个去想要用做了给你们我店也]|什么|怎么")
_ASKING = re.compile(rf"{_GRAMMAR.pattern}|[还行就都得嘛把被跟和与或及将让请问下一几多少久谁哪钱]")

_COMPARING = re.compile(
    r"\b(?:than|versus|vs|or|differences?|differ|compared?|comparison|between|better)\b|还是|比|区别|差别|哪个|不同",
    re.IGNORECASE,
)
_BEFORE = np.float32(6.0)
USUAL = np.float32(0.55)
"""Share of what a Chinese question is about that stands in a span which may or may not answer it."""


def content_terms(text: str) -> frozenset[str]:
    """Index terms of what a text is about; of Chinese, pairs of characters between those of grammar."""
    if HAN.search(text):
        return frozenset(word for word in words(_GRAMMAR.sub(" ", text)) if len(word) > 1)
    return frozenset(words(" ".join(word for word in re.findall(r"[\w'’-]+", text) if word.lower() not in DULL)))


def characters_meant(text: str) -> list[str]:
    """The Chinese characters that say what a question is about, and its other words without numbers; none of an English text."""
    if not HAN.search(text):
        return []
    return [
        word for word in words(_ASKING.sub(" ", text)) if not word[0].isdigit() and not (HAN.match(word) and word[1:])
    ]


def shares_meant(part: QuestionPart, spans: Sequence[Candidate]) -> Array:
    """[n] of what a Chinese question is about, the share that a Chinese span and what stands above it hold; else what is USUAL."""
    asked = characters_meant(part.text)
    return np.array(
        [
            sum(word in one.facets.context for word in asked) / len(asked)
            if asked and one.passage.language == "zh"
            else USUAL
            for one in spans
        ],
        dtype=np.float32,
    )


def of_rows_compared(part: QuestionPart, spans: Sequence[Candidate], logits: Array) -> Array:
    """The logits [n]; where a question compares things that are the rows of one table, those rows come before what tells of one more."""
    if not _COMPARING.search(part.text):
        return logits
    asked = f" {_spaced(part.text)} "
    tables: dict[tuple[str, str], list[int]] = defaultdict(list)
    for place, one in enumerate(spans):
        name = _spaced(label(one)) if _is_row(one) else ""
        if name and (f" {name} " in asked or (HAN.search(name) and name in asked)):
            tables[one.passage.id, one.span.lead].append(place)
    rows = [place for places in tables.values() if len(places) > 1 for place in places]
    before = logits.copy()
    before[rows] += _BEFORE
    return before


def _spaced(text: str) -> str:
    """The words of a text in small letters, with single spaces: "Off-Peak" is "off peak"."""
    return " ".join(re.findall(r"\w+", text.lower()))


def _is_row(one: Candidate) -> bool:
    return one.span.kind is SpanKind.ROW


def _head(one: Candidate) -> Collection[str]:
    return frozenset(words(" ".join((one.passage.title, *one.passage.section, one.span.heading))))
