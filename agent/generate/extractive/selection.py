"""Selects, for one part of a question, the few spans that answer it, and says how sure that is."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from agent.generate.extractive.candidates import FEATURES, Candidate, SpanSource, candidates
from agent.generate.extractive.weights import Weights
from knowledge.parts import QuestionPart
from knowledge.spans import SpanKind
from knowledge.types import PassageEvidence
from knowledge.words import words

_MAX_SPANS = 4
_MAX_WORDS = 65
_NEAR = 0.75  # a second span is quoted when its score is at least so much of the best one's
_AT = {name: place for place, name in enumerate(FEATURES)}
_LEANING = (
    "this ",
    "these ",
    "that ",
    "those ",
    "it ",
    "they ",
    "however",
    "otherwise",
    "also",
    "such ",
    "此",
    "该",
    "但",
    "否则",
    "上述",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """spans: in reading order, passage by passage, the best passage first. features: as SUPPORT_FEATURES names them."""

    spans: tuple[Candidate, ...]
    features: npt.NDArray[np.float32]


def select(
    part: QuestionPart, evidence: Sequence[PassageEvidence], source: SpanSource, language: str, weights: Weights
) -> Selection | None:
    """The spans that answer this part best; None when the evidence has no span at all."""
    found = candidates(part, evidence, source, language)
    if not found:
        return None
    scores = weights.rank_scores(found)
    order = np.argsort(-scores, kind="stable").tolist()
    chosen = _chosen(found, scores, order)
    return Selection(
        spans=_in_reading_order(found, chosen), features=_support_features(part, evidence, found, scores, order)
    )


def _chosen(found: Sequence[Candidate], scores: npt.NDArray[np.float32], order: Sequence[int]) -> list[int]:
    """Places of the best span, what it leans on, and others nearly as good, within a few words."""
    best = order[0]
    chosen = [best, *_leaned_on(found, best)]
    length = sum(_length(found[place]) for place in chosen)
    floor = float(scores[best]) * _NEAR if scores[best] > 0 else float(scores[best])
    for place in order[1:]:
        if len(chosen) >= _MAX_SPANS or scores[place] < floor:
            break
        if place in chosen or length + _length(found[place]) > _MAX_WORDS or _says_again(found, chosen, place):
            continue
        chosen.append(place)
        length += _length(found[place])
    return chosen


def _leaned_on(found: Sequence[Candidate], place: int) -> list[int]:
    """The sentence before one that begins with "This", "However": without it, its sense is lost."""
    candidate = found[place]
    if not place or not candidate.span.text.lower().startswith(_LEANING):
        return []
    before = found[place - 1]
    return [place - 1] if before.passage.id == candidate.passage.id else []


def _says_again(found: Sequence[Candidate], chosen: Sequence[int], place: int) -> bool:
    """Whether a span repeats one already chosen, from another passage or the same."""
    own = found[place].terms
    return any(len(own & found[other].terms) > 0.75 * min(len(own), len(found[other].terms)) for other in chosen)


def _length(candidate: Candidate) -> int:
    return max(len(candidate.span.text.split()), len(candidate.span.text) // 6)


def _in_reading_order(found: Sequence[Candidate], chosen: Sequence[int]) -> tuple[Candidate, ...]:
    passages = list(dict.fromkeys(found[place].passage.id for place in chosen))
    picked = [found[place] for place in chosen]
    return tuple(sorted(picked, key=lambda c: (passages.index(c.passage.id), c.index)))


def _support_features(
    part: QuestionPart,
    evidence: Sequence[PassageEvidence],
    found: Sequence[Candidate],
    scores: npt.NDArray[np.float32],
    order: Sequence[int],
) -> npt.NDArray[np.float32]:
    best = found[order[0]]
    quoted = next(item for item in evidence if item.passage.id == best.passage.id)
    rival = next((place for place in order if found[place].passage.source_id != best.passage.source_id), None)
    margin = float(scores[order[0]] - scores[rival]) if rival is not None else 1.0
    asked = frozenset(words(part.text))
    whole = frozenset(words(" ".join([best.passage.title, *best.passage.section, best.passage.text])))
    return np.asarray(
        [
            best.features[_AT["similarity"]],
            max(candidate.features[_AT["similarity"]] for candidate in found),
            best.features[_AT["coverage_in_context"]],
            len(asked & whole) / max(1, len(asked)),
            best.features[_AT["name"]],
            best.features[_AT["type_missing"]],
            margin,
            float(scores[order[0]]),
            float(np.log1p(quoted.arm_scores.get("lexical", 0.0))),
        ],
        dtype=np.float32,
    )


def quoted_line(candidate: Candidate) -> str:
    """The span as it is said: a table row with its header, an item with the lead that gives it sense."""
    span = candidate.span
    text = span.text.strip()
    if span.kind is SpanKind.ROW:
        return _row(span.lead, text)
    text = text.lstrip("-*•+ ").strip()
    if (
        span.kind is SpanKind.ITEM
        and span.lead
        and len(text) < 60
        and span.lead.rstrip(":： ").lower() not in text.lower()
    ):
        separator = "：" if any("\u4e00" <= c <= "\u9fff" for c in text) else ": "
        return f"{span.lead.rstrip(':： ')}{separator}{text}"
    return text


def _row(header: str, row: str) -> str:
    """`| Plan | Fee |` and `| Gold | $5 |` become "Plan: Gold, Fee: $5"."""
    names = [cell.strip() for cell in header.strip().strip("|").split("|")]
    cells = [cell.strip() for cell in row.strip().strip("|").split("|")]
    if len(names) != len(cells) or not any(names):
        return ", ".join(cell for cell in cells if cell)
    return ", ".join(f"{name}: {cell}" if name else cell for name, cell in zip(names, cells, strict=True) if cell)
