"""How well step 3 of learning does on labelled utterances whose labels are hidden, spoilt or given a few at a time.

    python -m evals.benchmarks.learn_intents clusters|doubts|labelling TRAIN [--test TEST] [--words] [--seeds 3]

TRAIN and TEST are csv or jsonl with text and label, such as banking77/train.csv. Settings were chosen on CLINC150. `clusters`:
adjusted mutual information with the hidden labels, every text counting. `doubts`: 5 % of the labels changed, to any other
label and to one of the three nearest; precision and recall of what is doubted. `labelling`: five rounds of 50 labels beside as
many at random, accuracy on TEST of a logistic regression on the same vectors.
"""

import argparse
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import adjusted_mutual_info_score

from agent.learning.intents.choosing import choose
from agent.learning.intents.clustering import cluster
from agent.learning.intents.mislabelled import find_mislabelled
from agent.learning.intents.vectors import Sentences, default_embed, sentences, unit
from agent.training.data import Labelled, read_labelled

_ROUNDS, _BATCH, _SPOILT = 5, 50, 0.05

Rows = npt.NDArray[np.int64]


def main() -> None:
    """Prints what was measured."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("clusters", "doubts", "labelling"))
    parser.add_argument("train", type=Path)
    parser.add_argument("--test", type=Path)
    parser.add_argument("--words", action="store_true", help="without the embedder")
    parser.add_argument("--seeds", type=int, default=3)
    arguments = parser.parse_args()
    train = read_labelled(arguments.train)
    test = read_labelled(arguments.test) if arguments.test else Labelled((), ())
    if arguments.what == "labelling" and not len(test):
        parser.error("labelling needs --test")
    embed = None if arguments.words else default_embed("en")
    vectors = sentences((*train.texts, *test.texts), "en", embed)
    own = vectors.take(range(len(train)))
    if arguments.what == "clusters":
        _clusters(own, train)
    for seed in range(arguments.seeds):
        if arguments.what == "doubts":
            for near in (False, True):
                _doubts(own, train, near=near, seed=seed)
        if arguments.what == "labelling":
            held = (vectors.joined[len(train) :], test.labels)
            for by_choice in (True, False):
                _labelling(own, train, held, by_choice=by_choice, seed=seed)


def _clusters(vectors: Sentences, data: Labelled) -> None:
    started = time.perf_counter()
    found = cluster(vectors.joined)
    shared = adjusted_mutual_info_score(data.labels, found.cluster)
    print(
        f"clusters {len(found)} of {len(data.label_names)} labels, adjusted mutual information {shared:.4f}, "
        f"unclustered {1 - found.settled.mean():.4f}, {time.perf_counter() - started:.1f} s"
    )


def _doubts(vectors: Sentences, data: Labelled, *, near: bool, seed: int) -> None:
    given, planted = _spoilt(vectors, data, near=near, seed=seed)
    started = time.perf_counter()
    found = find_mislabelled(vectors, given)
    hits = [doubt for doubt in found if doubt.row in planted]
    mended = sum(doubt.suggested == data.labels[doubt.row] for doubt in hits)
    print(
        f"{'near' if near else 'any'} label, seed {seed}: {len(found)} in doubt, "
        f"precision {len(hits) / max(1, len(found)):.3f}, recall {len(hits) / len(planted):.3f}, "
        f"suggestion right {mended / max(1, len(hits)):.3f}, {time.perf_counter() - started:.1f} s"
    )


def _spoilt(vectors: Sentences, data: Labelled, *, near: bool, seed: int) -> tuple[list[str], set[int]]:
    random, names = np.random.default_rng(seed), data.label_names
    labels = np.asarray([names.index(label) for label in data.labels])
    middles = unit(np.array([vectors.joined[labels == n].mean(axis=0) for n in range(len(names))]))
    nearest = np.argsort(-(middles @ middles.T - 2 * np.eye(len(names))), axis=1)[:, : 3 if near else len(names) - 1]
    planted = random.choice(len(data), round(_SPOILT * len(data)), replace=False)
    given = list(data.labels)
    for row in planted:
        given[row] = names[int(random.choice(nearest[labels[row]]))]
    return given, set(planted.tolist())


def _labelling(
    vectors: Sentences,
    data: Labelled,
    held: tuple[npt.NDArray[np.float32], Sequence[str]],
    *,
    by_choice: bool,
    seed: int,
) -> None:
    random = np.random.default_rng(seed)
    labels = np.asarray(data.labels)
    labelled: Rows = random.choice(len(data), len(data.label_names), replace=False)
    curve = []
    for number in range(_ROUNDS + 1):
        model = LogisticRegression(C=20.0, max_iter=300).fit(vectors.joined[labelled], labels[labelled])
        curve.append(float(np.mean(model.predict(held[0]) == np.asarray(held[1]))))
        if number < _ROUNDS:
            labelled = np.concatenate([labelled, _next(vectors, labels, labelled, random, by_choice=by_choice)])
    print(f"{'chosen' if by_choice else 'random'}, seed {seed}: " + " ".join(f"{value:.4f}" for value in curve))


def _next(
    vectors: Sentences, labels: npt.NDArray[np.str_], labelled: Rows, random: np.random.Generator, *, by_choice: bool
) -> Rows:
    others = np.setdiff1d(np.arange(len(labels)), labelled)
    if not by_choice:
        return np.asarray(random.choice(others, _BATCH, replace=False), dtype=np.int64)
    chosen = choose(vectors.take(np.concatenate([others, labelled])), [str(one) for one in labels[labelled]], _BATCH)
    return np.asarray(others[[one.row for one in chosen]], dtype=np.int64)


if __name__ == "__main__":
    main()
