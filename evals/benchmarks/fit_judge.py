"""Fits the judge that needs no model: `python -m evals.benchmarks.fit_judge [DATA]`; ten minutes on one core.

Prints the AUROC on questions left out (five folds, by article), and writes `evals/judge/fitted.json`. DATA: the folder of
public data, beside the repository by default. What it is fitted on: `evals.benchmarks.judge_data`.
"""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import evals.judge
from evals.benchmarks.judge_data import Pair, training_pairs
from evals.judge.fitted import WEIGHTS, AllWeights, Weights
from evals.judge.signs import ANSWERS, GROUNDED, MEANING, Read, answer_signs, grounded_signs, meaning_signs
from knowledge.embedders import minilm

Floats = npt.NDArray[np.float64]


def main(data: Path) -> None:
    """Fits and writes."""
    claims, questions = training_pairs(data)
    english = [pair for pair in questions if pair.language == "en"]
    found = AllWeights(
        grounded=_fitted("groundedness, by words", GROUNDED, claims, grounded),
        answers=_fitted("answerability, by words", ANSWERS, questions, answers),
        answers_meaning=_fitted("answerability, with MiniLM", (*ANSWERS, *MEANING), english, answers_meaning),
    )
    (Path(evals.judge.__file__).parent / WEIGHTS).write_text(found.model_dump_json(indent=1) + "\n", "utf-8")


def grounded(pair: Pair) -> list[float]:
    """Signs of a claim."""
    return grounded_signs(pair.text, Read.of(pair.passages))


def answers(pair: Pair) -> list[float]:
    """Signs of a question."""
    return answer_signs(pair.text, Read.of(pair.passages))


def answers_meaning(pair: Pair) -> list[float]:
    """The same with those of meaning."""
    embedder = minilm.shared()
    read = Read.of(pair.passages, embedder)
    return [*answer_signs(pair.text, read), *meaning_signs(pair.text, read, embedder)]


def _fitted(title: str, signs: Sequence[str], pairs: Sequence[Pair], read: Callable[[Pair], list[float]]) -> Weights:
    values = np.array([read(pair) for pair in pairs])
    return weighed(title, signs, values, [pair.right for pair in pairs], [pair.group for pair in pairs])


def weighed(title: str, signs: Sequence[str], values: Floats, right: Sequence[bool], groups: Sequence[str]) -> Weights:
    """Weights for signs as they are, without scaling; prints what they are worth on folds left out."""
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000))
    told = cross_val_predict(model, values, right, groups=groups, cv=GroupKFold(5), method="predict_proba")[:, 1]
    sys.stdout.write(f"{title}: AUROC {roc_auc_score(right, told):.3f} on {len(right)} pairs left out\n")
    model.fit(values, right)
    scaler, line = model[0], model[1]
    weights = line.coef_[0] / scaler.scale_
    bias = float(line.intercept_[0] - (weights * scaler.mean_).sum())
    return Weights(signs=tuple(signs), weights=tuple(round(float(w), 6) for w in weights), bias=round(bias, 6))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[3] / "shared" / "data")
