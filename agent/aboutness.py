"""Which passages are about what a message tells, where it asks nothing that a passage could answer.

Support was fitted on questions; of "worst service ever" it knows nothing. So the words decide: the title names what the
message tells of, and the title with one sentence or row holds at least two of its words. What to do about harm is always
about a message that tells of it.
"""

from dataclasses import replace
from functools import lru_cache

from agent.types import Retrieval
from agent.understand.content_words import DULL
from knowledge.cutting.spans import split_spans
from knowledge.question.harm import has_remedy
from knowledge.text.words import words
from knowledge.types import Passage

_LEAST = 2


def about(message: str, retrieval: Retrieval) -> Retrieval:
    """The retrieval without what is about something else; the graph answers questions only."""
    told = _terms(" ".join(word for word in message.split() if word.lower().strip("'’.,!?;:") not in DULL))
    passages = tuple(
        evidence
        for evidence in retrieval.passages
        if _is_about(evidence.passage, told) or has_remedy(evidence.passage.text, message)
    )
    return replace(retrieval, passages=passages, foreign=(), graph=None)


def _is_about(passage: Passage, told: frozenset[str]) -> bool:
    title, spans = _terms_of(passage)
    named = title & told
    return bool(named) and any(len(named | (span & told)) >= _LEAST for span in (title, *spans))


@lru_cache(maxsize=1024)
def _terms_of(passage: Passage) -> tuple[frozenset[str], tuple[frozenset[str], ...]]:
    title = _terms(" ".join((passage.title, *passage.section)))
    return title, tuple(_terms(span.text) for span in split_spans(passage.text))


def _terms(text: str) -> frozenset[str]:
    """Words, of Chinese pairs of characters; a single letter or character says too little."""
    return frozenset(term for term in words(text) if len(term) > 1 and not term.isdigit())
