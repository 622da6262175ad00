"""95 % intervals of the figures that are of a whole run: what was understood, how well support tells, what was refused."""

from collections.abc import Iterator, Sequence

import numpy as np

from agent.learning.evaluate.measures import calibration_error, macro_f1, separation, share
from agent.learning.evaluate.statistics import Measure
from agent.training.data import OUT_OF_SCOPE
from evals.metrics.risk import support_of
from evals.scoring.turns import Result, told_intent
from evals.scoring.understanding_figures import confidence_of, in_scope
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
    if 0 < len(known) < len(named):
        strange = [one.case.intent == OUT_OF_SCOPE for one in named]
        yield "oos_auroc", separation(strange, [one.reply.understanding.out_of_scope for one in named]), named
    answered = [one for one in results if "declined" in one.scores]
    can = [one.case.answerable for one in answered]
    if any(can) and not all(can):
        yield "support_auroc", separation(can, [support_of(one) for one in answered]), answered
    for name, of, score in (
        ("answerable_right", [one for one in answered if one.case.answerable], "right"),
        ("answerable_declined", [one for one in answered if one.case.answerable], "declined"),
        ("unanswerable_declined", [one for one in answered if not one.case.answerable], "declined"),
        ("right_of_given", [one for one in answered if not one.scores["declined"]], "right"),
    ):
        if of:
            yield name, share(np.array([one.scores[score] for one in of])), of
    declined = [one for one in answered if one.scores["declined"]]
    if declined:
        yield "refusal_precision", share([not one.case.answerable for one in declined]), declined
    stranded = [one for one in answered if not one.case.answerable]
    if stranded:
        yield "refusal_recall", share(np.array([one.scores["declined"] for one in stranded])), stranded
