"""95 % intervals of the figures that are of a whole run: what was understood, how well support tells, what was refused."""

import math
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from agent.learning.evaluate.measures import calibration_error, macro_f1, separation, share
from agent.learning.evaluate.statistics import Floats, Measure
from agent.training.data import OUT_OF_SCOPE
from evals.metrics.correlation import spearman
from evals.metrics.coverage import aurc
from evals.metrics.risk import support_of
from evals.scoring.turns import Result, told_intent
from evals.scoring.understanding_figures import confidence_of, felt, in_scope, labels_brier
from evals.statistics.bootstrap import measure_interval

_RESAMPLES = 1000


def figure_intervals(results: Sequence[Result]) -> dict[str, tuple[float, float]]:
    """By figure, over cases drawn anew, those of one case together; what a draw cannot tell has none."""
    found = {}
    for name, measure, of in _measures(results):
        interval = measure_interval(measure, len(of), [one.case.id for one in of], resamples=_RESAMPLES)
        if interval and interval.low is not None and interval.high is not None:
            found[name] = (interval.low, interval.high)
    return found


def _measures(results: Sequence[Result]) -> Iterator[tuple[str, Measure, Sequence[Result]]]:
    """Each figure with the results that it is of."""
    known, named = in_scope(results), [one for one in results if one.case.intent]
    if known:
        told = [told_intent(one.reply) for one in known]
        right = [said == one.case.intent for said, one in zip(told, known, strict=True)]
        sure = [confidence_of(one) for one in known]
        yield "intent_macro_f1", macro_f1([one.case.intent for one in known], told), known
        yield "ece", calibration_error(right, sure), known
        yield "brier", share((np.asarray(sure) - np.asarray(right)) ** 2), known
        yield "brier_labels", share(np.array([labels_brier(one) for one in known])), known
    if 0 < len(known) < len(named):
        strange = [one.case.intent == OUT_OF_SCOPE for one in named]
        yield "oos_auroc", separation(strange, [one.reply.understanding.out_of_scope for one in named]), named
    labelled = [one for one in results if one.case.sentiment]
    if labelled:
        yield (
            "sentiment_macro_f1",
            macro_f1([str(one.case.sentiment) for one in labelled], list(map(felt, labelled))),
            labelled,
        )
    graded = [(one.case.polarity, one) for one in results if one.case.polarity is not None]
    if graded:
        felt_of = [one.reply.understanding.sentiment.polarity for _, one in graded]
        yield (
            "sentiment_correlation",
            _redrawn(spearman, [truth for truth, _ in graded], felt_of),
            [one for _, one in graded],
        )
    yield from _of_answers(results)
    yield from _of_times(results)


def _of_times(results: Sequence[Result]) -> Iterator[tuple[str, Measure, Sequence[Result]]]:
    for figure, stage in (("latency_ms", "total"), ("first_token_ms", "first_token")):
        timed = [(ms, one) for one in results if (ms := one.reply.timings_ms.get(stage)) is not None]
        for percent in (50, 95, 99) if timed else ():
            yield f"{figure}.p{percent}", _percentile([ms for ms, _ in timed], percent / 100), [one for _, one in timed]


def _of_answers(results: Sequence[Result]) -> Iterator[tuple[str, Measure, Sequence[Result]]]:
    answered = [one for one in results if "declined" in one.scores]
    if answered:
        yield "words", share(np.array([float(len(one.reply.text.split())) for one in answered])), answered
    given = [one for one in answered if not one.scores["declined"]]
    if given:
        yield (
            "aurc",
            _redrawn(aurc, [one.reply.support for one in given], [one.scores["right"] > 0 for one in given]),
            given,
        )
    can = [one.case.answerable for one in answered]
    if any(can) and not all(can):
        yield "support_auroc", separation(can, [support_of(one) for one in answered]), answered
    for name, of, score in (
        ("answerable_right", [one for one in answered if one.case.answerable], "right"),
        ("answerable_declined", [one for one in answered if one.case.answerable], "declined"),
        ("unanswerable_declined", [one for one in answered if not one.case.answerable], "declined"),
        ("right_of_given", given, "right"),
    ):
        if of:
            yield name, share(np.array([one.scores[score] for one in of])), of
    declined = [one for one in answered if one.scores["declined"]]
    if declined:
        yield "refusal_precision", share([not one.case.answerable for one in declined]), declined
    stranded = [one for one in answered if not one.case.answerable]
    if stranded:
        yield "refusal_recall", share(np.array([one.scores["declined"] for one in stranded])), stranded


def _redrawn(
    figure: Callable[[list[float], list[float]], float | None], one: Sequence[float], other: Sequence[float]
) -> Measure:
    """A figure of two series that knows no weights, of each pair as often as it was drawn."""
    rows = np.array([one, other], dtype=np.float64)

    def measure(weights: Floats) -> float:
        drawn = np.repeat(rows, weights.astype(np.intp), axis=1)
        found = figure(drawn[0].tolist(), drawn[1].tolist())
        return math.nan if found is None else found

    return measure


def _percentile(values: Sequence[float], portion: float) -> Measure:
    """Between neighbours by their distance (Hyndman & Fan 1996, type 7), of each value as often as it was drawn."""
    order = np.argsort(values)
    ordered = np.asarray(values, dtype=np.float64)[order]

    def measure(weights: Floats) -> float:
        ends = np.cumsum(weights[order])
        if not ends[-1]:
            return math.nan
        at = portion * (ends[-1] - 1)
        low, high = ordered[np.searchsorted(ends, [math.floor(at), math.ceil(at)], side="right")]
        return float(low + (at - math.floor(at)) * (high - low))

    return measure
