"""Which spans are chosen for a part of a question."""

from dataclasses import replace

import numpy as np

from agent.generate.extractive.candidates import FEATURES, Candidate, Candidates
from agent.generate.extractive.facets import facets_of
from agent.generate.extractive.selection import Selection, select
from knowledge.parts import QuestionPart
from knowledge.types import PassageEvidence
from tests.support.evidence import passage

GOLD = passage("The gold card charges 0% abroad.", 1, title="Gold card")
BRONZE = passage("The bronze card charges 2.75% abroad.", 2, title="Bronze card")
ASKED = QuestionPart(text="What does the gold card charge abroad?", names=(("gold", "card"),))


def selected(part: QuestionPart, *, gold: float, bronze: float, known_share: float = 1.0) -> Selection:
    """What is chosen of two spans of such logits, the one under the part's own name, the other under another."""
    spans = tuple(Candidate(passage=p, facets=facets_of(p)[0]) for p in (GOLD, BRONZE))
    features = np.zeros((2, len(FEATURES)), dtype=np.float32)
    features[0, FEATURES.index("name")] = 1
    found = Candidates(spans=spans, features=features, has_vectors=True)
    evidence = [PassageEvidence(passage=p, score=1) for p in (GOLD, BRONZE)]
    logits = np.array([gold, bronze], dtype=np.float32)
    return select(part, evidence, found, logits, verified=1.0, known_share=known_share)


def titles(selection: Selection) -> list[str]:
    return [candidate.passage.title for candidate in selection.spans]


def test_what_is_nearly_as_good_is_quoted_too() -> None:
    assert titles(selected(ASKED, gold=2, bronze=1)) == ["Gold card", "Bronze card"]


def test_what_is_said_of_one_thing_is_never_set_beside_the_name_of_the_other() -> None:
    compared = replace(ASKED, compared=True)
    assert titles(selected(compared, gold=2, bronze=1)) == ["Gold card"]
    assert titles(selected(compared, gold=1, bronze=2)) == ["Gold card"]


def test_where_no_word_of_a_question_is_known_nothing_answers() -> None:
    assert not selected(ASKED, gold=2, bronze=1).void
    assert selected(ASKED, gold=2, bronze=1, known_share=0.0).void
