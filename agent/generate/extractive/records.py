"""Records that a question singles out by what stands in their fields: "the flight from Vienna to Oslo" is one row of many."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from agent.generate.extractive.candidates import Candidate, Candidates, SpanSource
from agent.generate.extractive.facets import facets_of
from agent.generate.extractive.subject import content_terms
from knowledge.embedders.embedder import in_context
from knowledge.question.parts import QuestionPart
from knowledge.question.ways import is_that_way, places_said
from knowledge.text.folding import folded
from knowledge.text.nouns import noun_behind
from knowledge.types import Passage

Array = npt.NDArray[np.float32]
SingledOut = Mapping[str, tuple[int, ...]]
"""By the ids of the passages of records, the numbers of the fields by which a question singles each out."""

_NEVER = np.float32(100)
_BEHIND = np.float32(3)
_MOST_FIELDS = 4
_MOST_RECORDS = 2
_FIELD = re.compile(r"^[\s*-]*(?P<column>[^:：\n]{1,60})[:：]\s*(?P<value>.*)", re.DOTALL)
_LONG = 80  # characters of a value that tells of a thing rather than which it is
_WORD = re.compile(r"[^\W\u4e00-\u9fff]+(?:[-'’][^\W\u4e00-\u9fff]+)*")


def singled_out(part: QuestionPart, spans: Sequence[Candidate], source: SpanSource) -> SingledOut:
    """The one or two records that hold in their fields all that a question says of any.

    None where it says of them what no passage has ("the flight to Paris"), or where more are meant than would be quoted.
    """
    records = {c.passage.id: c.passage for c in spans if c.passage.row is not None}
    asked = content_terms(part.text) if records else frozenset[str]()
    telling = asked & frozenset[str]().union(*(own for record in records.values() for _, _, own in fields_of(record)))
    if not telling or any(not source.known_share([term]) for term in _beside(part.text, telling)):
        return {}
    said = {id_: said_of(part.text, asked, record) for id_, record in records.items()}
    held = {id_: frozenset[str]().union(*own.values()) for id_, own in said.items()}
    found = {id_: _untitled(records[id_], said[id_])[:_MOST_FIELDS] for id_, own in held.items() if own == telling}
    return found if len(found) <= _MOST_RECORDS else {}


def of_the_record(part: QuestionPart, found: Candidates, logits: Array) -> Array:
    """The logits [n]; where the question has the whole title of a record, the fields of all others say nothing of it.

    Where it singles records out by their fields, all others go behind those.
    """
    asked = folded(part.text).lower()
    titles = [folded(c.passage.title).lower() if c.passage.row is not None else "" for c in found.spans]
    named = {title for title in titles if len(title) > 1 and title in asked}
    named = {title for title in named if not any(title != longer and title in longer for longer in named)}
    if named:
        others = np.array([bool(title) and title not in named for title in titles])
        return np.where(others, logits - _NEVER, logits)
    if not found.singled_out:
        return logits
    others = np.array([c.passage.row is not None and c.passage.id not in found.singled_out for c in found.spans])
    return np.where(others, logits - _BEHIND, logits)


def tells_of_the_whole(part: QuestionPart, quoted: Sequence[Candidate], source: SpanSource) -> bool:
    """Whether a record is quoted whose title goes on in the question with a noun that no passage has: a bike, not its chain."""
    title = quoted[0].passage.title.lower() if quoted and quoted[0].passage.row is not None else ""
    at = part.text.lower().find(title) if title else -1
    noun = noun_behind(part.text, at + len(title)) if at >= 0 else ""
    return bool(noun) and not source.known_share(content_terms(noun) or [noun])


def read_as(one: Candidate, singled: SingledOut) -> str:
    """A span with what gives it its sense; a field of a record with the fields by which the question singles that out."""
    said, facets = in_context(one.passage, one.span), facets_of(one.passage)
    fields = [facets[at].span.text.strip("-* ") for at in singled.get(one.passage.id, ()) if at != one.index]
    return said.replace(f"{one.passage.title}:", f"{'. '.join([one.passage.title, *fields])}:", 1) if fields else said


def with_what_singles_out(spans: Sequence[Candidate], chosen: Sequence[int], singled: SingledOut) -> list[int]:
    """The chosen places and, of the records among them, the fields by which the question singles each out."""
    meant = {spans[at].passage.id for at in chosen}
    added = (at for at, c in enumerate(spans) if c.passage.id in meant and c.index in singled.get(c.passage.id, ()))
    return [*chosen, *(at for at in added if at not in chosen)]


def said_of(question: str, asked: frozenset[str], record: Passage) -> dict[int, frozenset[str]]:
    """By the number of a field, the words asked that stand in its value, unless the question says them of the other way."""
    return {
        at: own & asked
        for at, (column, value, own) in enumerate(fields_of(record))
        if own & asked and is_that_way(question, column, value)
    }


def _untitled(record: Passage, numbers: Iterable[int]) -> tuple[int, ...]:
    """Those of its fields whose value does not stand in its title already."""
    title, fields = folded(record.title).lower(), fields_of(record)
    return tuple(at for at in numbers if folded(fields[at][1]).lower() not in title)


def _beside(asked: str, telling: frozenset[str]) -> Iterator[str]:
    """Terms of the words right beside those that tell of a record ("the Miele oven"), and after "from" and "to"."""
    for place in places_said(asked):
        yield from content_terms(place)
    terms = [content_terms(word) for word in _WORD.findall(asked)]
    for first, second in pairwise(terms):
        if first & telling or second & telling:
            yield from first | second


@lru_cache(maxsize=4096)
def fields_of(record: Passage) -> tuple[tuple[str, str, frozenset[str]], ...]:
    """The column and the value of each field, and the words of those values that are short."""
    found = (_FIELD.match(facets.span.text) for facets in facets_of(record))
    named = [(match["column"], match["value"].strip()) if match else ("", "") for match in found]
    return tuple(
        (column, value, content_terms(value) if len(value) <= _LONG else frozenset()) for column, value in named
    )
