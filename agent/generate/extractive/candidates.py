"""Candidate spans for an answer, each with the features by which it is ranked."""

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import numpy.typing as npt

from agent.generate.extractive.answer_types import AnswerType, wanted
from agent.generate.extractive.facets import STATIC, Facets, facets_of, numbers_in
from agent.generate.extractive.rows import cells
from knowledge.cutting.spans import Span, SpanKind
from knowledge.index.names import Name
from knowledge.question.comparison import name_pattern
from knowledge.question.parts import QuestionPart
from knowledge.types import Passage, PassageEvidence

Vectors = npt.NDArray[np.float32]

_KINDS = {kind: place for place, kind in enumerate(AnswerType)}
_EXACT = (AnswerType.MONEY, AnswerType.PERCENT, AnswerType.DURATION, AnswerType.CLOCK, AnswerType.COUNT)

FEATURES = (
    "similarity",  # cosine of the question with the span in its context
    "similarity_bare",  # the same for the question without its names
    "below_best",  # similarity minus that of the most similar candidate
    "below_best_bare",
    "rank",  # 1 / rank by similarity
    "rank_bare",
    "beside",  # the higher similarity of the spans before and after it
    "coverage",  # share of the question's words, weighted by rarity among the candidates, that the span holds
    "coverage_heading",  # the same for the headings and lead right above the span
    "coverage_context",  # the same for all of them and the title
    "coverage_rank",  # 1 / rank by coverage in context
    "passage_below_best",  # fused score of the passage minus that of the best
    "passage_rank",  # 1 / rank of the passage
    "name",  # 1 where the passage stands under a name that the question bears, 0 where under others only
    "type_held",  # share of the wanted kinds of answer that the span holds
    "type_missing",  # 1 where kinds are wanted and none is held
    "new_number",  # 1 where an exact value is wanted and the span has a number that the question has not
    "only_asked_numbers",  # 1 where all numbers of the span stand in the question
    "shared_number",  # 1 where a number of the question stands in the span
    *(f"held_{kind}" for kind in AnswerType),  # 1 where this kind is wanted and held
    *(f"missing_{kind}" for kind in AnswerType),  # 1 where it is wanted and not held
    *STATIC,
)


class SpanSource(Protocol):
    """What the composer needs of the library."""

    def question_parts(self, question: str) -> tuple[QuestionPart, ...]: ...

    def name_match(self, passage_id: str, names: Sequence[Name]) -> float: ...

    def is_about_another(self, passage: Passage, names: Sequence[Name]) -> bool: ...

    def span_vectors(self, passage_ids: Sequence[str]) -> dict[str, Vectors]: ...

    def embed_query(self, text: str) -> Vectors: ...

    def compares(self, language: str) -> bool: ...

    def languages(self) -> Collection[str]: ...

    def names_in(self, text: str) -> tuple[Name, ...]: ...

    def names_of(self, passage_id: str) -> frozenset[Name]: ...

    def entitles(self, term: str) -> bool: ...

    def known_share(self, terms: Collection[str]) -> float: ...

    def entitled_alike(self, title: str) -> Sequence[Passage]: ...

    def passages_shown(self, source_ids: Sequence[str]) -> Sequence[Passage]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A span that may answer."""

    passage: Passage
    facets: Facets

    @property
    def span(self) -> Span:
        return self.facets.span

    @property
    def index(self) -> int:
        return self.facets.index


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """spans: [n]; features: [n, len(FEATURES)] float32; has_vectors: whether similarities mean anything.

    foreign: ids of passages whose titles name another thing than the one asked about.
    beside: places of rows and items of other things, in a table or list that has one of the thing asked about.
    singled_out: by the ids of records, the numbers of the fields by which the question singles each out.
    """

    spans: tuple[Candidate, ...]
    features: npt.NDArray[np.float32]
    has_vectors: bool
    foreign: frozenset[str] = frozenset()
    beside: frozenset[int] = frozenset()
    singled_out: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    def column(self, name: str) -> npt.NDArray[np.float32]:
        """[n] one feature."""
        return np.asarray(self.features[:, FEATURES.index(name)], dtype=np.float32)


def candidates(
    part: QuestionPart, evidence: Sequence[PassageEvidence], source: SpanSource, *, has_vectors: bool
) -> Candidates | None:
    """Every quotable span of the evidence with its features for this part of the question; None without any.

    has_vectors: whether those of the source are to be compared.
    """
    found = [
        (rank, item, facets)
        for rank, item in enumerate(evidence)
        for facets in facets_of(item.passage)
        if facets.quotable
    ]
    if not found:
        return None
    spans = tuple(Candidate(passage=item.passage, facets=facets) for _, item, facets in found)
    columns = _similarity_columns(part, spans, source) if has_vectors else np.zeros((len(found), 7), np.float32)
    blocks = [
        columns,
        _coverage_columns(part, spans),
        _passage_columns(part, found, source),
        _type_columns(part, spans),
    ]
    static = np.array([candidate.facets.static for candidate in spans], dtype=np.float32)
    features = np.hstack([*blocks, static]).astype(np.float32)
    foreign = frozenset(i.passage.id for i in evidence if source.is_about_another(i.passage, part.names))
    beside = _beside(part, spans, source)
    return Candidates(spans=spans, features=features, has_vectors=has_vectors, foreign=foreign, beside=beside)


def _beside(part: QuestionPart, spans: Sequence[Candidate], source: SpanSource) -> frozenset[int]:
    """Places of rows and items that name others, where one beside them names what is asked about in the same place."""
    if not part.names:
        return frozenset()
    groups: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for place, one in enumerate(spans):
        if one.span.kind is not SpanKind.SENTENCE:
            groups[one.passage.id, one.span.heading, one.span.lead].append(place)
    asked = re.compile("|".join(map(name_pattern, part.names)), re.IGNORECASE)
    others: set[int] = set()
    for group in groups.values():
        if any(asked.search(spans[place].span.text) for place in group):
            columns = zip(*(_columns(spans[place].span) for place in group), strict=False)
            others.update(at for column in columns for at in _of_others(part, group, column, source))
    return frozenset(others)


def _of_others(part: QuestionPart, group: Sequence[int], column: Sequence[str], source: SpanSource) -> list[int]:
    """Places whose cell names other things; none where no cell of the column names what is asked about."""
    names = [source.names_in(cell) for cell in column]
    own = [any(map(part.is_of, found)) for found in names]
    return [at for at, found, is_own in zip(group, names, own, strict=True) if any(own) and found and not is_own]


def _columns(span: Span) -> list[str]:
    """The cells of a row; what an item begins with."""
    if span.kind is SpanKind.ROW:
        return cells(span.text)
    return [re.split(r"[:：,，;；.。–—]", span.text, maxsplit=1)[0]]


def _similarity_columns(part: QuestionPart, spans: Sequence[Candidate], source: SpanSource) -> Vectors:
    """[n, 7]: similarity … beside."""
    asked = np.stack([source.embed_query(part.text), source.embed_query(part.bare)], axis=1)
    matrices = source.span_vectors(list(dict.fromkeys(c.passage.id for c in spans)))
    all_values = {passage_id: matrix @ asked for passage_id, matrix in matrices.items()}
    blank = np.zeros(2, dtype=np.float32)
    values = np.stack([_at(all_values.get(c.passage.id), c.index, blank) for c in spans])
    beside = [
        max(
            _at(all_values.get(c.passage.id), c.index - 1, blank)[0],
            _at(all_values.get(c.passage.id), c.index + 1, blank)[0],
        )
        for c in spans
    ]
    ranks = np.stack([_reciprocal_ranks(values[:, 0]), _reciprocal_ranks(values[:, 1])], axis=1)
    return np.hstack([values, values - values.max(axis=0), ranks, np.array(beside)[:, None]])


def _at(values: Vectors | None, index: int, blank: Vectors) -> Vectors:
    return values[index] if values is not None and 0 <= index < len(values) else blank


def _reciprocal_ranks(values: Vectors) -> Vectors:
    ranks = np.empty(len(values), dtype=np.float32)
    ranks[np.argsort(-values, kind="stable")] = 1 / np.arange(1, len(values) + 1)
    return ranks


def _coverage_columns(part: QuestionPart, spans: Sequence[Candidate]) -> Vectors:
    """[n, 4]: coverage … coverage_rank, of the words of the question without its names."""
    rarity = _rarity(part.terms, spans)
    asked, total = frozenset(rarity), sum(rarity.values())
    values = np.array(
        [
            [_covered(rarity, asked, total, terms) for terms in (c.facets.terms, c.facets.heading, c.facets.context)]
            for c in spans
        ],
        dtype=np.float32,
    )
    return np.hstack([values, _reciprocal_ranks(values[:, 2] + 0.5 * values[:, 0])[:, None]])


def _rarity(asked: Collection[str], spans: Sequence[Candidate]) -> dict[str, float]:
    """Weight of each word asked: high where few candidates hold it, so that it tells them apart."""
    counts = {word: sum(word in c.facets.terms for c in spans) for word in asked}
    return {word: float(np.log(1 + len(spans) / (1 + count))) for word, count in counts.items()}


def _covered(rarity: Mapping[str, float], asked: frozenset[str], total: float, terms: frozenset[str]) -> float:
    """Share of the weight of all words asked, `total`, that stand among the terms."""
    if not total or asked.isdisjoint(terms):
        return 0.0
    return sum(weight for word, weight in rarity.items() if word in terms) / total


def _passage_columns(
    part: QuestionPart, found: Sequence[tuple[int, PassageEvidence, Facets]], source: SpanSource
) -> Vectors:
    """[n, 3]: passage_below_best, passage_rank, name."""
    best = max(item.score for _, item, _ in found)
    ids = {item.passage.id for _, item, _ in found}
    match = {id_: source.name_match(id_, part.names) if part.names else 0.5 for id_ in ids}
    return np.array([[item.score - best, 1 / (1 + rank), match[item.passage.id]] for rank, item, _ in found])


def _type_columns(part: QuestionPart, spans: Sequence[Candidate]) -> Vectors:
    """[n, 5 + 2 · kinds]: type_held … missing_*."""
    kinds, asked = wanted(part.text), numbers_in(part.bare)
    exact = bool(kinds & set(_EXACT))
    columns = np.zeros((len(spans), 5 + 2 * len(_KINDS)), dtype=np.float32)
    for row, candidate in zip(columns, spans, strict=True):
        has, numbers = candidate.facets.held & kinds, candidate.facets.numbers
        if numbers:
            row[2:5] = exact and bool(numbers - asked), numbers <= asked, bool(numbers & asked)
        if not kinds:
            continue
        row[:2] = len(has) / len(kinds), not has
        for kind in kinds:
            row[5 + _KINDS[kind] + (0 if kind in has else len(_KINDS))] = 1
    return columns
