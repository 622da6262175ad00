"""Judges a new model of texts against the one in use on the same labelled examples."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Protocol

import numpy as np

from agent.learning.evaluate.comparison import Bin, Confusion, Flip, TaskComparison
from agent.learning.evaluate.judging import Pairs, Terms, conclude, drawn_figure, shares_figure
from agent.learning.evaluate.measures import calibration_error, macro_f1, separation
from agent.learning.evaluate.statistics import Measure
from agent.training.data import OUT_OF_SCOPE, Labelled
from agent.training.measures import BINS, bin_numbers


class Told(Protocol):
    """What a model says of one text; `agent.training.classifier.Prediction` is one."""

    @property
    def label(self) -> str: ...
    @property
    def confidence(self) -> float: ...
    @property
    def out_of_scope(self) -> float: ...


def compare_labels(
    task: str, data: Labelled, before: Sequence[Told], after: Sequence[Told], languages: Sequence[str], terms: Terms
) -> TaskComparison:
    """The comparison of two models that put a label on a text.

    Examples out of scope tell how well the score of strangeness separates, and nothing about labels.
    """
    inside = [n for n, label in enumerate(data.labels) if label != OUT_OF_SCOPE]
    known = data.take(inside)
    old, new = [before[n] for n in inside], [after[n] for n in inside]
    pairs = Pairs(
        before=[one.label == label for one, label in zip(old, known.labels, strict=True)],
        after=[one.label == label for one, label in zip(new, known.labels, strict=True)],
        slices={"label": known.labels, "language": [languages[n] for n in inside]},
    )
    figures = [
        shares_figure("accuracy", pairs),
        drawn_figure(
            "macro F1",
            macro_f1(known.labels, [one.label for one in old]),
            macro_f1(known.labels, [one.label for one in new]),
            len(known),
            terms,
        ),
        drawn_figure(
            "calibration error (ECE)", _ece(old, pairs.before), _ece(new, pairs.after), len(known), terms, sign=-1
        ),
    ]
    strange = [label == OUT_OF_SCOPE for label in data.labels]
    if any(strange) and not all(strange):
        old_area, new_area = (separation(strange, [one.out_of_scope for one in told]) for told in (before, after))
        figures.append(drawn_figure("out-of-scope AUROC", old_area, new_area, len(data), terms))
    told = [(one.label, other.label) for one, other in zip(old, new, strict=True)]
    return conclude(
        task,
        pairs,
        figures,
        terms,
        flips=list(_flips(known, told, pairs)),
        confusions=list(_confusions(known.labels, told)),
        calibration=(list(_curve(old, pairs.before)), list(_curve(new, pairs.after))),
    )


def _ece(told: Sequence[Told], right: Sequence[bool]) -> Measure:
    return calibration_error(right, [one.confidence for one in told])


def _curve(told: Sequence[Told], right: Sequence[bool]) -> Iterator[Bin]:
    sure = np.array([one.confidence for one in told], dtype=np.float64)
    hits, bins = np.asarray(right, dtype=np.float64), bin_numbers(sure)
    for number in range(BINS):
        rows = bins == number
        if rows.any():
            yield Bin(examples=int(rows.sum()), confidence=float(sure[rows].mean()), right=float(hits[rows].mean()))


def _flips(data: Labelled, told: Sequence[tuple[str, str]], pairs: Pairs) -> Iterator[Flip]:
    """Losses first."""
    changed = [n for n in range(len(data)) if pairs.before[n] != pairs.after[n]]
    for n in sorted(changed, key=lambda n: pairs.after[n]):
        yield Flip(text=data.texts[n], truth=data.labels[n], before=told[n][0], after=told[n][1], gained=pairs.after[n])


def _confusions(truth: Sequence[str], told: Sequence[tuple[str, str]]) -> Iterator[Confusion]:
    """Pairs that are confused more or less often than before, the greatest change first."""
    old = Counter((label, one) for label, (one, _) in zip(truth, told, strict=True) if one != label)
    new = Counter((label, one) for label, (_, one) in zip(truth, told, strict=True) if one != label)
    changed = sorted((pair for pair in old | new if old[pair] != new[pair]), key=lambda p: (-abs(new[p] - old[p]), p))
    for label, one in changed:
        yield Confusion(truth=label, told=one, before=old[label, one], after=new[label, one])
