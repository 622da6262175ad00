"""Sums results up: overall, by kind, and how long turns took."""

from collections.abc import Sequence
from dataclasses import asdict
from itertools import groupby

import numpy as np

from agent.types import JsonValue
from evals.metrics.coverage import aurc
from evals.metrics.refusal import refusal_precision, refusal_recall
from evals.metrics.repeated import pass_at, pass_hat
from evals.metrics.risk import risk_curve, support_auroc
from evals.metrics.running import percentiles
from evals.scoring.figure_intervals import figure_intervals
from evals.scoring.turns import Result
from evals.scoring.understanding_figures import understanding_figures
from evals.statistics.bootstrap import Interval, mean_interval


def summarise(results: Sequence[Result]) -> dict[str, JsonValue]:
    """Means of every score, by kind too; refusals, at other prices of a wrong answer too; words an answer; milliseconds.

    Where answers were not asked for, what is about them is left out.
    """
    kinds = sorted({result.case.kind for result in results})
    answered = [result for result in results if "declined" in result.scores]
    return {
        "cases": len({result.case.id for result in results}),
        **_means(results),
        **_reliability(results),
        **_untold(results),
        **{name: round(value, 4) for name, value in understanding_figures(results).items()},
        **(_of_answers(answered) if answered else {}),
        "intervals": _intervals(results),
        "by_kind": {kind: _of_kind([result for result in results if result.case.kind == kind]) for kind in kinds},
        "latency_ms": _percentiles(results, "total"),
        "first_token_ms": _percentiles(results, "first_token"),
        "stages_ms_p50": _stages(results),
    }


def _of_answers(results: Sequence[Result]) -> dict[str, JsonValue]:
    length = float(np.mean([len(result.reply.text.split()) for result in results]))
    return {**_refusals(results), **_support(results), "words": round(length, 1)}


def _of_kind(results: Sequence[Result]) -> dict[str, JsonValue]:
    """Its means, and the interval of what was right."""
    right = mean_interval([one.scores["right"] for one in results], [one.case.id for one in results])
    return {"cases": len(results), **_means(results), "interval": _ends(right)}


def _means(results: Sequence[Result]) -> dict[str, JsonValue]:
    names = list(dict.fromkeys(name for result in results for name in result.scores))
    return {name: round(float(np.mean([r.scores[name] for r in results if name in r.scores])), 4) for name in names}


def _intervals(results: Sequence[Result]) -> dict[str, JsonValue]:
    """The 95 % interval of each figure, of cases drawn anew; runs of one case are drawn together."""
    names = dict.fromkeys(name for result in results for name in result.scores)
    repeated = len({result.case.id for result in results}) < len(results)
    found = {name: mean_interval(values) for name, values in _chances(results).items()}
    for name in names:
        scored = [result for result in results if name in result.scores]
        clusters = [one.case.id for one in scored] if repeated else None
        found[name] = mean_interval([one.scores[name] for one in scored], clusters)
    told: dict[str, JsonValue] = {name: ends for name, one in found.items() if (ends := _ends(one))}
    return told | {name: [round(low, 4), round(high, 4)] for name, (low, high) in figure_intervals(results).items()}


def _ends(interval: Interval | None) -> list[JsonValue]:
    """Of a 95 % interval, empty where there is none."""
    if interval is None or interval.low is None or interval.high is None:
        return []
    return [round(interval.low, 4), round(interval.high, 4)]


def _reliability(results: Sequence[Result]) -> dict[str, JsonValue]:
    """pass^k and pass@k up to the number of runs of each case; nothing where cases ran once."""
    return {name: round(float(np.mean(values)), 4) for name, values in _chances(results).items()}


def _chances(results: Sequence[Result]) -> dict[str, list[float]]:
    """pass^k and pass@k of each case."""
    ordered = sorted(results, key=lambda result: result.case.id)
    runs = [[r.scores["right"] for r in of] for _, of in groupby(ordered, key=lambda result: result.case.id)]
    fewest = min(map(len, runs), default=0)
    found: dict[str, list[float]] = {}
    for k in range(2, fewest + 1):
        for name, chance in (("pass^", pass_hat), ("pass@", pass_at)):
            values = [chance(len(of), int(sum(of)), k) for of in runs]
            found[f"{name}{k}"] = [value for value in values if value is not None]
    return found


def _untold(results: Sequence[Result]) -> dict[str, JsonValue]:
    """How many dialogues must have an outcome of which the target told nothing; nothing where there is none."""
    wanted = [one for one in results if one.case.dialogue and one.case.dialogue.outcome]
    untold = sum("outcome" not in one.scores for one in wanted)
    return {"outcome_untold": untold} if untold else {}


def _refusals(results: Sequence[Result]) -> dict[str, JsonValue]:
    answerable = [result for result in results if result.case.answerable]
    other = [result for result in results if not result.case.answerable]
    given = [result for result in results if not result.scores["declined"]]
    rates = {
        "answerable_right": [r.scores["right"] for r in answerable],
        "answerable_declined": [r.scores["declined"] for r in answerable],
        "unanswerable_declined": [r.scores["declined"] for r in other],
        "right_of_given": [r.scores["right"] for r in given],
    }
    found = {name: float(np.mean(values)) for name, values in rates.items() if values}
    declined, can = [bool(r.scores["declined"]) for r in results], [r.case.answerable for r in results]
    figures = {
        "refusal_precision": refusal_precision(declined, can),
        "refusal_recall": refusal_recall(declined, can),
        "aurc": aurc([r.reply.support for r in given], [bool(r.scores["right"]) for r in given]),
    }
    found |= {name: value for name, value in figures.items() if value is not None}
    return {name: round(value, 4) for name, value in found.items()}


def _support(results: Sequence[Result]) -> dict[str, JsonValue]:
    """What support is worth, and the figures at each price of a wrong answer."""
    auroc = support_auroc(results)
    curve: list[JsonValue] = [asdict(point) for point in risk_curve(results)]
    return {**({} if auroc is None else {"support_auroc": round(auroc, 4)}), "risk_curve": curve}


def _percentiles(results: Sequence[Result], stage: str) -> dict[str, JsonValue]:
    times = [ms for result in results if (ms := result.reply.timings_ms.get(stage)) is not None]
    return {name: round(value, 1) for name, value in percentiles(times).items()}


def _stages(results: Sequence[Result]) -> dict[str, JsonValue]:
    names = list(dict.fromkeys(name for result in results for name in result.reply.timings_ms))
    return {
        name: round(float(np.median([r.reply.timings_ms[name] for r in results if name in r.reply.timings_ms])), 2)
        for name in names
    }
