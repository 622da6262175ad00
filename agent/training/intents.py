"""Trains and loads an intent classifier: TF-IDF of words and characters, logistic regression."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt

from agent.errors import BundleError, CallerError
from agent.ports import IntentPrediction
from agent.training.bundle import Bundle, Card, Task, read_bundle, write_bundle
from agent.training.data import Labelled, fingerprint
from agent.types import IntentScore

if TYPE_CHECKING:
    from sklearn.feature_extraction.text import TfidfVectorizer

_MODEL = "linear"
_OUT_OF_SCOPE = "oos"

Floats: TypeAlias = npt.NDArray[np.float64]


class LinearIntents:
    """Implements `agent.ports.IntentClassifier`. The label `oos` is no intent: its probability counts as out of scope."""

    def __init__(self, model: "_Model") -> None:
        self._model = model

    def predict(self, texts: Sequence[str]) -> list[IntentPrediction]:
        """Intents and out-of-scope score of each text.

        The score is 1 minus the highest probability of an intent (Hendrycks & Gimpel 2017), so that text unlike
        anything trained on counts as out of scope, whether or not `oos` was a label.
        """
        return [self._prediction(row) for row in self._model.probabilities(texts)]

    def _prediction(self, probabilities: Floats) -> IntentPrediction:
        scored = [
            IntentScore(name=label, confidence=round(float(p), 4))
            for label, p in zip(self._model.labels, probabilities, strict=True)
            if label != _OUT_OF_SCOPE
        ]
        best = sorted(scored, key=lambda intent: -intent.confidence)[:5]
        return IntentPrediction(intents=tuple(best), out_of_scope=round(1 - best[0].confidence, 4) if best else 1.0)


@dataclass(frozen=True, slots=True)
class _Model:
    """TF-IDF of words and of characters, then a softmax. weights: [labels, features]; bias: [labels]."""

    vectorizers: "tuple[TfidfVectorizer, ...]"
    labels: tuple[str, ...]
    weights: Floats
    bias: Floats

    def probabilities(self, texts: Sequence[str]) -> Floats:
        """[texts, labels], rows sum to 1."""
        from scipy.sparse import hstack

        features = hstack([vectorizer.transform(texts) for vectorizer in self.vectorizers]).tocsr()
        scores = features @ self.weights.T + self.bias
        powers = np.exp(scores - scores.max(axis=1, keepdims=True))
        return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def _vectorizers(vocabularies: Sequence[Mapping[str, int] | None] = (None, None)) -> "tuple[TfidfVectorizer, ...]":
    # Imported here: it takes seconds, which commands that classify nothing should not pay.
    from sklearn.feature_extraction.text import TfidfVectorizer

    return (
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, vocabulary=vocabularies[0]),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 4), sublinear_tf=True, vocabulary=vocabularies[1]),
    )


def train_intents(data: Path, out: Path) -> float:
    """Trains on a csv with `text,label` and writes a bundle; returns the cross-validated accuracy, 0…1.

    Raises CallerError when the file has no such columns, or fewer than two labels.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold, cross_val_predict
    from sklearn.pipeline import make_pipeline, make_union

    texts, labels = _read(data)
    model = LogisticRegression(C=20.0, max_iter=1000)
    folds = StratifiedKFold(3, shuffle=True, random_state=0)  # files are often sorted by language
    predicted = cross_val_predict(make_pipeline(make_union(*_vectorizers()), model), texts, labels, cv=folds)
    accuracy = float(np.mean(predicted == np.asarray(labels)))
    union = make_union(*_vectorizers())
    model.fit(union.fit_transform(texts), labels)
    fitted = [vectorizer for _, vectorizer in union.transformer_list]
    weights, bias = _per_label(model.coef_, model.intercept_)
    labelled = Labelled(tuple(texts), tuple(labels))
    card = Card(
        task=Task.INTENT,
        model=_MODEL,
        labels=tuple(str(label) for label in model.classes_),
        metrics={"accuracy": round(accuracy, 4)},
        examples=len(texts),
        data_sha256=fingerprint(labelled),
    )
    arrays: dict[str, npt.NDArray[np.generic]] = {"weights": weights.astype(np.float32), "bias": bias}
    arrays |= {f"idf_{n}": vectorizer.idf_ for n, vectorizer in enumerate(fitted)}
    terms = {f"terms_{n}": vectorizer.get_feature_names_out().tolist() for n, vectorizer in enumerate(fitted)}
    write_bundle(Bundle(card=card, arrays=arrays, terms=terms), out)
    return accuracy


def _per_label(coefficients: Floats, intercept: Floats) -> tuple[Floats, Floats]:
    """Weights for each label; of two labels scikit-learn keeps the second's alone, against a first of nought."""
    if len(coefficients) > 1:
        return coefficients, intercept
    return np.vstack([np.zeros_like(coefficients), coefficients]), np.concatenate([[0.0], intercept])


def load_intents(folder: Path) -> LinearIntents:
    """The classifier of a bundle: numbers and JSON, nothing is executed. Raises BundleError."""
    bundle = read_bundle(folder)
    if bundle.card.task is not Task.INTENT or bundle.card.model != _MODEL:
        raise BundleError(f"{folder} is no intent bundle of this version; train it anew")
    try:
        vectorizers = _vectorizers([{term: n for n, term in enumerate(bundle.terms[f"terms_{i}"])} for i in range(2)])
        for number, vectorizer in enumerate(vectorizers):
            vectorizer.idf_ = bundle.arrays[f"idf_{number}"]
        weights, bias = bundle.arrays["weights"].astype(np.float64), bundle.arrays["bias"].astype(np.float64)
    except (ValueError, KeyError, TypeError) as error:
        raise BundleError(f"{folder} is damaged ({error}); train it anew") from error
    labels, width = bundle.card.labels, sum(map(len, bundle.terms.values()))
    if weights.shape != (len(labels), width) or bias.shape != (len(labels),):
        raise BundleError(f"{folder} is damaged (its parts do not fit together); train it anew")
    return LinearIntents(_Model(vectorizers, labels, weights, bias))


def _read(data: Path) -> tuple[list[str], list[str]]:
    with data.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    if not rows or not {"text", "label"} <= set(rows[0]):
        raise CallerError(f"{data}: expected the columns text,label")
    pairs = [(row["text"].strip(), row["label"].strip()) for row in rows if row["text"] and row["label"]]
    if len({label for _, label in pairs}) < 2:
        raise CallerError(f"{data}: at least two labels are needed")
    return [text for text, _ in pairs], [label for _, label in pairs]
