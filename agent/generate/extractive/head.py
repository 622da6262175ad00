"""The head of an article: what is said to who asks for it by its title."""

from collections.abc import Sequence

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
    spans = [
        Candidate(passage=passage, facets=facets)
        for passage in article
        for facets in facets_of(passage)
        if facets.quotable and not facets.unfilled
    ]
    if not spans:
        return Draft(text="", support=0.0)
    chosen, said = [0], length(spans[0])
    for place in range(1, min(len(spans), _MOST_SPANS)):
        said += length(spans[place])
        if said > MAX_WORDS:
            break
        chosen.append(place)
    whole = sorted(with_whole_lists(spans, chosen, MAX_WORDS * 3 // 2))
    features = np.zeros(len(SUPPORT_FEATURES), dtype=np.float32)
    part = QuestionPart(text=article[0].title, names=())
    text, citations = worded(
        [Selection(part=part, spans=tuple(spans[place] for place in whole), features=features, void=False)]
    )
    return Draft(text=text, citations=citations)
