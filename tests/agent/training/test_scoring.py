"""Scores of a classifier, by hand and by property."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.training.classifier import Part, Prediction
from agent.training.measures import confidence_error
from agent.training.scoring import score, score_several


def said(label: str, confidence: float = 1.0, out_of_scope: float = 0.0) -> Prediction:
    return Prediction(label=label, confidence=confidence, scores={label: confidence}, out_of_scope=out_of_scope)


def test_figures_by_hand() -> None:
    predictions = [said("a", 0.9), said("a", 0.6), said("b", 0.8), said("b", 0.7, 0.9), said("a", 0.4, 0.2)]
    found = score(predictions, ["a", "b", "b", "oos", "oos"], threshold=0.5)
    assert found.examples == 3
    assert found.accuracy == pytest.approx(2 / 3)
    assert {one.label: round(one.f1, 3) for one in found.labels} == {"a": 0.667, "b": 0.667}
    assert found.scope is not None
    assert found.scope.recall == 0.5
    assert found.scope.kept == 1.0
    assert found.scope.accuracy_kept == pytest.approx(2 / 3)
    assert found.scope.auroc == 1.0
    assert set(found.as_json()) == {"examples", "accuracy", "macro_f1", "calibration_error", "labels", "out_of_scope"}


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=60))
def test_calibration_error_is_a_share(pairs: list[tuple[float, bool]]) -> None:
    confidence, right = np.array([c for c, _ in pairs]), np.array([r for _, r in pairs])
    assert 0 <= confidence_error(confidence, right) <= 1


def test_always_sure_and_always_wrong_is_as_bad_as_can_be() -> None:
    assert confidence_error(np.ones(10), np.zeros(10, dtype=bool)) == 1.0
    assert confidence_error(np.ones(10), np.ones(10, dtype=bool)) == 0.0


def both(*labels: str) -> Prediction:
    parts = tuple(Part(label=label, confidence=0.9, text=label) for label in labels)
    return Prediction(label=labels[0], confidence=0.5, scores={labels[0]: 0.5}, parts=parts)


def test_several_labels_by_hand() -> None:
    told = [both("a", "b"), said("a"), both("a", "c"), both("b", "a")]
    found = score_several(told, [("a", "b"), ("a", "b"), ("a", "b"), ("a", "b")], [said("a"), both("a", "b")])
    assert (found.exact, found.precision, found.recall) == (0.5, pytest.approx(6 / 7), 0.75)
    assert (found.examples, found.single, found.told_several) == (4, 2, 0.5)
    assert found.as_json() == {
        "examples": 4,
        "exact": 0.5,
        "precision": 0.8571,
        "recall": 0.75,
        "single": 2,
        "told_several": 0.5,
    }
