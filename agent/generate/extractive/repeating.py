"""Tells the fields of records that only repeat what was asked for ("name: Board room"): they are no answer."""

import re
from collections import Counter
from collections.abc import Sequence

from agent.generate.extractive.answer_types import AnswerType, wanted
from agent.generate.extractive.candidates import Candidate
from knowledge.text.folding import folded

_FIELD = re.compile(r"^[\s*-]*[^:：\n]{1,40}[:：]\s*(?P<value>[^\n]+?)[\s。.]*$")
_LEAST = 3
_SINGLED_OUT = 2  # fields by which a question singles out a record: that there is one answers whether there is


def that_tell(spans: Sequence[Candidate], question: str) -> tuple[Candidate, ...]:
    """The spans without the names of records, and without records of which nothing else than what was asked would be said."""
    records = Counter(c.passage.id for c in spans if not _is_name(c))
    whether = AnswerType.YES_NO in wanted(question)
    telling = {
        c.passage.id
        for c in spans
        if c.passage.row is None
        or not _repeats(c, folded(question).lower())
        or (whether and records[c.passage.id] >= _SINGLED_OUT)
    }
    return tuple(c for c in spans if c.passage.id in telling and not (c.passage.row is not None and _is_name(c)))


def _is_name(candidate: Candidate) -> bool:
    """Whether the value of a field is the record's own name, which stands above its fields."""
    field = _FIELD.match(candidate.span.text)
    return field is not None and folded(field["value"]).lower() == folded(candidate.passage.title).lower()


def _repeats(candidate: Candidate, question: str) -> bool:
    """Whether the value of a field is the record's own name, or stands in the question, by its last part at least."""
    field = _FIELD.match(candidate.span.text)
    value = folded(field["value"]).lower() if field else ""
    if not value:
        return False
    ends = [value[at:] for at in range(len(value) // 2 + 1) if len(value) - at >= _LEAST]
    return value == folded(candidate.passage.title).lower() or any(end in question for end in ends)
