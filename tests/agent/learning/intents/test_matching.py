"""Clusters are told from known intents, and recognised from run to run."""

import numpy as np

from agent.learning.intents.matching import is_more_of, looks_like, nearest_known, stable_ids
from agent.learning.intents.records import Known
from agent.learning.intents.vectors import unit

RANDOM = np.random.default_rng(0)


def around(middle: np.ndarray, count: int) -> np.ndarray:
    return unit(middle + 0.1 * RANDOM.normal(size=(count, len(middle))))


def test_what_lies_among_the_examples_of_an_intent_looks_like_it() -> None:
    card, pin, strange = unit(RANDOM.normal(size=(3, 30)))
    known = np.vstack([around(card, 20), around(pin, 20)])
    found = looks_like(np.vstack([around(pin, 10), around(strange, 10)]), known, ["card"] * 20 + ["pin"] * 20)
    assert found[:10].count("pin") >= 6
    assert found[10:] == [""] * 10


def test_without_known_intents_nothing_is_like_any() -> None:
    vectors = unit(RANDOM.normal(size=(3, 8)))
    assert looks_like(vectors, vectors[:0], []) == ["", "", ""]
    assert looks_like(vectors[:0], vectors, ["a", "b", "c"]) == []


def test_a_cluster_is_more_of_an_intent_when_half_of_it_looks_so() -> None:
    assert nearest_known(["card", "card", "", "pin"]) == Known(label="card", share=0.5)
    assert is_more_of(nearest_known(["card", "card", "", "pin"]))
    assert not is_more_of(nearest_known(["card", "", "", "pin"]))
    assert nearest_known(["", ""]) is None


def test_a_cluster_keeps_its_id_while_it_holds_the_same_utterances() -> None:
    before = {"c1": ["a", "b", "c", "d"], "c7": ["e", "f", "g"]}
    assert stable_ids([["e", "f", "g", "h"], ["a", "b", "c"], ["x", "y"]], before) == ["c7", "c1", "c8"]


def test_a_cluster_that_falls_apart_gives_its_id_to_the_larger_half() -> None:
    assert stable_ids([["a", "b"], ["c", "d", "e"]], {"c1": ["a", "b", "c", "d", "e"]}) == ["c2", "c1"]
    assert stable_ids([["a"], ["b"]], {}) == ["c1", "c2"]
