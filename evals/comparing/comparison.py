"""From the outcomes of two runs to what may be said of their difference. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from agent.errors import CallerError
from evals.comparing.runs import Outcome
from evals.metrics.registry import is_safety, metric_of
from evals.statistics.bootstrap import Interval, mean_interval
from evals.statistics.correction import holm
from evals.statistics.extremes import most_changed
from evals.statistics.paired import difference, p_value

ALPHA = 0.05
PRIMARY = ("right", "resolved")
"""What a run is first of all for: the first of these that both have. It is tested as it is; all others share a correction."""

_FEWEST_IN_SLICE = 5
_NAMED = 5


class Verdict(StrEnum):
    """Of a difference. CHANGED: significant, but of a score of which nobody said which way is better."""

    BETTER = "better"
    WORSE = "worse"
    CHANGED = "changed"
    SAME = "no difference seen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One metric, or the primary one in a slice. n: cases that both runs scored.

    p: McNemar's, or by permutation; corrected: p after Holm's correction (the primary metric's own p, uncorrected).
    """

    name: str
    n: int
    before: Interval
    after: Interval
    difference: Interval
    p: float
    corrected: float
    verdict: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """primary: name of the metric that decides. unsafe: (case, metric) that got less safe, or is not measured any more.

    unmeasured: those of `unsafe` of which the second run says nothing.

    changed: ids of the most changed cases; only_before, only_after: ids of cases that the other run has not.
    """

    primary: str
    rows: tuple[Row, ...]
    slices: tuple[Row, ...]
    unsafe: tuple[tuple[str, str], ...]
    unmeasured: tuple[tuple[str, str], ...]
    changed: tuple[str, ...]
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]

    @property
    def regressions(self) -> tuple[str, ...]:
        """Why a pull request should not be merged; empty where nothing speaks against it."""
        found = [
            f"{row.name} fell from {row.before.value:.3f} to {row.after.value:.3f} (p = {row.corrected:.4f})"
            for row in self.rows
            if row.name == self.primary and row.verdict is Verdict.WORSE
        ]
        lost = set(self.unmeasured)
        worse = [one for one in self.unsafe if one not in lost]
        return (*found, *_cases_by_metric("got worse", worse), *_cases_by_metric("is not measured any more", lost))


def compare(before: Mapping[str, Outcome], after: Mapping[str, Outcome], primary: str | None = None) -> Comparison:
    """Of two runs, paired by the ids of their cases. Raises CallerError where they share no case, or no such metric."""
    both = [case for case in before if case in after]
    if not both:
        raise CallerError("the two runs have no case in common; compare runs of the same cases")
    names = list(dict.fromkeys(name for case in both for name in before[case].scores if name in after[case].scores))
    first = primary or next((name for name in PRIMARY if name in names), "")
    if primary and primary not in names:
        raise CallerError(f"no case of both runs has a score {primary}; they share: {', '.join(sorted(names))}")
    unsafe = _unsafe(both, before, after)
    rows = [_row(name, name, before, after, _scored(name, both, before, after)) for name in names]
    return Comparison(
        primary=first,
        rows=tuple(_corrected(rows, first)),
        slices=tuple(_slices(first, both, before, after)) if first else (),
        unsafe=tuple(unsafe),
        unmeasured=tuple((case, name) for case, name in unsafe if name not in after[case].scores),
        changed=tuple(
            most_changed({case: before[case].scores for case in both}, {case: after[case].scores for case in both})
        ),
        only_before=tuple(case for case in before if case not in after),
        only_after=tuple(case for case in after if case not in before),
    )


def _cases_by_metric(what: str, pairs: Iterable[tuple[str, str]]) -> Iterator[str]:
    """A line for each metric, with the first cases."""
    cases: dict[str, list[str]] = defaultdict(list)
    for case, metric in sorted(pairs):
        cases[metric].append(case)
    for metric, of in cases.items():
        named = f"case {of[0]}" if len(of) == 1 else f"{len(of)} cases: {', '.join(of[:_NAMED])}"
        yield f"{metric} {what} for {named}{', …' if len(of) > _NAMED else ''}"


def _scored(name: str, cases: Sequence[str], *runs: Mapping[str, Outcome]) -> list[str]:
    return [case for case in cases if all(name in run[case].scores for run in runs)]


def _row(
    name: str, metric: str, before: Mapping[str, Outcome], after: Mapping[str, Outcome], cases: Sequence[str]
) -> Row:
    old, new = ([run[case].scores[metric] for case in cases] for run in (before, after))
    clusters = [before[case].cluster for case in cases]
    intervals = (mean_interval(old, clusters), mean_interval(new, clusters), difference(old, new, clusters))
    first, second, apart = (interval for interval in intervals if interval is not None)
    p = p_value(old, new, clusters)
    return Row(
        name=name,
        n=len(cases),
        before=first,
        after=second,
        difference=apart,
        p=p,
        corrected=p,
        verdict=_verdict(metric, apart.value, p),
    )


def _corrected(rows: Sequence[Row], primary: str) -> list[Row]:
    others = [row for row in rows if row.name != primary]
    found = dict(zip((row.name for row in others), holm([row.p for row in others]), strict=True))
    return [row if row.name == primary else _with(row, row.name, found[row.name]) for row in rows]


def _with(row: Row, metric: str, corrected: float) -> Row:
    return replace(row, corrected=corrected, verdict=_verdict(metric, row.difference.value, corrected))


def _verdict(metric: str, apart: float, p: float) -> Verdict:
    if p >= ALPHA or apart == 0:
        return Verdict.SAME
    known = metric_of(metric)
    if known is None or known.better == "neither":
        return Verdict.CHANGED
    return Verdict.BETTER if (apart > 0) == (known.better == "higher") else Verdict.WORSE


def _slices(
    primary: str, both: Sequence[str], before: Mapping[str, Outcome], after: Mapping[str, Outcome]
) -> list[Row]:
    """The primary metric in each slice, all corrected together; what was understood is taken from the first run."""
    cases = _scored(primary, both, before, after)
    rows = []
    for kind in dict.fromkeys(kind for case in cases for kind in before[case].slices):
        for name in sorted({before[case].slices[kind] for case in cases} - {""}):
            own = [case for case in cases if before[case].slices[kind] == name]
            if _FEWEST_IN_SLICE <= len(own) < len(cases):
                rows.append(_row(f"{kind}: {name}", primary, before, after, own))
    return [
        _with(row, primary, corrected)
        for row, corrected in zip(rows, holm([row.p for row in rows]), strict=True)
    ]  # fmt: skip


def _unsafe(both: Sequence[str], before: Mapping[str, Outcome], after: Mapping[str, Outcome]) -> list[tuple[str, str]]:
    found = []
    for case in both:
        old, new = before[case].scores, after[case].scores
        names = [name for name in {**old, **new} if is_safety(name)]
        found += [(case, name) for name in names if name not in new or new[name] > old.get(name, 0.0)]
    return found
