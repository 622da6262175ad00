"""What to label next: different things, the typical ones first, then those the labels leave unsure."""

from collections import Counter

import pytest

from agent.learning.intents.choosing import choose
from agent.learning.intents.vectors import Sentences, sentences
from tests.support.said import said

TEXTS, INTENTS = zip(*said("en"), strict=True)


def arranged(labelled: list[int]) -> tuple[list[int], Sentences, list[str]]:
    """(rows of the unlabelled, all vectors in the order that `choose` wants, labels)."""
    unlabelled = [row for row in range(len(TEXTS)) if row not in labelled]
    vectors = sentences(TEXTS, "en", None).take([*unlabelled, *labelled])
    return unlabelled, vectors, [INTENTS[row] for row in labelled]


def test_without_labels_every_intent_is_touched() -> None:
    rows, vectors, labels = arranged([])
    found = choose(vectors, labels, 6)
    assert Counter(INTENTS[rows[one.row]] for one in found).keys() == set(INTENTS)
    assert {one.reason for one in found} == {"typical"}
    assert {one.suggested for one in found} == {""}


def test_with_labels_the_unsure_are_chosen_and_a_label_is_suggested() -> None:
    labelled = [row for row in range(len(TEXTS)) if row % 5 < 2 and row < 50]  # nothing of the third intent
    rows, vectors, labels = arranged(labelled)
    found = choose(vectors, labels, 10)
    assert {one.reason for one in found} == {"unsure"}
    assert {one.suggested for one in found} <= set(labels)
    assert any(INTENTS[rows[one.row]] == "refund" for one in found)


@pytest.mark.parametrize(("count", "expected"), [(0, 0), (5, 5), (500, 65)])
def test_no_more_are_chosen_than_there_are_and_none_twice(count: int, expected: int) -> None:
    _, vectors, labels = arranged(list(range(0, 30, 3)))
    found = choose(vectors, labels, count)
    assert len({one.row for one in found}) == len(found) == expected


def test_one_known_label_is_a_cold_start() -> None:
    _, vectors, labels = arranged([0, 1])
    assert {one.reason for one in choose(vectors, labels, 4)} == {"typical"}


def test_copies_of_one_text_do_not_stop_it() -> None:
    vectors = sentences(["where is my card"] * 10 + ["change my pin"], "en", None)
    assert len(choose(vectors, [], 5)) == 5


def test_the_choice_is_the_same_again() -> None:
    _, vectors, labels = arranged(list(range(0, 75, 4)))
    assert choose(vectors, labels, 8, seed=2) == choose(vectors, labels, 8, seed=2)
