"""Figures of a whole run about what was understood: intents, their confidence, what is out of scope, how customers feel."""

from collections.abc import Sequence

from agent.training.data import OUT_OF_SCOPE
from evals.metrics.classification import auroc, brier, brier_of_labels, ece, macro_f1
from evals.metrics.correlation import spearman
from evals.scoring.turns import Result, told_intent

FELT = 0.25
"""A polarity beyond this, to either side, is a feeling; what lies between is neutral."""


def understanding_figures(results: Sequence[Result]) -> dict[str, float]:
    """By metric, of the cases that name a gold label; what none of them allows is left out. All 0…1, correlation −1…1."""
    return {name: value for name, value in {**_intents(results), **_moods(results)}.items() if value is not None}


def confidence_of(result: Result) -> float:
    """Of the first intent, 0…1."""
    intents = result.reply.understanding.intents
    return intents[0].confidence if intents else 0.0


def in_scope(results: Sequence[Result]) -> list[Result]:
    """Those whose case names an intent that is known."""
    return [result for result in results if result.case.intent not in {"", OUT_OF_SCOPE}]


def _intents(results: Sequence[Result]) -> dict[str, float | None]:
    named = [result for result in results if result.case.intent]
    known = in_scope(results)
    right = [told_intent(result.reply) == result.case.intent for result in known]
    sure = [confidence_of(result) for result in known]
    strange = [result.case.intent == OUT_OF_SCOPE for result in named]
    return {
        "intent_macro_f1": macro_f1(
            [result.case.intent for result in known], [told_intent(result.reply) for result in known]
        ),
        "oos_auroc": auroc(strange, [result.reply.understanding.out_of_scope for result in named]),
        "ece": ece(sure, right),
        "brier": brier(sure, right),
        "brier_labels": brier_of_labels(
            [{one.name: one.confidence for one in result.reply.understanding.intents} for result in known],
            [result.case.intent for result in known],
        ),
    }


def _moods(results: Sequence[Result]) -> dict[str, float | None]:
    labelled = [(result.case.sentiment, felt(result)) for result in results if result.case.sentiment]
    graded = [
        (result.case.polarity, result.reply.understanding.sentiment.polarity)
        for result in results
        if result.case.polarity is not None
    ]
    return {
        "sentiment_macro_f1": macro_f1([str(truth) for truth, _ in labelled], [told for _, told in labelled]),
        "sentiment_correlation": spearman([truth for truth, _ in graded], [told for _, told in graded]),
    }


def labels_brier(result: Result) -> float:
    """Brier's score of one utterance over all labels, 0…2."""
    found = brier_of_labels(
        [{one.name: one.confidence for one in result.reply.understanding.intents}], [result.case.intent]
    )
    assert found is not None
    return found


def felt(result: Result) -> str:
    """positive, neutral or negative, as the reply tells it."""
    polarity = result.reply.understanding.sentiment.polarity
    return "neutral" if abs(polarity) <= FELT else "positive" if polarity > 0 else "negative"
