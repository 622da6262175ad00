"""Tables and lists that are asked for as a whole: some of their rows read as if there were no others."""

import re
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from agent.generate.extractive.answer_types import AnswerType, wanted
from agent.generate.extractive.belonging import length
from agent.generate.extractive.candidates import Candidate
from agent.generate.extractive.facets import facets_of
from agent.generate.extractive.rows import cells, is_of_pairs
from knowledge.cutting.spans import SpanKind, plain
from knowledge.text.words import words
from knowledge.types import Passage

_ASKS_FOR_ALL = re.compile(
    r"(?:^|[,;.?!]\s*|\b(?:and|in|to|for|at|on|of|with|from|know|me)\s+)which\b|\blist\b|\ball (?:of )?(?:the|your|available|possible)\b"
    r"|\bwhat(?:\s+[\w-]+){0,3}\s+[\w-]*[^\Ws]s\s+(?:do|does|are|can|could|may|should|must|will)\b"
    r"|\bwhat\s+(?:are|were)\s+(?:the|your)\b|\bwhat\s+(?:else|kinds?|types?|sorts?)\b|\bwhat do (?:i|we) need\b"
    r"|哪些|哪几|几[种类款档]|都.{0,4}(?:什么|哪|啥)|有(?:什么|啥)|[所]有的?|全部|列[出举一]|分别|各[个种类级家]|都有|(?:带|准备|提供|提交|需要)(?:什么|啥)"
    r"|什么(?:材料|证件|资料|手续|条件|东西)",
    re.IGNORECASE,
)
_SINGLED_OUT = 0.002  # of a table, one row is meant where the next best is less probable than so much of it
_BRIEF = 12  # words of a row or an item that is taken in at a glance
_MOST_ROWS = 20
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


Article = Callable[[str], Sequence[Passage]]
"""The passages of a document by its source id: a long table is cut, and stands in several."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """So many rows or items of a passage are left out of a quotation that is asked for as a whole."""

    passage: Passage
    count: int


def with_wholes(
    spans: Sequence[Candidate],
    chosen: Sequence[int],
    asked: str,
    probabilities: npt.NDArray[np.float32],
    others: Container[int],
    article: Article,
    most: int,
) -> tuple[list[int], tuple[Left, ...]]:
    """The chosen places with all of the tables and lists of theirs that are asked for, and how much of them is left out.

    others: places of rows of other things than the one asked about.
    """
    found, left, seen = list(chosen), [], set[int]()
    all_asked = bool(_ASKS_FOR_ALL.search(asked))
    source = spans[chosen[0]].passage.source_id
    for place in chosen:
        if place in seen or spans[place].span.kind is SpanKind.SENTENCE or spans[place].span.place.listing:
            continue
        if spans[place].passage.row is not None:
            continue  # the fields of a record are no list: who asks for its price asks for no more
        whole = siblings(spans, place)
        seen.update(whole)
        if len(whole) < 2 or any(at in others for at in whole) or is_named(spans, whole, asked):
            continue
        is_meant = spans[place].passage.source_id == source
        for_all = is_meant and all_asked
        if not for_all and not _answer_alike(spans, whole, chosen, asked, probabilities, is_meant=is_meant):
            continue
        all_asked = False  # of several lists, the best is the one that is meant
        fitting = _fitting(spans, found, whole, most)
        count = len({*whole} - {*fitting, *found})
        count += _elsewhere(spans[place], article, {spans[at].passage.id for at in chosen})
        if not count or for_all or spans[place].span.kind is SpanKind.ROW:
            found += [at for at in fitting if at not in found]
            left += [Left(passage=spans[place].passage, count=count)] if count else []
    return found, tuple(left)


def siblings(spans: Sequence[Candidate], place: int) -> list[int]:
    """Places of the rows of the same table, the items of the same list, this one among them."""
    one = spans[place]
    found = [place]
    for way in (range(place - 1, -1, -1), range(place + 1, len(spans))):
        for at in way:
            other = spans[at]
            if other.passage.id != one.passage.id or other.span.kind is not one.span.kind:
                break
            if (other.span.heading, other.span.lead) == (one.span.heading, one.span.lead):
                found.append(at)
    return sorted(found)


def _elsewhere(one: Candidate, article: Article, quoted: Container[str]) -> int:
    """How many rows or items of its table or list stand in other passages of its article than those quoted."""
    if not one.span.lead:
        return 0
    return sum(
        (facets.span.kind, facets.span.heading, facets.span.lead) == (one.span.kind, one.span.heading, one.span.lead)
        for passage in article(one.passage.source_id)
        if passage.id not in quoted and passage.section == one.passage.section
        for facets in facets_of(passage)
    )


def label(candidate: Candidate) -> str:
    """What a row or an item is about: its first cell, or what stands before its colon, else before its comma, else all."""
    if candidate.span.kind is SpanKind.ROW:
        return plain(cells(candidate.span.text)[0])
    text = plain(candidate.span.text)
    return next(
        (before for sign in (r"[:：]", r"[,，]") for before, *rest in [re.split(sign, text, maxsplit=1)] if rest), text
    )


def is_named(spans: Sequence[Candidate], whole: Sequence[int], asked: str) -> bool:
    """Whether the question has the label of one of them, or a word that stands in the labels of some, not of all."""
    labels = [label(spans[at]).strip() for at in whole]
    said, own = _telling(asked), [_telling(text) for text in labels]
    common = frozenset.intersection(*own)
    return any(said & telling - common for telling in own) or any(
        len(text) > 1 and text.casefold() in asked.casefold() for text in labels
    )


def _telling(text: str) -> frozenset[str]:
    """Its words; of Chinese, what is longer than a character."""
    return frozenset(word for word in words(text) if len(word) > 1 or not _CHINESE.match(word))


def _answer_alike(
    spans: Sequence[Candidate],
    whole: Sequence[int],
    chosen: Sequence[int],
    asked: str,
    probabilities: npt.NDArray[np.float32],
    *,
    is_meant: bool,
) -> bool:
    """Whether no row or item of these is meant more than the others.

    is_meant: whether they stand in the article that answers best.
    """
    rows, several = [spans[at] for at in whole], sum(at in chosen for at in whole) > 1
    if rows[0].span.kind is SpanKind.ROW and not is_of_pairs(rows[0].span.lead):
        first, second = sorted((float(probabilities[at]) for at in whole), reverse=True)[:2]
        return second > _SINGLED_OUT * first and (chosen[0] in whole or several)
    kinds = wanted(asked) - {AnswerType.YES_NO, AnswerType.STEPS}
    return (
        several
        and is_meant
        and (all(map(is_brief, rows)) or bool(kinds and all(kinds & one.facets.held for one in rows)))
    )


def is_brief(candidate: Candidate) -> bool:
    """Whether a row or an item is taken in at a glance."""
    return length(candidate) - candidate.span.text.count("|") <= _BRIEF


def _fitting(spans: Sequence[Candidate], chosen: Sequence[int], whole: Sequence[int], most: int) -> list[int]:
    """Of a table or list all that fits, from its beginning: of brief rows twenty, of others so many words."""
    rows = [spans[at] for at in whole]
    if rows[0].span.kind is SpanKind.ROW and len(whole) <= _MOST_ROWS and all(map(is_brief, rows)):
        return list(whole)
    room = most - sum(length(spans[at]) for at in chosen)
    fitting: list[int] = []
    for at in whole:
        room -= 0 if at in chosen else length(spans[at])
        if room < 0 or len(fitting) >= _MOST_ROWS:
            break
        fitting.append(at)
    return fitting
