"""Clusters measured by intents that were hidden from them."""

from pathlib import Path

import numpy as np
import pytest

from agent.home import Home
from agent.learning.intents.against_truth import agreement, read_truth
from agent.learning.intents.step import IntentsStep
from agent.training.data import Labelled, write_labelled
from tests.agent.learning.intents.test_step import RECORDS, learn
from tests.support.said import said


def test_the_same_partition_agrees_wholly_and_chance_not_at_all() -> None:
    texts = [f"text {number}" for number in range(400)]
    truth = {text: str(number % 8) for number, text in enumerate(texts)}
    same = agreement(texts, [("en", (number * 3) % 8) for number in range(400)], truth)
    chance = agreement(texts, np.random.default_rng(0).integers(0, 8, 400).tolist(), truth)
    assert same is not None and chance is not None
    assert (same.compared, same.intents, same.shared) == (400, 8, pytest.approx(1))
    assert abs(chance.shared) < 0.05


def test_only_what_the_truth_knows_is_compared() -> None:
    found = agreement(["A  card", "a pin", "?"], [0, 1, 0], {"a card": "card", "a pin": "pin"})
    assert found is not None and (found.compared, found.shared) == (2, pytest.approx(1))
    assert agreement(["?", "a card"], [0, 1], {"a card": "card"}) is None


def test_a_run_tells_how_its_clusters_agree_with_hidden_intents(tmp_path: Path) -> None:
    pairs = [*said("en"), *said("zh"), ("what is the moon made of", "oos")]
    truth = tmp_path / "truth.csv"
    write_labelled(Labelled(tuple(text for text, _ in pairs), tuple(label for _, label in pairs)), truth)
    assert len(read_truth(truth)) == len(pairs) - 1
    home = Home(tmp_path / "home")
    figures = learn(home, RECORDS, IntentsStep(count=8, truth=truth, embed_of=lambda _: None)).figures
    assert figures["utterances compared with the truth"] == figures["unlabelled utterances"] == 125
    assert 0.5 < float(figures["agreement with the hidden intents"]) <= 1
    report = next((tmp_path / "home" / "learning").glob("2*/3-intents/report.md")).read_text("utf-8")
    assert "adjusted mutual information" in report
