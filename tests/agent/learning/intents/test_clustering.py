"""Clusters are found, and how many there are, in much and in little, always the same."""

import os
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import adjusted_mutual_info_score

from agent.learning.intents.clustering import cluster
from agent.learning.intents.vectors import default_embed, sentences, unit
from agent.samples import sample_path
from agent.training.data import read_labelled
from agent.types import Language
from knowledge.embedders import use
from knowledge.embedders.minilm import is_available
from knowledge.text.han import HAN
from tests.support.said import said

DATA = Path(os.environ.get("PARLEY_DATA", Path(__file__).parents[4].parent / "shared" / "data"))


def blobs(count: int, size: int, dimensions: int = 40, noise: float = 0.05) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(1)
    middles = unit(random.normal(size=(count, dimensions)))
    labels = np.repeat(np.arange(count), size)
    return unit(middles[labels] + noise * random.normal(size=(count * size, dimensions))), labels


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_wants_the_same_is_together_by_words_alone(language: Language) -> None:
    texts, intents = zip(*said(language), strict=True)
    found = cluster(sentences(texts, language, None).joined)
    assert adjusted_mutual_info_score(intents, found.cluster) > 0.5
    for number in range(len(found)):
        own = [intents[row] for row in np.flatnonzero(found.cluster == number)]
        assert max(map(own.count, own)) >= 0.9 * len(own)


@pytest.mark.parametrize("count", [2, 7, 30])
def test_the_number_of_clusters_is_found(count: int) -> None:
    vectors, labels = blobs(count, 40)
    found = cluster(vectors)
    assert len(found) == count
    assert adjusted_mutual_info_score(labels, found.cluster) == pytest.approx(1)
    assert np.mean(found.settled) > 0.9


def test_the_same_vectors_give_the_same_clusters() -> None:
    vectors, _ = blobs(12, 30, noise=0.2)
    one, other = cluster(vectors, seed=3), cluster(vectors, seed=3)
    assert (one.cluster == other.cluster).all()


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_few_texts_are_one_cluster(count: int) -> None:
    vectors, _ = blobs(1, count) if count else (np.zeros((0, 4), dtype=np.float32), None)
    found = cluster(vectors)
    assert len(found) == min(count, 1)
    assert len(found.cluster) == count


def test_twenty_texts_of_two_kinds_are_two_clusters() -> None:
    vectors, labels = blobs(2, 10)
    assert adjusted_mutual_info_score(labels, cluster(vectors).cluster) == pytest.approx(1)


def test_clusters_are_numbered_by_size_and_none_is_smaller_than_wanted() -> None:
    vectors, _ = blobs(3, 40)
    found = cluster(np.vstack([vectors, vectors[:30], -vectors[:2]]), smallest=5)
    sizes = np.bincount(found.cluster)
    assert list(sizes) == sorted(sizes, reverse=True)
    assert sizes.min() >= 5


def test_texts_without_a_word_belong_nowhere() -> None:
    vectors, _ = blobs(2, 20)
    found = cluster(np.vstack([vectors, np.zeros((3, 40), dtype=np.float32)]))
    assert not found.settled[-3:].any()
    assert found.settled[:-3].mean() > 0.9


def test_copies_of_one_text_are_one_cluster() -> None:
    vectors, _ = blobs(1, 1)
    assert len(cluster(np.repeat(vectors, 60, axis=0))) == 1


@pytest.mark.slow
@pytest.mark.data
@pytest.mark.timeout(600)
@pytest.mark.skipif(not (DATA / "banking77").is_dir(), reason="needs ../shared/data or PARLEY_DATA")
@pytest.mark.skipif(not is_available(), reason="needs the extra `embeddings`")
def test_banking77_with_its_labels_hidden() -> None:
    data = read_labelled(DATA / "banking77" / "train.csv")
    found = cluster(sentences(data.texts, "en", default_embed("en")).joined)
    assert adjusted_mutual_info_score(data.labels, found.cluster) >= 0.75


@pytest.mark.skipif(not (is_available() and use.is_available()), reason="needs the extra `embeddings`")
def test_chinese_is_clustered_by_what_is_meant() -> None:
    data = read_labelled(sample_path() / "utterances.csv")
    chinese = data.take([row for row, text in enumerate(data.texts) if HAN.search(text)])
    by_words, by_meaning = (
        adjusted_mutual_info_score(chinese.labels, cluster(sentences(chinese.texts, "zh", embed).joined).cluster)
        for embed in (None, default_embed("zh"))
    )
    assert by_meaning > max(0.45, by_words + 0.2)
