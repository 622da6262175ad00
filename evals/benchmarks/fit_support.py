"""Fits what support is told by where vectors are compared: `python -m evals.benchmarks.fit_support LIBRARIES`.

LIBRARIES is a folder for the libraries that the questions are asked of, as for `fit_reader`. Support, the probability that
the evidence answers, is logistic on questions that neither ranking nor verifier was fitted on: the files FRESH, two of a
company that they know and two of companies that they don't; and, as unanswerable, on what has nothing to do with any
company: requests out of scope of CLINC150 (Larson et al. 2019; its parts for training and validation) and our own in
`off_topic.jsonl`; and on what only the customer's own account could tell ("what's my balance"): `own_data.jsonl`. Chinese, read by its glosses, has the same, made as sure as it may be (Platt 1999). Give it no question
that answers are measured on.
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from agent.generate.extractive.weights import Network, ReaderWeights, Weights, default_weights
from evals.benchmarks.fit_reader import FRESH, Asked, asked_of, fit_support, found_for, support_row, write
from evals.benchmarks.tuning_libraries import DATA, TUNING, company_of, open_libraries
from evals.cases import Case
from knowledge.library import Library

_OFF_TOPIC = 120  # questions asked of each company: more than it has unanswerable ones of its own
_ALIKE = frozenset({"off_topic", "own_data"})
_COUNT = 0.5  # of one of them: they are easily told, and must not crowd out what is hard to tell


def main(folder_of_libraries: str) -> None:
    """Fits, prints what is reached crosswise, and writes the weights."""
    libraries = open_libraries(Path(folder_of_libraries))
    before = default_weights()
    own = [a for file in FRESH for a in asked_of(TUNING / f"{file}.jsonl", libraries[company_of(file)], "en")]
    beyond = [a for seed, file in enumerate(FRESH) for a in _beyond(libraries[company_of(file)], "en", seed)]
    rows = [support_row(a, before.vectors.rank) for a in (*own, *beyond) if a.parts]
    counts = np.array([_count(a) for a, _, _ in rows], dtype=np.float32)
    vectors = Weights(rank=before.vectors.rank, support=fit_support("vectors", rows, counts))
    glossed = asked_of(TUNING / "shop_zh.jsonl", libraries["shop"], "zh")
    glossed += _beyond(libraries["shop"], "zh", seed=0)
    write(ReaderWeights(vectors=vectors, words=before.words, glosses=calibrated(vectors, glossed)))


def calibrated(weights: Weights, asked: Sequence[Asked]) -> Network:
    """The support of these weights, made as sure of other questions as answers are there; two numbers are fitted."""
    rows = [support_row(a, weights.rank) for a in asked if a.parts]
    values = np.stack([np.mean([s.features for s in selections], axis=0) for _, selections, _ in rows])
    answerable = np.array([a.case.answerable for a, _, _ in rows])
    count = np.array([_count(a) for a, _, _ in rows])
    logits = weights.support.scores(values)[:, None]
    print(f"glosses: AUROC answerable {roc_auc_score(answerable, logits[:, 0]):.3f}")
    model = LogisticRegression(C=100).fit(logits, answerable, sample_weight=count)
    slope, shift = np.float32(model.coef_[0, 0]), np.float32(model.intercept_[0])
    ((weight, bias),) = weights.support.layers
    return Network(
        mean=weights.support.mean, scale=weights.support.scale, layers=((slope * weight, slope * bias + shift),)
    )


def _count(asked: Asked) -> float:
    return _COUNT if asked.file in _ALIKE else 1.0


def _beyond(library: Library, language: str, seed: int) -> list[Asked]:
    """What no article of a company answers, asked of one: what no company is there for, and what its customers' accounts hold."""
    off_topic = _written("off_topic", language)
    if language == "en":
        clinc = json.loads((DATA / "clinc150" / "data_full.json").read_text("utf-8"))
        off_topic += [str(text) for part in ("oos_train", "oos_val") for text, _ in clinc[part]]
    chosen: Sequence[int] = np.random.default_rng(seed).permutation(len(off_topic))[:_OFF_TOPIC].tolist()
    questions = [("off_topic", off_topic[at]) for at in chosen]
    questions += [("own_data", question) for question in _written("own_data", language)]
    return [
        found_for(Case(id=f"{file}-{at}", lang=language, question=question, answerable=False), file, library, language)
        for at, (file, question) in enumerate(questions)
    ]


def _written(file: str, language: str) -> list[str]:
    """The questions of one of our own files."""
    records = map(json.loads, Path(__file__).with_name(f"{file}.jsonl").read_text("utf-8").splitlines())
    return [str(record["question"]) for record in records if record["lang"] == language]


if __name__ == "__main__":
    main(*sys.argv[1:])
