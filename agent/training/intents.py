"""Trains and loads an intent classifier: TF-IDF of words and characters, logistic regression."""

import csv
import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import orjson

from agent.errors import BundleError, CallerError
from agent.ports import IntentPrediction
from agent.types import IntentScore

if TYPE_CHECKING:
    from sklearn.pipeline import Pipeline

_FORMAT = 1
_OUT_OF_SCOPE = "oos"


class LinearIntents:
    """Implements `agent.ports.IntentClassifier`. The label `oos` is no intent: its probability is the score."""

    def __init__(self, pipeline: "Pipeline") -> None:
        self._pipeline = pipeline
        self._labels = [str(label) for label in pipeline.classes_]

    def predict(self, texts: Sequence[str]) -> list[IntentPrediction]:
        """Intents and out-of-scope score of each text.

        The score is 1 minus the highest probability of an intent (Hendrycks & Gimpel 2017), so that text unlike
        anything trained on counts as out of scope, whether or not `oos` was a label.
        """
        return [self._prediction(row) for row in self._pipeline.predict_proba(list(texts))]

    def _prediction(self, probabilities: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> IntentPrediction:
        scored = [
            IntentScore(name=label, confidence=round(float(p), 4))
            for label, p in zip(self._labels, probabilities, strict=True)
            if label != _OUT_OF_SCOPE
        ]
        best = sorted(scored, key=lambda intent: -intent.confidence)[:5]
        return IntentPrediction(intents=tuple(best), out_of_scope=round(1 - best[0].confidence, 4) if best else 1.0)


def train_intents(data: Path, out: Path) -> float:
    """Trains on a csv with `text,label` and writes a bundle; returns the cross-validated accuracy, 0…1.

    Raises CallerError when the file has no such columns, or fewer than two labels.
    """
    # Imported here, as in load_intents: they take seconds, which commands that classify nothing should not pay.
    import skops.io
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import cross_val_predict
    from sklearn.pipeline import FeatureUnion, Pipeline

    texts, labels = _read(data)
    pipeline = Pipeline(
        [
            (
                "features",
                FeatureUnion(
                    [
                        ("words", TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)),
                        ("characters", TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 4), sublinear_tf=True)),
                    ]
                ),
            ),
            ("classifier", LogisticRegression(C=20.0, max_iter=1000)),
        ]
    )
    accuracy = float(np.mean(cross_val_predict(pipeline, texts, labels, cv=3) == np.asarray(labels)))
    pipeline.fit(texts, labels)
    out.mkdir(parents=True, exist_ok=True)
    skops.io.dump(pipeline, out / "model.skops")
    card = {
        "format": _FORMAT,
        "task": "intent",
        "labels": sorted(set(labels)),
        "examples": len(texts),
        "accuracy": round(accuracy, 4),
        "data_sha256": hashlib.sha256(data.read_bytes()).hexdigest(),
        "trained_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    (out / "bundle.json").write_bytes(orjson.dumps(card, option=orjson.OPT_INDENT_2))
    return accuracy


def load_intents(folder: Path) -> LinearIntents:
    """The classifier of a bundle; nothing in the file is executed. Raises BundleError."""
    import skops.io

    try:
        card = orjson.loads((folder / "bundle.json").read_bytes())
        if card["format"] != _FORMAT or card["task"] != "intent":
            raise BundleError(f"{folder} is no intent bundle of this version; train it anew")
        file = folder / "model.skops"
        strange = set(skops.io.get_untrusted_types(file=file))
        if strange:
            raise BundleError(f"{folder} holds {', '.join(sorted(strange))}, which a bundle must not; train it anew")
        return LinearIntents(skops.io.load(file, trusted=[]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BundleError(f"{folder} is damaged ({error}); train it anew") from error


def _read(data: Path) -> tuple[list[str], list[str]]:
    with data.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    if not rows or not {"text", "label"} <= set(rows[0]):
        raise CallerError(f"{data}: expected the columns text,label")
    pairs = [(row["text"].strip(), row["label"].strip()) for row in rows if row["text"] and row["label"]]
    if len({label for _, label in pairs}) < 2:
        raise CallerError(f"{data}: at least two labels are needed")
    return [text for text, _ in pairs], [label for _, label in pairs]
