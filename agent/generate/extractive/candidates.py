"""Candidate spans for an answer, each with the features by which it is ranked."""

import math
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from agent.generate.extractive.answer_types import AnswerType, held, wanted
from knowledge.names import Name
from knowledge.parts import QuestionPart
from knowledge.spans import Span, SpanKind, split_spans
from knowledge.types import Passage, PassageEvidence
from knowledge.words import words

Vectors = npt.NDArray[np.float32]

FEATURES = (
    "similarity",  # cosine of the question with the span in its context
    "similarity_rank",  # 1 for the most similar span of all candidates, less for each after it
    "coverage",  # share of the question's words, weighted by rarity among the candidates, that the span holds
    "coverage_in_context",  # the same with lead, headings and title
    "passage",  # fused score of the passage over that of the best
    "passage_rank",  # 1 / rank of the passage
    "name",  # 1 where the passage stands under a name that the question bears, 0 where under others only
    "type_held",  # share of the wanted kinds of answer that the span holds
    "type_missing",  # 1 where kinds are wanted and none is held
    "digits",  # 1 where an exact value is wanted and the span has a digit
    "item",  # 1 for a list item, 0 for a sentence
    "row",  # 1 for a table row
    "brevity",  # 1 for a short span, towards 0 for a long one
    "staff",  # 1 where the span speaks to staff, not to customers
)
_EXACT = {AnswerType.MONEY, AnswerType.PERCENT, AnswerType.DURATION, AnswerType.CLOCK, AnswerType.COUNT}
_STAFF_CUES = (
    "internal",
    "the customer",
    "customer's",
    "the agent",
    "user_id",
    "tool",
    "verify the",
    "客服人员",
    "内部",
)


class SpanSource(Protocol):
    """What the composer needs of the library."""

    def question_parts(self, question: str) -> tuple[QuestionPart, ...]: ...

    def name_match(self, passage_id: str, names: Sequence[Name]) -> float: ...

    def span_vectors(self, passage_ids: Sequence[str]) -> dict[str, Vectors]: ...

    def embed_query(self, text: str) -> Vectors: ...

    def embeds(self, language: str) -> bool: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A span that may answer. features: [len(FEATURES)] float32; terms: index terms of the span alone."""

    passage: Passage
    span: Span
    index: int
    features: npt.NDArray[np.float32]
    terms: frozenset[str]
    context: frozenset[str]


def candidates(
    part: QuestionPart, evidence: Sequence[PassageEvidence], source: SpanSource, language: str
) -> list[Candidate]:
    """Every span of the evidence with its features for this part of the question."""
    spans = [(rank, found, split_spans(found.passage.text)) for rank, found in enumerate(evidence)]
    flat = [(rank, found, index, span) for rank, found, of_passage in spans for index, span in enumerate(of_passage)]
    if not flat:
        return []
    similar = _similarities(part, evidence, source, language)
    asked = Counter(words(part.text))
    terms = [frozenset(words(span.text)) for _, _, _, span in flat]
    above = {found.passage.id: _above(found.passage) for found in evidence}
    contexts = [
        own | above[found.passage.id] | frozenset(words(f"{span.heading} {span.lead}"))
        for own, (_, found, _, span) in zip(terms, flat, strict=True)
    ]
    rarity = _rarity(asked, terms)
    kinds = wanted(part.text)
    best = max(found.score for found in evidence) or 1.0
    matches = {
        found.passage.id: source.name_match(found.passage.id, part.names) if part.names else 0.5 for found in evidence
    }
    values = [similar.get((found.passage.id, index), 0.0) for _, found, index, _ in flat]
    order = {place: rank for rank, place in enumerate(np.argsort(-np.asarray(values), kind="stable").tolist())}
    result = []
    for place, (rank, found, index, span) in enumerate(flat):
        has = held(span.text)
        features = [
            values[place],
            1 / (1 + order[place]),
            _coverage(rarity, terms[place]),
            _coverage(rarity, contexts[place]),
            found.score / best,
            1 / (1 + rank),
            matches[found.passage.id],
            len(kinds & has) / len(kinds) if kinds else 0.0,
            float(bool(kinds) and not kinds & has),
            float(bool(kinds & _EXACT) and any(character.isdigit() for character in span.text)),
            float(span.kind is SpanKind.ITEM),
            float(span.kind is SpanKind.ROW),
            1 / (1 + math.exp((len(words(span.text)) - 25) / 8)),
            float(any(cue in f"{found.passage.title} {span.text}".lower() for cue in _STAFF_CUES)),
        ]
        result.append(
            Candidate(
                passage=found.passage,
                span=span,
                index=index,
                features=np.asarray(features, dtype=np.float32),
                terms=terms[place],
                context=contexts[place],
            )
        )
    return result


def _similarities(
    part: QuestionPart, evidence: Sequence[PassageEvidence], source: SpanSource, language: str
) -> dict[tuple[str, int], float]:
    """Cosine of the question with each span, by passage and number; empty where vectors mean nothing."""
    if not source.embeds(language):
        return {}
    query = source.embed_query(part.text)
    matrices = source.span_vectors([found.passage.id for found in evidence])
    return {
        (passage_id, index): float(value)
        for passage_id, matrix in matrices.items()
        for index, value in enumerate(matrix @ query)
    }


def _above(passage: Passage) -> frozenset[str]:
    return frozenset(words(" ".join([passage.title, *passage.section])))


def _rarity(asked: Mapping[str, int], terms: Sequence[Collection[str]]) -> dict[str, float]:
    """Weight of each word asked: high where few candidates hold it, so that it tells them apart."""
    total = len(terms)
    counts = {word: sum(word in own for own in terms) for word in asked}
    return {word: math.log(1 + total / (1 + count)) for word, count in counts.items()}


def _coverage(rarity: Mapping[str, float], terms: Collection[str]) -> float:
    total = sum(rarity.values())
    return sum(weight for word, weight in rarity.items() if word in terms) / total if total else 0.0
