"""Fits the judge that needs no model: `python -m evals.fits.judge [DATA] [--only answers]`; some minutes on one core.

Prints the AUROC on what was left out, and writes `evals/judge/fitted.json`. DATA: the folder of public data, beside the
repository by default. What it is fitted on: `evals.fits.judge_data`.

Every sign of answerability speaks for an answer, so none may get a weight below 0: a logistic regression that is monotone in
each. Which signs are kept is chosen by companies left out whole, as the judge meets passages of others than it was fitted on;
the choice is then measured on questions that had no say in it (`evals/benchmarks/heldout`).
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import fmean

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import evals.judge
from evals.fits.judge_data import Pair, heldout_questions, training_pairs
from evals.judge.fitted import WEIGHTS, AllWeights, Weights, packaged_weights
from evals.judge.signs import (
    ANSWERS,
    GROUNDED,
    MEANING,
    PassageVectors,
    Read,
    answer_signs,
    grounded_signs,
    meaning_signs,
)
from knowledge.embedders import minilm

Floats = npt.NDArray[np.float64]

_BOTH = (*ANSWERS, *MEANING)
_FORMS: Mapping[str, tuple[str, ...]] = {
    "words and meaning": _BOTH,
    "meaning": MEANING,
    "nearest sentence": MEANING[:1],
    "nearest sentence, names": ("names", MEANING[0]),
    "nearest sentence, words in one passage": ("words in one passage", MEANING[0]),
}
_RIDGE = 1e-3
"""Of weights on signs of spread one, beside the mean loss: keeps signs that say the same from trading places."""


def main() -> None:
    """Fits and writes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, nargs="?", default=Path(__file__).parents[3] / "shared" / "data")
    parser.add_argument("--only", choices=["answers"], help="Leaves the weights of groundedness as they are.")
    given = parser.parse_args()
    claims, questions = training_pairs(given.data)
    unseen = heldout_questions(given.data)
    answers, answers_meaning = _answers(questions, unseen)
    grounded = packaged_weights().grounded if given.only else _grounded(claims)
    found = AllWeights(grounded=grounded, answers=answers, answers_meaning=answers_meaning)
    (Path(evals.judge.__file__).parent / WEIGHTS).write_text(found.model_dump_json(indent=1) + "\n", "utf-8")


def _answers(questions: Sequence[Pair], unseen: Sequence[Pair]) -> tuple[Weights, Weights]:
    """By words, of both languages; with MiniLM, of English."""
    values = np.array([answer_signs(pair.text, Read.of(pair.passages)) for pair in questions])
    _left_out("answerability, by words", values, questions)
    by_words = monotone(ANSWERS, values, [pair.right for pair in questions])
    english = [pair for pair in questions if pair.language == "en"]
    read, seen_not = _with_meaning(english), _with_meaning(unseen)
    _tell("answerability, by words", by_words, seen_not[:, : len(ANSWERS)], unseen)
    told = {}
    for name, signs in _FORMS.items():
        columns = [_BOTH.index(sign) for sign in signs]
        told[name] = _left_out(f"answerability, {name}", read[:, columns], english)
    best = max(told, key=lambda name: told[name])
    columns = [_BOTH.index(sign) for sign in _FORMS[best]]
    by_meaning = monotone(_FORMS[best], read[:, columns], [pair.right for pair in english])
    _tell(f"answerability, {best} (chosen)", by_meaning, seen_not[:, columns], unseen)
    return by_words, by_meaning


def _with_meaning(pairs: Sequence[Pair]) -> Floats:
    """[pairs, signs] of _BOTH."""
    embedder = minilm.packaged()
    embed = PassageVectors(embedder)
    embed.prepare(text for pair in pairs for text in pair.passages)
    rows = []
    for pair in pairs:
        read = Read.of(pair.passages, embed)
        rows.append([*answer_signs(pair.text, read), *meaning_signs(pair.text, read, embedder)])
    return np.array(rows)


def _left_out(title: str, values: Floats, pairs: Sequence[Pair]) -> float:
    """Mean AUROC over companies, each judged by weights that never met it."""
    right, company = np.array([pair.right for pair in pairs]), np.array([pair.company for pair in pairs])
    found = {}
    for name in dict.fromkeys(company):
        own = company == name
        weights = monotone([""] * values.shape[1], values[~own], right[~own].tolist())
        found[name] = float(roc_auc_score(right[own], [weights.probability(row) for row in values[own]]))
    each = ", ".join(f"{name} {value:.3f}" for name, value in found.items())
    sys.stdout.write(f"{title}: AUROC {fmean(found.values()):.3f} over companies left out ({each})\n")
    return fmean(found.values())


def _tell(title: str, weights: Weights, values: Floats, pairs: Sequence[Pair]) -> None:
    told = [weights.probability(row) for row in values]
    auroc = roc_auc_score([pair.right for pair in pairs], told)
    sys.stdout.write(f"{title}: AUROC {auroc:.3f} on {len(pairs)} pairs held out\n")


def monotone(signs: Sequence[str], values: Floats, right: Sequence[bool]) -> Weights:
    """A logistic regression whose weights are 0 or more, for signs as they are, without scaling."""
    spread = np.maximum(values.std(axis=0), 1e-6)
    scaled, truth = values / spread, np.asarray(right, dtype=np.float64)

    def loss(line: Floats) -> tuple[float, Floats]:
        logits = scaled @ line[:-1] + line[-1]
        told = 1 / (1 + np.exp(-logits))
        value = float(np.mean(np.logaddexp(0, logits) - truth * logits) + _RIDGE * (line[:-1] ** 2).sum())
        slope = np.append(scaled.T @ (told - truth) / len(truth) + 2 * _RIDGE * line[:-1], np.mean(told - truth))
        return value, slope

    bounds = [(0.0, None)] * values.shape[1] + [(None, None)]
    line = minimize(loss, np.zeros(values.shape[1] + 1), jac=True, method="L-BFGS-B", bounds=bounds).x
    weights = tuple(round(float(weight), 6) for weight in line[:-1] / spread)
    return Weights(signs=tuple(signs), weights=weights, bias=round(float(line[-1]), 6))


def _grounded(claims: Sequence[Pair]) -> Weights:
    values = np.array([grounded_signs(pair.text, Read.of(pair.passages)) for pair in claims])
    right, groups = [pair.right for pair in claims], [pair.group for pair in claims]
    return weighed("groundedness, by words", GROUNDED, values, right, groups)


def weighed(title: str, signs: Sequence[str], values: Floats, right: Sequence[bool], groups: Sequence[str]) -> Weights:
    """Weights for signs as they are, without scaling; prints what they are worth on five folds left out, by article."""
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000))
    told = cross_val_predict(model, values, right, groups=groups, cv=GroupKFold(5), method="predict_proba")[:, 1]
    sys.stdout.write(f"{title}: AUROC {roc_auc_score(right, told):.3f} on {len(right)} pairs left out\n")
    model.fit(values, right)
    scaler, line = model[0], model[1]
    weights = line.coef_[0] / scaler.scale_
    bias = float(line.intercept_[0] - (weights * scaler.mean_).sum())
    return Weights(signs=tuple(signs), weights=tuple(round(float(w), 6) for w in weights), bias=round(bias, 6))


if __name__ == "__main__":
    main()
