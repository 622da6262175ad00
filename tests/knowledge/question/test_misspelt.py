"""Slips of the hand."""

from collections.abc import Collection

import pytest

from knowledge.embedders import bert
from knowledge.question.misspelt import spelt
from knowledge.text.words import words

HELD = frozenset(
    words(
        "The monthly fee of an account is waived for students; discount; cabin bags; pairs; the amount is mostly low; form; Quillow"
    )
)

pytestmark = pytest.mark.skipif(not bert.is_available(), reason="the extra embeddings is not installed")


def holds(terms: Collection[str]) -> bool:
    return HELD.issuperset(terms)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("what is the montly fee", "what is the monthly fee"),
        ("any discuont for studnets?", "any discount for students?"),
        ("the size of a cabbin bag", "the size of a cabin bag"),
        ("which anount", "which amount"),
        ("can my acount be waved", "can my account be waved"),
    ],
)
def test_one_slip_is_mended(question: str, expected: str) -> None:
    assert spelt(question, holds) == expected


@pytest.mark.parametrize(
    "question",
    [
        "do you fly to paris",  # a word by itself, if not of the articles
        "what is a quillow",  # no word of the dictionary, but of the articles
        "do you sell didgeridoos",
        "I am form Leeds",
        "write to stdunets@example.com or montly.example",
        "月费montly多少",
    ],
)
def test_what_may_be_meant_stays(question: str) -> None:
    assert spelt(question, holds) == question
