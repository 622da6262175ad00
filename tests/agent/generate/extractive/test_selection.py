"""Which spans are chosen for a part of a question."""

from dataclasses import replace

import numpy as np
import pytest

from agent.generate.extractive.candidates import FEATURES, Candidate, Candidates
from agent.generate.extractive.facets import facets_of
from agent.generate.extractive.selection import Selection, select
from knowledge.question.parts import QuestionPart
from knowledge.types import Passage, PassageEvidence
from tests.support.evidence import passage

GOLD = passage("The gold card charges 0% abroad.", 1, title="Gold card")
BRONZE = passage("The bronze card charges 2.75% abroad.", 2, title="Bronze card")
ASKED = QuestionPart(text="What does the gold card charge abroad?", names=(("gold", "card"),))


def selected(
    part: QuestionPart,
    *,
    gold: float,
    bronze: float,
    known_share: float = 1.0,
    passages: tuple[Passage, Passage] = (GOLD, BRONZE),
) -> Selection:
    """What is chosen of two spans of such logits, the one under the part's own name, the other under another."""
    spans = tuple(Candidate(passage=p, facets=facets_of(p)[0]) for p in passages)
    features = np.zeros((2, len(FEATURES)), dtype=np.float32)
    features[0, FEATURES.index("name")] = 1
    found = Candidates(spans=spans, features=features, has_vectors=True, foreign=frozenset({passages[1].id}))
    evidence = [PassageEvidence(passage=p, score=1) for p in passages]
    logits = np.array([gold, bronze], dtype=np.float32)
    return select(part, evidence, found, logits, verified=1.0, ranked=1.0, known_share=known_share)


def titles(selection: Selection) -> list[str]:
    return [candidate.passage.title for candidate in selection.spans]


def test_what_is_nearly_as_good_is_quoted_too() -> None:
    unnamed = QuestionPart(text="What do cards charge abroad?", names=())
    assert titles(selected(unnamed, gold=2, bronze=1)) == ["Gold card", "Bronze card"]


@pytest.mark.parametrize(
    ("gold", "bronze", "expected"),
    [
        (2, 1, ["Gold card"]),
        (1, 2, ["Bronze card", "Gold card"]),  # the best one stays: what is asked about may be said under another name
    ],
)
def test_beside_an_answer_about_what_was_asked_nothing_is_quoted_about_another(
    gold: float, bronze: float, expected: list[str]
) -> None:
    assert titles(selected(ASKED, gold=gold, bronze=bronze)) == expected


@pytest.mark.parametrize(
    ("name", "own", "other"),
    [
        (("gold", "card"), "The gold card charges 0% abroad.", "Unlike the gold card, bronze ones cost 2.75% abroad."),
        (("gold", "card"), "The gold card charges 0% abroad.", "## Gold card\nThere is a fee of 2.75% at machines."),
        (("金", "卡"), "金卡境外免手续费。", "与金卡不同，铜卡境外收2.75%。"),
    ],
)
def test_what_names_the_thing_asked_about_is_about_it_too(name: tuple[str, ...], own: str, other: str) -> None:
    part = QuestionPart(text=own, names=(name,))
    passages = (passage(own, 1, title="Gold"), passage(other, 2, title="Bronze"))
    assert len(selected(part, gold=2, bronze=1, passages=passages).spans) == 2


def test_what_is_said_of_one_thing_is_never_set_beside_the_name_of_the_other() -> None:
    compared = replace(ASKED, compared=True)
    assert titles(selected(compared, gold=2, bronze=1)) == ["Gold card"]
    assert titles(selected(compared, gold=1, bronze=2)) == ["Gold card"]


def test_where_no_word_of_a_question_is_known_nothing_answers() -> None:
    assert not selected(ASKED, gold=2, bronze=1).void
    assert selected(ASKED, gold=2, bronze=1, known_share=0.0).void


def test_what_is_for_companies_is_neither_first_nor_quoted_beside_where_none_asks() -> None:
    companies = passage("Companies return laptops within 14 days.", 1, title="Business accounts: for companies")
    everyone = passage("Laptops can be returned within 30 days.", 2, title="Return an item")
    asks = {"How long may I return a laptop?": everyone, "How long may our company return a laptop?": companies}
    for asked, first in asks.items():
        part = QuestionPart(text=asked, names=())
        found = selected(part, gold=1.0, bronze=0.0, passages=(companies, everyone))
        assert titles(found)[0] == first.title
        assert (companies.title in titles(found)) is (first is companies)


def test_a_caution_is_quoted_first_and_is_surely_said() -> None:
    use, warning = (
        passage(text, 1, title="Drops")
        for text in ("Use the drops daily.", "With diabetes, ask a doctor before you use the drops.")
    )
    chosen = selected(
        QuestionPart(text="I have diabetes, how often may I use the drops?", names=()),
        gold=3,
        bronze=1,
        passages=(use, replace(warning, id="p2")),
    )
    assert chosen.spans[0].span.text.startswith("With diabetes")
    assert chosen.sure
