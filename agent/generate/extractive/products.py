"""Which product an article tells of, where the question does not say it: "$32.50" is the late fee of one card among ten."""

import re
from collections.abc import Iterable, Sequence

from agent.generate.extractive.candidates import Candidate, SpanSource
from knowledge.index.names import Name, spoken
from knowledge.question.comparison import name_pattern
from knowledge.question.parts import QuestionPart
from knowledge.text.words import words
from knowledge.types import Passage, PassageEvidence

_FOR_ALL = re.compile(r"general|misc\w*|others?|common|all|通用|其他|综合", re.IGNORECASE)
"""How a folder ends that is of no product: "bank accounts (general)"."""


def unsaid(
    part: QuestionPart, spans: Sequence[Candidate], evidence: Sequence[PassageEvidence], source: SpanSource
) -> dict[str, str]:
    """By the ids of the passages quoted, the product that each stands under; none that the question names."""
    quoted = {one.passage.id: one.passage for one in spans if one.passage.row is None}
    titles = [item.passage.title for item in evidence]
    return {
        id_: _written(name, [passage.title, *titles, passage.text])
        for id_, passage in quoted.items()
        if (name := _product(passage, source)) and not part.is_of(name)
    }


def _product(passage: Passage, source: SpanSource) -> Name | None:
    """The longest name that it stands under, of those whose words stand in titles."""
    names = sorted(source.names_of(passage.id), key=lambda name: (-len(name), name))
    products = (name for name in names if not _FOR_ALL.fullmatch(name[-1]))
    return next((name for name in products if all(map(source.entitles, words(spoken(name))))), None)


def _written(name: Name, texts: Iterable[str]) -> str:
    """The name as one of these texts writes it, else with capitals."""
    found = next(filter(None, map(re.compile(name_pattern(name), re.IGNORECASE).search, texts)), None)
    return found.group() if found else spoken(name).title()
