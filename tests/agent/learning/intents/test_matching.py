"""Clusters are told from known intents, and recognised from run to run."""

import numpy as np

from agent.learning.intents.matching import at_home, is_more_of, looks_like, nearest_known, stable_ids
from agent.learning.intents.records import Known
from agent.learning.intents.vectors import unit

RANDOM = np.random.default_rng(0)


def around(middle: np.ndarray, count: int) -> np.ndarray:
    return unit(middle + 0.1 * RANDOM.normal(size=(count, len(middle))))


def test_what_lies_among_the_examples_of_an_intent_looks_like_it() -> None:
    card, pin, strange = unit(RANDOM.normal(size=(3, 30)))
    known = np.vstack([around(card, 20), around(pin, 20)])
    found = looks_like(np.vstack([around(pin, 10), around(strange, 10)]), known, ["card"] * 20 + ["pin"] * 20)
    assert found[:10].count("pin") >= 5
    assert found[10:] == [""] * 10


def test_without_known_intents_nothing_is_like_any() -> None:
    vectors = unit(RANDOM.normal(size=(3, 8)))
    assert looks_like(vectors, vectors[:0], []) == ["", "", ""]
    assert looks_like(vectors[:0], vectors, ["a", "b", "c"]) == []


def test_the_nearest_intent_is_the_one_that_most_texts_look_like() -> None:
    assert nearest_known(["card", "card", "", "pin"]) == Known(label="card", share=0.5)
    assert nearest_known(["", ""]) is None


def test_a_cluster_keeps_its_id_while_it_holds_the_same_utterances() -> None:
    before = {"c1": ["a", "b", "c", "d"], "c7": ["e", "f", "g"]}
    assert stable_ids([["e", "f", "g", "h"], ["a", "b", "c"], ["x", "y"]], before) == ["c7", "c1", "c8"]


def test_a_cluster_that_falls_apart_gives_its_id_to_the_larger_half() -> None:
    assert stable_ids([["a", "b"], ["c", "d", "e"]], {"c1": ["a", "b", "c", "d", "e"]}) == ["c2", "c1"]
    assert stable_ids([["a"], ["b"]], {}) == ["c1", "c2"]


def test_a_cluster_is_more_of_an_intent_whose_examples_lie_there() -> None:
    known = Known(label="card", share=0.6)
    assert is_more_of(known, {"card": 0.2})
    assert not is_more_of(known, {"card": 0.1, "pin": 0.9})
    assert not is_more_of(Known(label="card", share=0.4), {"card": 1.0})
    assert not is_more_of(None, {"card": 1.0})


def test_where_the_examples_of_an_intent_lie() -> None:
    middles = np.eye(2, dtype=np.float32)
    known = np.array([[1, 0], [0.9, 0.1], [0, 1]], dtype=np.float32)
    assert at_home(known, ["card", "pin", "pin"], middles) == [{"card": 1.0, "pin": 0.5}, {"pin": 0.5}]
    assert at_home(known[:0], [], middles) == [{}, {}]
