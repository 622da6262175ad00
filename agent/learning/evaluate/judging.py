"""From outcomes of two models on the same examples to a verdict."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from agent.learning.evaluate.comparison import Bin, Confusion, Figure, Flip, Slice, TaskComparison, Verdict
from agent.learning.evaluate.measures import share
from agent.learning.evaluate.statistics import (
    Measure,
    adjusted,
    examples_needed,
    paired_bootstrap,
    paired_interval,
    sign_test,
    smallest_difference,
)

ALPHA = 0.05
TRIFLE = 0.01
"""Of a figure where less is better: a growth no larger than this is no loss, however many examples show it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """On which terms two are compared. margin: the loss that counts as none; resamples, seed: of the bootstrap."""

    margin: float = 0.02
    resamples: int = 2000
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """Examples with whether each was told rightly. slices: kind ("label", "language") to the slice of each example."""

    before: Sequence[bool]
    after: Sequence[bool]
    slices: Mapping[str, Sequence[str]]

    def counts(self, rows: Sequence[int] | None = None) -> tuple[int, int, int, int]:
        """Both right, gained, lost, neither."""
        found = Counter((self.before[n], self.after[n]) for n in (range(len(self.before)) if rows is None else rows))
        return found[True, True], found[False, True], found[True, False], found[False, False]


def conclude(
    task: str,
    pairs: Pairs,
    figures: Sequence[Figure],
    terms: Terms,
    *,
    flips: Sequence[Flip] = (),
    confusions: Sequence[Confusion] = (),
    calibration: tuple[Sequence[Bin], Sequence[Bin]] = ((), ()),
) -> TaskComparison:
    """The verdict on figures and slices: worse by any significant loss, better by a gain, no worse within the margin."""
    slices = judged_slices(pairs)
    losses = [f"{f.name}: {_shown(f.before)} → {_shown(f.after)}" for f in figures if f.loss]
    losses += [f"{s.kind} {s.name}: {s.before:.3f} → {s.after:.3f} of {s.examples}" for s in slices if s.loss]
    n, (_, gained, lost, _) = len(pairs.before), pairs.counts()
    first, changed = figures[0], (gained + lost) / n if n else 0.0
    if losses:
        verdict = Verdict.WORSE
    elif any(figure.gain for figure in figures):
        verdict = Verdict.BETTER
    elif first.low is not None and first.low > -terms.margin:
        verdict = Verdict.NO_WORSE
    else:
        verdict = Verdict.TOO_LITTLE
    return TaskComparison(
        task=task,
        examples=n,
        verdict=verdict,
        losses=tuple(losses),
        smallest=smallest_difference(n, changed),
        needed=examples_needed(terms.margin, max(changed, 1 / (n + 1))),
        figures=tuple(figures),
        slices=tuple(slices),
        flips=tuple(flips),
        confusions=tuple(confusions),
        calibration_before=tuple(calibration[0]),
        calibration_after=tuple(calibration[1]),
    )


def shares_figure(name: str, pairs: Pairs) -> Figure:
    """The share of right answers, with Newcombe's interval and the exact test."""
    both, gained, lost, neither = pairs.counts()
    n = both + gained + lost + neither
    low, high = paired_interval(both, gained, lost, neither)
    p = sign_test(gained, lost)
    return Figure(
        name=name,
        before=(both + lost) / n if n else None,
        after=(both + gained) / n if n else None,
        low=low,
        high=high,
        p=p,
        gain=p < ALPHA and gained > lost,
        loss=p < ALPHA and lost > gained,
    )


def judged_slices(pairs: Pairs) -> list[Slice]:
    """Each slice with its exact test, all corrected together (Benjamini–Hochberg)."""
    found = []
    for kind, names in pairs.slices.items():
        for name in sorted(set(names)):
            rows = [n for n, one in enumerate(names) if one == name]
            found.append((kind, name, len(rows), *pairs.counts(rows)))
    p_values = [sign_test(gained, lost) for *_, gained, lost, _ in found]
    corrected = adjusted(p_values)
    return [
        Slice(
            kind=kind,
            name=name,
            examples=n,
            before=(both + lost) / n,
            after=(both + gained) / n,
            gained=gained,
            lost=lost,
            p=p,
            q=q,
            loss=q < ALPHA and lost > gained,
        )
        for (kind, name, n, both, gained, lost, _), p, q in zip(found, p_values, corrected, strict=True)
    ]


def mean_figure(name: str, before: Sequence[float], after: Sequence[float], terms: Terms) -> Figure:
    """The mean of a figure that each example has (share of its facts that were found)."""
    return drawn_figure(name, share(np.asarray(before)), share(np.asarray(after)), len(before), terms)


def drawn_figure(name: str, before: Measure, after: Measure, examples: int, terms: Terms, *, sign: int = 1) -> Figure:
    """A figure with its bootstrap interval; sign: −1 where less is better."""
    low, high = paired_bootstrap(before, after, examples, resamples=terms.resamples, seed=terms.seed)
    ones = np.ones(examples)
    old, new = before(ones), after(ones)
    worst, best = (low, high) if sign > 0 else (-high, -low)
    loss = best < 0 and (sign > 0 or new - old > TRIFLE)
    values = [None if math.isnan(value) else value for value in (old, new, low, high)]
    return Figure(
        name=name, before=values[0], after=values[1], low=values[2], high=values[3], gain=worst > 0, loss=loss
    )


def _shown(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
