"""95 % intervals of the figures that are of a whole run: what was understood, how well support tells, what was refused."""

import math
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from agent.learning.evaluate.measures import calibration_error, macro_f1, separation
from agent.learning.evaluate.statistics import Floats, Measure
from agent.training.data import OUT_OF_SCOPE
from evals.metrics.correlation import spearman
from evals.metrics.coverage import weighted_aurc
from evals.metrics.risk import support_of
from evals.metrics.running import PERCENTS
from evals.scoring.turns import Result, told_intent
from evals.scoring.understanding_figures import confidence_of, felt, in_scope, labels_brier
from evals.statistics.bootstrap import Interval, mean_interval, measure_interval, percentile_intervals

_RESAMPLES = 1000


def figure_intervals(results: Sequence[Result]) -> dict[str, tuple[float, float]]:
    """By figure, over cases drawn anew, those of one case together; what a draw cannot tell has none."""
    found: dict[str, Interval | None] = {}
    for name, values, of in _means(results):
        found[name] = mean_interval(values, _ids(of))
    for name, measure, of in _measures(results):
        found[name] = measure_interval(measure, len(of), _ids(of), resamples=_RESAMPLES)
    for name, stage in (("latency_ms", "total"), ("first_token_ms", "first_token")):
        of = [one for one in results if stage in one.reply.timings_ms]
        times = [one.reply.timings_ms[stage] for one in of]
        for percent, interval in percentile_intervals(times, PERCENTS, _ids(of), resamples=_RESAMPLES).items():
            found[f"{name}.p{percent}"] = interval
    return {
        name: (one.low, one.high) for name, one in found.items() if one and one.low is not None and one.high is not None
    }


def _ids(results: Sequence[Result]) -> list[str]:
    return [one.case.id for one in results]


def _means(results: Sequence[Result]) -> Iterator[tuple[str, Sequence[float], Sequence[Result]]]:
    """Each figure that is a mean over some of the results, with the value of each of these."""
    known = in_scope(results)
    wide = [(confidence_of(one) - (told_intent(one.reply) == one.case.intent)) ** 2 for one in known]
    yield "brier", wide, known
    yield "brier_labels", list(map(labels_brier, known)), known
    answered = [one for one in results if "declined" in one.scores]
    yield "words", [float(len(one.reply.text.split())) for one in answered], answered
    can, stranded = ([one for one in answered if one.case.answerable is able] for able in (True, False))
    given, declined = ([one for one in answered if bool(one.scores["declined"]) is said] for said in (False, True))
    for name, of, score in (
        ("answerable_right", can, "right"),
        ("answerable_declined", can, "declined"),
        ("unanswerable_declined", stranded, "declined"),
        ("refusal_recall", stranded, "declined"),
        ("right_of_given", given, "right"),
    ):
        yield name, [one.scores[score] for one in of], of
    yield "refusal_precision", [float(not one.case.answerable) for one in declined], declined


def _measures(results: Sequence[Result]) -> Iterator[tuple[str, Measure, Sequence[Result]]]:
    """Each other figure with the results that it is of."""
    known, named = in_scope(results), [one for one in results if one.case.intent]
    if known:
        told = [told_intent(one.reply) for one in known]
        right = [said == one.case.intent for said, one in zip(told, known, strict=True)]
        yield "intent_macro_f1", macro_f1([one.case.intent for one in known], told), known
        yield "ece", calibration_error(right, [confidence_of(one) for one in known]), known
    if 0 < len(known) < len(named):
        strange = [one.case.intent == OUT_OF_SCOPE for one in named]
        yield "oos_auroc", separation(strange, [one.reply.understanding.out_of_scope for one in named]), named
    yield from _of_moods(results)
    answered = [one for one in results if "declined" in one.scores]
    can = [one.case.answerable for one in answered]
    if any(can) and not all(can):
        yield "support_auroc", separation(can, [support_of(one) for one in answered]), answered
    given = [one for one in answered if not one.scores["declined"]]
    if given:
        right = [one.scores["right"] > 0 for one in given]
        yield "aurc", weighted_aurc([one.reply.support for one in given], right), given


def _of_moods(results: Sequence[Result]) -> Iterator[tuple[str, Measure, Sequence[Result]]]:
    labelled = [one for one in results if one.case.sentiment]
    if labelled:
        truth = [str(one.case.sentiment) for one in labelled]
        yield "sentiment_macro_f1", macro_f1(truth, list(map(felt, labelled))), labelled
    graded = [(one.case.polarity, one) for one in results if one.case.polarity is not None]
    if graded:
        of = [one for _, one in graded]
        told = [one.reply.understanding.sentiment.polarity for one in of]
        yield "sentiment_correlation", _redrawn(spearman, [grade for grade, _ in graded], told), of


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
