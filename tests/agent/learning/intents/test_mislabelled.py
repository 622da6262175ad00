"""Labels that are wrong are found, with what they should be."""

import os
from pathlib import Path

import numpy as np
import pytest

from agent.learning.intents.mislabelled import find_mislabelled, left_out_probabilities
from agent.learning.intents.vectors import default_embed, sentences
from agent.training.data import read_labelled
from agent.types import Language
from knowledge.embedders.minilm import is_available
from tests.support.said import said

DATA = Path(os.environ.get("PARLEY_DATA", Path(__file__).parents[4].parent / "shared" / "data"))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_planted_wrong_label_is_found_with_the_right_one(language: Language) -> None:
    texts, right = zip(*said(language), strict=True)
    planted = [3, 30, 60]
    given = list(right)
    for row in planted:
        given[row] = right[(row + 25) % len(right)]
    doubts = find_mislabelled(sentences(texts, language, None), given)
    assert {doubt.row for doubt in doubts} == set(planted)
    assert all(doubt.suggested == right[doubt.row] for doubt in doubts)
    assert [doubt.score for doubt in doubts] == sorted((doubt.score for doubt in doubts), reverse=True)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_right_labels_are_not_doubted(language: Language) -> None:
    texts, right = zip(*said(language), strict=True)
    assert find_mislabelled(sentences(texts, language, None), right) == []


def test_the_prediction_of_a_text_does_not_depend_on_its_own_label() -> None:
    texts, right = zip(*said("en"), strict=True)
    vectors = sentences(texts, "en", None)
    names = sorted(set(right))
    given = np.asarray([names.index(label) for label in right])
    other = given.copy()
    other[7] = (given[7] + 1) % 3
    before, after = (left_out_probabilities(vectors, labels, 3)[7] for labels in (given, other))
    assert before == pytest.approx(after, rel=0.2)  # but for the one temperature of all
    assert before.argmax() == after.argmax() == given[7]


@pytest.mark.parametrize("labels", [[], ["a"], ["a", "b"], ["a"] * 5, ["a"] * 5 + ["b"] * 3])
def test_where_there_is_too_little_nothing_is_doubted(labels: list[str]) -> None:
    texts = [f"text {n}" for n in range(len(labels))]
    assert find_mislabelled(sentences(texts, "en", None), labels) == []


@pytest.mark.slow
@pytest.mark.data
@pytest.mark.timeout(600)
@pytest.mark.skipif(not (DATA / "banking77").is_dir(), reason="needs ../shared/data or PARLEY_DATA")
@pytest.mark.skipif(not is_available(), reason="needs the extra `embeddings`")
def test_five_in_a_hundred_planted_in_banking77() -> None:
    data = read_labelled(DATA / "banking77" / "train.csv")
    random, names = np.random.default_rng(5), data.label_names
    planted = set(random.choice(len(data), round(0.05 * len(data)), replace=False).tolist())
    given = [
        names[(names.index(label) + int(random.integers(1, len(names)))) % len(names)] if row in planted else label
        for row, label in enumerate(data.labels)
    ]
    found = {doubt.row for doubt in find_mislabelled(sentences(data.texts, "en", default_embed("en")), given)}
    assert len(found & planted) / len(found) >= 0.6
    assert len(found & planted) / len(planted) >= 0.7
