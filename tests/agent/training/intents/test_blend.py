"""Weights by unseen examples, and thresholds by what mistakes cost."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from agent.training.intents.blend import Blend, fit_blend, log_softmax
from agent.training.intents.leaving_out import ways
from agent.training.intents.strangers import cheapest_threshold, clues, fit_strangers
from agent.training.measures import calibration_error


def test_probabilities_are_calibrated_however_the_scores_are_scaled() -> None:
    random = np.random.default_rng(0)
    logits = random.normal(size=(4000, 5)) * 2
    labels = np.array([random.choice(5, p=row) for row in np.exp(log_softmax(logits))])
    for factor in (0.05, 1.0, 8.0):
        scores = (logits * factor).astype(np.float32)
        blend = fit_blend([scores], labels)
        assert calibration_error(blend.probabilities([scores]), labels) < 0.03


def test_faint_and_sure_confidences_are_both_put_right() -> None:
    random = np.random.default_rng(0)
    logits = random.normal(size=(4000, 20)) * 1.5
    labels = np.array([random.choice(20, p=row) for row in np.exp(log_softmax(logits))])
    scores = (logits * random.choice([0.4, 2.5], 4000)[:, None]).astype(np.float32)  # some too faint, some too sure
    blend = fit_blend([scores], labels)
    plain, found = np.exp(log_softmax(blend.logits([scores]))), blend.probabilities([scores])
    assert blend.slope < 0.9
    assert calibration_error(found, labels) < 0.5 * calibration_error(plain, labels)
    assert found.sum(axis=1) == pytest.approx(1, abs=1e-5)
    assert (np.argsort(-found[:50], axis=1)[:, :3] == np.argsort(-plain[:50], axis=1)[:, :3]).all()
    assert Blend(blend.weights).probabilities([scores]) == pytest.approx(plain, abs=1e-6)


def test_a_source_of_noise_gets_no_say() -> None:
    random = np.random.default_rng(0)
    labels = random.integers(0, 4, 2000)
    good = (np.eye(4)[labels] + random.normal(size=(2000, 4)) * 0.4).astype(np.float32)
    noise = random.normal(size=(2000, 4)).astype(np.float32)
    for place in (1, 2):
        sources = [good, good, good]
        sources[place] = noise
        weights = fit_blend(sources[: place + 1], labels).weights
        assert len(weights) == place + 1
        assert weights[place] < 0.1 * weights[0]


@settings(deadline=None, max_examples=30)
@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=2, max_size=40), st.floats(0.1, 10))
def test_a_threshold_is_about_as_cheap_as_any(scored: list[tuple[float, bool]], cost: float) -> None:
    scores = np.array([score for score, _ in scored], dtype=np.float32)
    strange = np.array([int(kind) for _, kind in scored])

    def price(threshold: float) -> float:
        return float((scores[strange == 0] >= threshold).sum() + cost * (scores[strange == 1] < threshold).sum())

    found = cheapest_threshold(scores, strange, np.ones(len(scored)), cost)
    assert 0 < found < 1
    near = np.linspace(max(0.005, found - 0.2), min(0.995, found + 0.2), 81)  # what has a say at all
    assert min(map(price, near)) <= 1.01 * float(np.mean([price(other) for other in np.linspace(0.005, 0.995, 199)]))


def test_a_threshold_lies_between_and_heeds_no_lone_dip() -> None:
    scores = np.array([0.05, 0.1, 0.2, 0.8, 0.9], dtype=np.float32)
    assert 0.3 < cheapest_threshold(scores, np.array([0, 0, 0, 1, 1]), np.ones(5), 1.0) < 0.7
    chance = np.random.default_rng(0)
    known, others = chance.beta(2, 6, 400), chance.beta(6, 2, 400)
    mixed = np.concatenate([known, others, np.full(12, 0.25)]).astype(np.float32)  # a heap of strangers below
    kinds = np.repeat([0, 1, 1], [400, 400, 12])
    found = [cheapest_threshold(mixed, kinds, np.ones(812), cost) for cost in (0.2, 1.0, 5.0)]
    assert found[1] == pytest.approx(0.5, abs=0.07)
    assert found == sorted(found, reverse=True)


@pytest.mark.parametrize("sparse", [True, False])
def test_like_intents_are_left_out_together_and_each_once(sparse: bool) -> None:
    chance = np.random.default_rng(0)
    labels = np.arange(240) % 24
    middles = np.eye(8)[labels % 8] + chance.normal(size=(240, 8)) * 0.1  # eight fields of three intents each
    by_chance, by_field = ways(csr_matrix(middles) if sparse else middles.astype(np.float32), labels, 24)
    assert all(sorted(np.concatenate(groups)) == list(range(24)) for groups in (by_chance, by_field))
    assert all(len({label % 8 for label in group}) == 1 for group in by_field)
    assert any(len({label % 8 for label in group}) > 1 for group in by_chance)
    assert len(ways(csr_matrix(middles), labels % 4, 4)) == 1  # each intent is a field


def test_a_dearer_stranger_lowers_the_threshold() -> None:
    random = np.random.default_rng(0)
    known = clues(None, (random.normal(size=(600, 4)) + np.array([3, 0, 0, 0])).astype(np.float32), None)
    strange = clues(None, random.normal(size=(600, 4)).astype(np.float32), None)
    cheap, dear = (fit_strangers(known, [strange], None, cost=cost) for cost in (0.2, 5.0))
    assert dear.threshold < cheap.threshold
    assert (dear.probabilities(known) < dear.threshold).mean() < (cheap.probabilities(known) < cheap.threshold).mean()
    assert (
        0
        < cheap.probabilities(known).mean()
        < cheap.probabilities(strange).mean()
        == pytest.approx(float(cheap.probabilities(strange).mean()))
    )
