"""Records that a question singles out by their fields."""

from collections.abc import Collection
from dataclasses import replace

import numpy as np
import pytest

from agent.generate.extractive.candidates import FEATURES, Candidate, Candidates
from agent.generate.extractive.facets import facets_of
from agent.generate.extractive.records import (
    of_the_record,
    read_as,
    singled_out,
    tells_of_the_whole,
    with_what_singles_out,
)
from knowledge.question.parts import QuestionPart
from knowledge.text.dictionary import is_word
from tests.support.evidence import passage

ROWS = ["Brest, Nantes, coach, 12 EUR", "Brest, Quimper, train, 9 EUR", "Nantes, Brest, coach, 14 EUR"]
COLUMNS = ("from", "to", "by", "price")
RECORDS = [
    replace(
        passage(
            "\n".join(f"- {name}: {value}" for name, value in zip(COLUMNS, row.split(", "), strict=True)),
            number,
            title=f"B{number}",
        ),
        row=number,
    )
    for number, row in enumerate(ROWS, start=1)
]
RULES = passage("A coach has room for bicycles. Travel with us.", 9, title="Bicycles")
SPANS = tuple(Candidate(passage=p, facets=facets) for p in (*RECORDS, RULES) for facets in facets_of(p))


class Source:
    """A library that holds all words but a few."""

    def known_share(self, terms: Collection[str]) -> float:
        return float(not {"pari", "rapid"} & set(terms))


def asked(question: str) -> QuestionPart:
    return QuestionPart(text=question, names=())


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("what does it cost from Brest to Nantes", {"p1": (0, 1)}),
        ("how much is Nantes to Brest", {"p3": (0, 1)}),
        ("price to Quimper", {"p2": (1,)}),
        ("how much is the train", {"p2": (2,)}),
        ("how much is the coach to Nantes", {"p1": (1, 2)}),
        ("how much is it from Quimper to Brest", {}),
        ("how much is the train from Nantes to Brest", {}),
        ("how much is it from Brest to Paris", {}),
        ("how much is the rapid coach to Nantes", {}),
        ("may I bring a bicycle", {}),
    ],
)
def test_the_record_that_holds_all_that_is_said_of_any(question: str, expected: dict[str, tuple[int, ...]]) -> None:
    assert singled_out(asked(question), SPANS, Source()) == expected


def test_what_stands_in_its_title_is_not_said_again() -> None:
    coach = replace(passage("- number: B1\n- by: coach", 1, title="number: B1"), row=1)
    spans = [Candidate(passage=coach, facets=facets) for facets in facets_of(coach)]
    assert singled_out(asked("is B1 a coach"), spans, Source()) == {"p1": (1,)}


def test_more_than_would_be_quoted_are_none() -> None:
    more = tuple(replace(one, passage=replace(one.passage, id=f"{one.passage.id}b")) for one in SPANS)
    assert singled_out(asked("how much is the coach"), (*SPANS, *more), Source()) == {}


def test_chinese_says_whence_and_whither_too() -> None:
    record = replace(passage("- 起点: 火车站\n- 终点: 机场\n- 票价: 25元", 1, title="K1"), row=1)
    spans = [Candidate(passage=record, facets=facets) for facets in facets_of(record)]
    assert singled_out(asked("火车站到机场多少钱"), spans, Source()) == {"p1": (0, 1)}
    assert singled_out(asked("机场到火车站多少钱"), spans, Source()) == {}


def test_a_field_is_read_with_those_that_single_it_out() -> None:
    price = next(one for one in SPANS if one.span.text == "- price: 12 EUR" or one.span.text == "price: 12 EUR")
    assert read_as(price, {"p1": (0, 1)}) == f"B1. from: Brest. to: Nantes:  {price.span.text}"
    assert read_as(SPANS[-1], {"p1": (0, 1)}).startswith("Bicycles:")


def test_they_are_quoted_with_it_and_others_go_behind() -> None:
    assert with_what_singles_out(SPANS, [3], {"p1": (0, 1)}) == [3, 0, 1]
    features = np.zeros((len(SPANS), len(FEATURES)), dtype=np.float32)
    found = Candidates(spans=SPANS, features=features, has_vectors=True, singled_out={"p1": (0, 1)})
    logits = of_the_record(asked("price from Brest to Nantes"), found, np.zeros(len(SPANS), dtype=np.float32))
    assert {c.passage.id for c, logit in zip(SPANS, logits, strict=True) if logit < 0} == {"p2", "p3"}


def test_of_several_records_the_one_named_in_full_is_read() -> None:
    tents = [
        replace(passage("- waterproof: no", n, title=title), row=n) for n, title in ((1, "Tent S"), (2, "Tent S Plus"))
    ]
    spans = tuple(Candidate(passage=p, facets=facets) for p in tents for facets in facets_of(p))
    found = Candidates(spans=spans, features=np.zeros((2, len(FEATURES)), dtype=np.float32), has_vectors=True)
    logits = np.zeros(2, dtype=np.float32)
    assert (of_the_record(asked("Is the Tent S waterproof?"), found, logits) < 0).tolist() == [False, True]
    assert (of_the_record(asked("Is the Tent S Plus waterproof?"), found, logits) < 0).tolist() == [True, False]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("how much is the B1 rapid", True),
        ("how much is the B1", False),
        ("how much is the B1 coach", False),
        ("how much is a rapid", False),
    ],
)
def test_what_is_told_of_a_record_is_not_told_of_its_part(question: str, expected: bool) -> None:
    quoted = [one for one in SPANS if one.passage.title == "B1"]
    assert tells_of_the_whole(asked(question), quoted, Source()) is (expected and not is_word("qzxv"))
