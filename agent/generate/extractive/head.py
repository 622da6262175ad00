"""The head of an article: what is said to who asks for it by its title."""

from collections.abc import Sequence
from itertools import accumulate, takewhile

import numpy as np

from agent.generate.extractive.belonging import length, with_whole_lists
from agent.generate.extractive.candidates import Candidate
from agent.generate.extractive.facets import facets_of
from agent.generate.extractive.selection import MAX_WORDS, SUPPORT_FEATURES, Selection
from agent.generate.extractive.wording import worded
from agent.types import Draft
from knowledge.question.parts import QuestionPart
from knowledge.types import Passage

_MOST_SPANS = 6


def head_of(article: Sequence[Passage]) -> Draft:
    """Its first spans that say something, as many as are read at a glance, with their citations; no text where none does."""
    spans = said_in(article)
    if not spans:
        return Draft(text="", support=0.0)
    first = range(at_a_glance(spans, _MOST_SPANS, MAX_WORDS))
    whole = sorted(with_whole_lists(spans, first, MAX_WORDS * 3 // 2))
    features = np.zeros(len(SUPPORT_FEATURES), dtype=np.float32)
    part = QuestionPart(text=article[0].title, names=())
    text, citations = worded(
        [Selection(part=part, spans=tuple(spans[place] for place in whole), features=features, void=False)]
    )
    return Draft(text=text, citations=citations)


def said_in(article: Sequence[Passage]) -> list[Candidate]:
    """The spans of an article that say something."""
    return [
        Candidate(passage=passage, facets=facets)
        for passage in article
        for facets in facets_of(passage)
        if facets.quotable and not facets.unfilled
    ]


def at_a_glance(spans: Sequence[Candidate], most: int, words: int) -> int:
    """How many of the first spans are read at a glance: one at least, `most` at most, no more than so many words."""
    said = accumulate(map(length, spans[:most]))
    return max(1, sum(1 for _ in takewhile(lambda total: total <= words, said)))
