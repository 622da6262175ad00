"""How good a classifier is on labelled texts: accuracy, macro F1, each label, calibration, out of scope."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from agent.training.classifier import Prediction
from agent.training.data import OUT_OF_SCOPE
from agent.training.measures import confidence_error
from agent.types import JsonValue


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelScore:
    """Of one label; shares are 0…1."""

    label: str
    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeScore:
    """Of the texts labelled `oos` against all others.

    auroc: 0.5 is chance; recall: of strangers, at the threshold; kept: share of the others below it;
    accuracy_kept: share of the others that are below it and told right.
    """

    examples: int
    threshold: float
    auroc: float
    recall: float
    kept: float
    accuracy_kept: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Of a classifier on labelled texts; those labelled `oos` count for `scope` alone."""

    examples: int
    accuracy: float
    macro_f1: float
    calibration_error: float
    labels: tuple[LabelScore, ...]
    scope: ScopeScore | None

    def as_json(self) -> dict[str, JsonValue]:
        """For programs."""
        found: dict[str, JsonValue] = {
            "examples": self.examples,
            "accuracy": round(self.accuracy, 4),
            "macro_f1": round(self.macro_f1, 4),
            "calibration_error": round(self.calibration_error, 4),
            "labels": {
                one.label: {
                    "precision": round(one.precision, 4),
                    "recall": round(one.recall, 4),
                    "f1": round(one.f1, 4),
                    "support": one.support,
                }
                for one in self.labels
            },
        }
        if self.scope:
            found["out_of_scope"] = {
                "examples": self.scope.examples,
                "threshold": round(self.scope.threshold, 4),
                "auroc": round(self.scope.auroc, 4),
                "recall": round(self.scope.recall, 4),
                "in_scope_kept": round(self.scope.kept, 4),
                "in_scope_accuracy": round(self.scope.accuracy_kept, 4),
            }
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class SeveralScore:
    """Of the texts with several labels, by what was told of each: its parts, or its one label.

    exact: share of texts of which just the right labels were told; precision: of the labels told, recall: of the right
    ones; single, told_several: how many texts have one label, and the share of these of which several were told.
    """

    examples: int
    exact: float
    precision: float
    recall: float
    single: int
    told_several: float

    def as_json(self) -> dict[str, JsonValue]:
        """For programs."""
        return {
            "examples": self.examples,
            "exact": round(self.exact, 4),
            "precision": round(self.precision, 4),
            "recall": round(self.recall, 4),
            "single": self.single,
            "told_several": round(self.told_several, 4),
        }


def score_several(
    predictions: Sequence[Prediction], labels: Sequence[Sequence[str]], single: Sequence[Prediction]
) -> SeveralScore:
    """Of predictions against several labels each, at least one such text; single: predictions of texts with one label."""
    told = [{part.label for part in one.parts} or {one.label} for one in predictions]
    truths = [set(several) for several in labels]
    right = sum(len(said & truth) for said, truth in zip(told, truths, strict=True))
    return SeveralScore(
        examples=len(truths),
        exact=sum(said == truth for said, truth in zip(told, truths, strict=True)) / len(truths),
        precision=right / sum(map(len, told)),
        recall=right / sum(map(len, truths)),
        single=len(single),
        told_several=sum(bool(one.parts) for one in single) / max(1, len(single)),
    )


def score(predictions: Sequence[Prediction], labels: Sequence[str], *, threshold: float) -> Score:
    """Of predictions against labels, of the same length; at least one label other than `oos`."""
    from sklearn.metrics import precision_recall_fscore_support

    inside = np.array([label != OUT_OF_SCOPE for label in labels])
    truth = [label for label in labels if label != OUT_OF_SCOPE]
    kept = [one for one, known in zip(predictions, inside, strict=True) if known]
    right = np.array([one.label == label for one, label in zip(kept, truth, strict=True)])
    names = sorted(set(truth))
    precision, recall, f1, support = precision_recall_fscore_support(
        truth, [one.label for one in kept], labels=names, zero_division=0
    )
    return Score(
        examples=len(truth),
        accuracy=float(right.mean()),
        macro_f1=float(np.mean(f1)),
        calibration_error=confidence_error(np.array([one.confidence for one in kept]), right),
        labels=tuple(
            LabelScore(label=name, precision=float(p), recall=float(r), f1=float(f), support=int(n))
            for name, p, r, f, n in zip(names, precision, recall, f1, support, strict=True)
        ),
        scope=_scope(predictions, inside, right, threshold) if not inside.all() else None,
    )


def _scope(
    predictions: Sequence[Prediction],
    inside: "np.typing.NDArray[np.bool_]",
    right: "np.typing.NDArray[np.bool_]",
    at: float,
) -> ScopeScore:
    from sklearn.metrics import roc_auc_score

    strange = np.array([one.out_of_scope for one in predictions])
    return ScopeScore(
        examples=int((~inside).sum()),
        threshold=at,
        auroc=float(roc_auc_score(~inside, strange)),
        recall=float((strange[~inside] >= at).mean()),
        kept=float((strange[inside] < at).mean()),
        accuracy_kept=float((right & (strange[inside] < at)).mean()),
    )
