"""Pairs of passages that say the same with other numbers, or one yes and the other no.

Candidates are statements that share most of their words: by prefix filtering (Bayardo et al. 2007, "Scaling up all pairs
similarity search") only statements that share one of their rarest words are ever compared.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil

from knowledge.index.names import Names
from knowledge.text.statements import Statement, statements
from knowledge.types import Passage

_ALIKE = 0.7
_ALIKE_BUT_FOR_NO = 0.85
_TELLING = 4
_DENIABLE = 4
_ALONE = 9
_UNDER_THE_SAME = 0.75
_MOST = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """Two statements; where it is known which is newer, that is the second. kind: "numbers" or "yes or no"."""

    older: Statement
    newer: Statement
    kind: str
    is_dated: bool


def contradictions(
    passages: Sequence[Passage], names: Names, changed: frozenset[str] | None = None
) -> list[Contradiction]:
    """All pairs, or those with a passage of the `changed` documents (their source ids), each quoted once."""
    found: dict[tuple[object, ...], Contradiction] = {}
    said = _distinct(statements(passages))
    for one, other in _alike(said):
        if changed is not None and not {one.passage.source_id, other.passage.source_id} & changed:
            continue
        if (kind := _differs(one, other)) and _same_time(one, other) and _same_subject(one, other, names):
            pair = _ordered(one, other, kind)
            found.setdefault((pair.older.span.text, pair.newer.span.text), pair)
    return list(found.values())


def _distinct(said: Iterable[Statement]) -> list[Statement]:
    """Each statement once for each document: a document's passages may repeat it."""
    kept = {(one.passage.source_id, one.terms, one.above, one.quantities, one.denies): one for one in said}
    return list(kept.values())


def _alike(said: Sequence[Statement]) -> Iterator[tuple[Statement, Statement]]:
    """Pairs of statements of different documents that share most of their words, and could contradict each other."""
    counts = Counter(term for one in said for term in one.terms)
    holders: dict[tuple[str, object], list[int]] = defaultdict(list)
    for place, one in enumerate(said):
        terms = sorted(one.terms, key=lambda term: (counts[term], term))
        prefix = terms[: len(terms) - ceil(_ALIKE * len(terms)) + 1]
        near = {other for term in prefix for kind in _opposed(one) for other in holders[term, kind][-_MOST:]}
        for other in sorted(near):
            if said[other].passage.source_id != one.passage.source_id and _overlap(one, said[other]) >= _ALIKE:
                yield said[other], one
        for term in prefix:
            for kind in _kinds(one):
                holders[term, kind].append(place)


def _kinds(one: Statement) -> list[object]:
    """Under what a statement is found by those that may contradict it."""
    numbers = [("numbers", one.units, one.denies)] if one.quantities else []
    return [("yes or no", one.quantities, one.denies), *numbers]


def _opposed(one: Statement) -> list[object]:
    """Under what those are found that may contradict a statement: they count the same, or they deny what it says."""
    numbers = [("numbers", one.units, one.denies)] if one.quantities else []
    return [("yes or no", one.quantities, not one.denies), *numbers]


def _overlap(one: Statement, other: Statement) -> float:
    return len(one.terms & other.terms) / len(one.terms | other.terms)


def _differs(one: Statement, other: Statement) -> str:
    """How they contradict each other, "" where they do not."""
    if one.denies != other.denies:
        same = one.quantities == other.quantities and _overlap(one, other) >= _ALIKE_BUT_FOR_NO
        return "yes or no" if same and len(one.terms) >= _DENIABLE else ""
    if not one.quantities or one.units != other.units:
        return ""
    return "numbers" if sorted(map(repr, one.quantities)) != sorted(map(repr, other.quantities)) else ""


def _same_time(one: Statement, other: Statement) -> bool:
    """Whether there is a day on which both are valid."""
    first = max(one.passage.valid_from or date.min, other.passage.valid_from or date.min)
    last = min(one.passage.valid_until or date.max, other.passage.valid_until or date.max)
    return first <= last


def _same_subject(one: Statement, other: Statement, names: Names) -> bool:
    """Whether both speak of the same thing: with the same names in them, and under no others.

    Where what stands above them differs on both sides ("Personal accounts", "Business accounts"), only sentences long
    enough to stand alone are taken to be about the same.
    """
    if one.names != other.names or _of_one_table(one.passage, other.passage):
        return False
    under, beside = names.of(one.passage.id), names.of(other.passage.id)
    if under - beside and beside - under:
        return False
    if len(one.terms) < _TELLING and len(one.above & other.above) < _UNDER_THE_SAME * len(one.above | other.above):
        return False
    contrast = one.above - other.above and other.above - one.above
    return not contrast or len(one.terms & other.terms) >= _ALONE


def _of_one_table(one: Passage, other: Passage) -> bool:
    """Whether both are rows of one table: each of its own thing."""
    tables = {re.split(r"[#!](?!.*[#!])", passage.source_id)[0] for passage in (one, other)}
    return one.row is not None and other.row is not None and len(tables) == 1


def _ordered(one: Statement, other: Statement, kind: str) -> Contradiction:
    dates = [statement.passage.valid_from or date.min for statement in (one, other)]
    older, newer = (one, other) if dates[0] <= dates[1] else (other, one)
    return Contradiction(older=older, newer=newer, kind=kind, is_dated=dates[0] != dates[1])
