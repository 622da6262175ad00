"""Sums results up: overall, by kind, and how long turns took."""

from collections.abc import Sequence
from dataclasses import asdict

import numpy as np

from agent.types import JsonValue
from evals.metrics.risk import risk_curve, support_auroc
from evals.runner import Result


def summarise(results: Sequence[Result]) -> dict[str, JsonValue]:
    """Means of every score, by kind too; refusals, at other prices of a wrong answer too; words an answer; milliseconds."""
    kinds = sorted({result.case.kind for result in results})
    totals = [result.reply.timings_ms["total"] for result in results]
    return {
        "cases": len(results),
        **_means(results),
        **_refusals(results),
        **_support(results),
        "words": round(float(np.mean([len(result.reply.text.split()) for result in results])), 1),
        "by_kind": {kind: _of_kind([result for result in results if result.case.kind == kind]) for kind in kinds},
        "latency_ms": {f"p{q}": round(float(np.percentile(totals, q)), 1) for q in (50, 95, 99)},
        "stages_ms_p50": _stages(results),
    }


def _of_kind(results: Sequence[Result]) -> dict[str, JsonValue]:
    return {"cases": len(results), **_means(results)}


def _means(results: Sequence[Result]) -> dict[str, JsonValue]:
    names = list(dict.fromkeys(name for result in results for name in result.scores))
    return {name: round(float(np.mean([r.scores[name] for r in results if name in r.scores])), 4) for name in names}


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
    return {name: round(float(np.mean(values)), 4) for name, values in rates.items() if values}


def _support(results: Sequence[Result]) -> dict[str, JsonValue]:
    """What support is worth, and the figures at each price of a wrong answer."""
    auroc = support_auroc(results)
    curve: list[JsonValue] = [asdict(point) for point in risk_curve(results)]
    return {**({} if auroc is None else {"support_auroc": round(auroc, 4)}), "risk_curve": curve}


def _stages(results: Sequence[Result]) -> dict[str, JsonValue]:
    names = list(dict.fromkeys(name for result in results for name in result.reply.timings_ms))
    return {
        name: round(float(np.median([r.reply.timings_ms[name] for r in results if name in r.reply.timings_ms])), 2)
        for name in names
    }
