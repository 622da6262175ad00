"""Every figure of a run has its interval, those of the whole run too."""

from dataclasses import replace

import numpy as np

from agent.types import Emotion, IntentScore, Sentiment
from evals.cases import Case
from evals.reporting.figures_drawn import risk_by_coverage
from evals.reporting.files import markdown
from evals.scoring.summary import summarise
from evals.scoring.turns import Result, score
from evals.targets.replies import plain_reply

INTENTS = ("refund", "delivery", "oos")


def result(number: int) -> Result:
    """Two of three are told right; every fifth cannot be answered, and every other of these is answered all the same."""
    intent, answerable = INTENTS[number % 3], number % 5 != 0
    case = Case(
        id=f"c{number}",
        question=f"问题 {number}?",
        intent=intent,
        answerable=answerable,
        must_include=[["30"]],
        sentiment="negative" if number % 3 else "neutral",
        polarity=(number % 3) / -2,
    )
    reply = plain_reply(
        "30 days" if answerable or number % 2 else "", case.question, "zh", {"total": 1.0 + number}, "x"
    )
    told = INTENTS[(number + (number % 7 == 0)) % 2]
    understood = replace(
        reply.understanding, sentiment=Sentiment(polarity=(number % 4) / -3, emotion=Emotion.NEUTRAL, confidence=1.0), intents=(IntentScore(name=told, confidence=0.5 + 0.01 * (number % 40)),),
        out_of_scope=0.9 if intent == "oos" and number % 4 else 0.2,
    )  # fmt: skip
    reply = replace(reply, understanding=understood, support=0.3 + 0.01 * (number % 50) + 0.1 * answerable)
    return Result(case=case, reply=reply, scores=score(case, reply))


def test_figures_of_the_whole_run_have_intervals() -> None:
    results = [result(number) for number in range(90)]
    summary = summarise(results)
    intervals = summary["intervals"]
    assert isinstance(intervals, dict)
    for name in (
        "right", "intent_macro_f1", "ece", "brier", "oos_auroc", "support_auroc", "refusal_precision", "refusal_recall",
        "answerable_right", "unanswerable_declined", "right_of_given", "brier_labels", "aurc", "words", "sentiment_macro_f1",
        "sentiment_correlation",
    ):  # fmt: skip
        value, (low, high) = summary[name], intervals[name]
        assert isinstance(value, float), name
        assert low - 1e-3 <= value <= high + 1e-3, name
        assert high > low or value in {0.0, 1.0}, name
    times = [1.0 + number for number in range(90)]
    assert summary["latency_ms"] == {
        f"p{share}": round(float(np.percentile(times, share)), 1) for share in (50, 95, 99)
    }
    assert intervals["latency_ms.p50"][0] < 45.5 < intervals["latency_ms.p50"][1]
    assert "pass^2" not in summary
    told = {name for name, value in summary.items() if isinstance(value, float)}
    assert told <= intervals.keys()  # no figure is without
    repeated = summarise([*results, *(replace(one, scores={**one.scores, "right": 1.0}) for one in results)])
    assert isinstance(repeated["intervals"], dict)
    low, high = repeated["intervals"]["pass^2"]
    assert low < repeated["pass^2"] < high
    assert "<svg" in risk_by_coverage(results)


def test_the_worst_cases_stand_in_the_words_for_a_pull_request() -> None:
    results = [result(number) for number in range(12)]
    hostile = replace(results[5], case=results[5].case.model_copy(update={"question": "<b>|\n退货"}))
    shown = markdown(summarise(results), {}, [*results[:5], hostile, *results[6:]])
    assert "| worst cases | question | answer |" in shown
    assert "| c5 | &lt;b>\\| 退货 | 30 days |" in shown
    assert "c1 " not in shown
