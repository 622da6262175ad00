"""What the report draws of a run: calibration, latency, the course of the mood, the price of a wrong answer, earlier runs."""

from collections import defaultdict
from collections.abc import Sequence
from statistics import fmean

import numpy as np

from evals.metrics.classification import confusion
from evals.metrics.coverage import risk_coverage
from evals.metrics.risk import RiskPoint
from evals.reporting.history import Earlier
from evals.reporting.plots import Dot, Plot
from evals.scoring.turns import Result, told_intent
from evals.scoring.understanding_figures import confidence_of, in_scope

_BINS, _CONFUSIONS, _POINTS, _CURVE = 10, 15, 60, 200


def calibration(results: Sequence[Result], language: str = "en") -> str:
    """Confidence against the share that is right, of intents where cases name them, else of the support of answers; "" without."""
    known = in_scope(results)
    pairs = [(confidence_of(one), told_intent(one.reply) == one.case.intent) for one in known] or [
        (one.reply.support, bool(one.scores["right"])) for one in results if not one.scores.get("declined", 1.0)
    ]
    bins: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for confidence, right in pairs:
        bins[min(_BINS - 1, int(confidence * _BINS))].append((confidence, right))
    dots = [
        Dot(
            x=fmean(one[0] for one in held), y=fmean(one[1] for one in held), radius=3 + 9 * (len(held) / len(pairs)) ** 0.5,
            title=(
                f"{len(held)} cases, confidence {fmean(one[0] for one in held):.0%}, right {fmean(one[1] for one in held):.0%}",
                f"{len(held)} 个案例，置信度 {fmean(one[0] for one in held):.0%}，正确 {fmean(one[1] for one in held):.0%}",
            ),
        )
        for _, held in sorted(bins.items())
    ]  # fmt: skip
    if not dots:
        return ""
    return Plot(
        label=("confidence against share right", "置信度与正确率"), across=("confidence", "置信度"), up=("right", "正确"), x=(0, 1), y=(0, 1), dots=dots,
        line=[(dot.x, dot.y) for dot in dots], diagonal=True, x_percent=True, y_percent=True,
    ).svg(language)  # fmt: skip


def confusions(results: Sequence[Result]) -> list[tuple[str, str, int]]:
    """The intents most often taken for another: gold, told, how often."""
    known = in_scope(results)
    counts = confusion([one.case.intent for one in known], [told_intent(one.reply) or "–" for one in known])
    missed = [(truth, told, n) for truth, row in counts.items() for told, n in row.items() if told != truth]
    return sorted(missed, key=lambda one: -one[2])[:_CONFUSIONS]


def latency(results: Sequence[Result], language: str = "en") -> str:
    """The share of answers that came within so many milliseconds, with p50, p95 and p99; "" without timings."""
    times = [ms for one in results if (ms := one.reply.timings_ms.get("total")) is not None]
    if not times:
        return ""
    marks = [Dot(x=float(np.percentile(times, p)), y=p / 100, mark=f"p{p}", title=(f"p{p}: {np.percentile(times, p):.0f} ms", f"p{p}：{np.percentile(times, p):.0f} 毫秒"))
             for p in (50, 95, 99)]  # fmt: skip
    shares = np.linspace(0, 100, _POINTS)
    return Plot(
        label=("share of answers within a time", "各时限内的回答占比"), across=("ms", "毫秒"), up=("answered", "已回答"), x=(0, max(*times, 1.0) * 1.05), y=(0, 1),
        line=[(float(np.percentile(times, share)), share / 100) for share in shares], dots=marks, y_percent=True,
    ).svg(language)  # fmt: skip


def mood(results: Sequence[Result], language: str = "en") -> str:
    """Mean polarity of the customers' messages by their place in the conversation; "" where none has a second one."""
    places: dict[int, list[float]] = defaultdict(list)
    for one in results:
        turn = 1 + sum(said.role == "user" for said in one.case.history)
        places[turn].append(one.reply.understanding.sentiment.polarity)
    if len(places) < 2:
        return ""
    dots = [
        Dot(
            x=turn,
            y=fmean(held),
            mark=str(turn),
            title=(
                f"message {turn}: {fmean(held):+.2f}, {len(held)} messages",
                f"第 {turn} 条：{fmean(held):+.2f}，共 {len(held)} 条",
            ),
        )
        for turn, held in sorted(places.items())
    ]
    return Plot(
        label=("mood by place in the conversation", "会话中各条消息的情绪"), across=("message", "第几条消息"), up=("polarity", "情绪"), y=(-1, 1), dots=dots,
        x=(min(places) - 0.5, max(places) + 0.5), line=[(dot.x, dot.y) for dot in dots], x_ticks=False,
    ).svg(language)  # fmt: skip


def risk_by_coverage(results: Sequence[Result], language: str = "en") -> str:
    """The share of answers that is wrong, when only the surest are given, by the share that is given; "" without answers."""
    given = [one for one in results if not one.scores.get("declined", 1.0)]
    curve = risk_coverage([one.reply.support for one in given], [bool(one.scores["right"]) for one in given])
    if len(curve) < 2:
        return ""
    marks = [curve[at] for at in sorted({round(share * (len(curve) - 1)) for share in (0.25, 0.5, 0.75, 1)})]
    dots = [
        Dot(
            x=one.coverage, y=one.risk,
            title=(
                f"support {one.confidence:.2f}: {one.coverage:.0%} given, {one.risk:.0%} of them wrong",
                f"支持度 {one.confidence:.2f}：给出 {one.coverage:.0%}，其中答错 {one.risk:.0%}",
            ),
        )
        for one in marks
    ]  # fmt: skip
    line = curve[:: max(1, len(curve) // _CURVE)]
    return Plot(
        label=("wrong answers when only the surest are given", "只给出最有把握的回答时的错误率"), across=("given", "给出的回答"), up=("of these wrong", "其中答错"), x=(0, 1),
        y=(0, max(0.1, *(one.risk for one in curve))), dots=dots, line=[(one.coverage, one.risk) for one in [*line, curve[-1]]],
        x_percent=True, y_percent=True,
    ).svg(language)  # fmt: skip


def price(curve: Sequence[RiskPoint], language: str = "en") -> str:
    """Right answers against wrong ones, of all cases each, a point for each price of a wrong answer; "" without."""
    if not curve:
        return ""
    dots = [
        Dot(x=point.wrong, y=point.right, mark=f"{point.cost:g}",
            title=(
                f"cost {point.cost:g}: right {point.right:.0%}, wrong {point.wrong:.0%}",
                f"代价 {point.cost:g}：答对 {point.right:.0%}，答错 {point.wrong:.0%}",
            ))
        for point in curve
    ]  # fmt: skip
    return Plot(
        label=("right answers against wrong ones", "答对与答错"), across=("answered wrongly", "答错"), up=("answered rightly", "答对"), y=(0, 1), dots=dots,
        x=(0, max(0.1, *(dot.x for dot in dots)) * 1.1), line=[(dot.x, dot.y) for dot in dots], x_percent=True, y_percent=True,
    ).svg(language)  # fmt: skip


def trend(runs: Sequence[Earlier], language: str = "en") -> str:
    """Right answers of a suite's runs, the oldest first; "" where there is but one."""
    if len(runs) < 2:
        return ""
    dots = [
        Dot(
            x=at, y=run.right, radius=5 if run.same else 2.5,
            title=(
                f"{run.at} {run.folder}: {run.right:.1%}" + ("" if run.same else " (other cases)"),
                f"{run.at} {run.folder}：{run.right:.1%}" + ("" if run.same else "（案例不同）"),
            ),
        )
        for at, run in enumerate(runs)
    ]  # fmt: skip
    return Plot(
        label=("right answers over runs", "历次运行的正确率"), across=("runs, the newest last", "各次运行（最新在右）"), up=("right", "正确"), y=(0, 1), dots=dots,
        x=(-0.5, len(runs) - 0.5), line=[(dot.x, dot.y) for dot in dots], x_ticks=False, y_percent=True,
    ).svg(language)  # fmt: skip
