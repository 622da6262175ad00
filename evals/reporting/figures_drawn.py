"""What the report draws of a run: calibration, latency, the course of the mood, the price of a wrong answer, earlier runs."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from math import ceil
from statistics import fmean

import numpy as np

from evals.metrics.classification import confusion
from evals.metrics.coverage import risk_coverage
from evals.metrics.risk import RiskPoint
from evals.reporting.history import Earlier
from evals.reporting.plots import Dot, Plot
from evals.scoring.turns import Result, told_intent
from evals.scoring.understanding_figures import confidence_of, in_scope
from evals.statistics.bootstrap import Interval, mean_interval

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
    """The course of the mood of the customers' messages, those of dialogues that were held among them; "" without a second one."""
    places: dict[int, list[float]] = defaultdict(list)
    for one in results:
        first = 1 + sum(said.role == "user" for said in one.case.history)
        for place, reply in enumerate(one.turns or (one.reply,), start=first):
            places[place].append(reply.understanding.sentiment.polarity)
    return course_of_moods(places, language)


def course_of_moods(places: Mapping[int, Sequence[float]], language: str = "en") -> str:
    """Mean polarity by place in the conversation, with 95 % intervals; "" where no conversation has a second message.

    Places that few conversations reach (a twentieth of the most) are left out.
    """
    fewest = max(map(len, places.values()), default=0) / 20
    means = {
        place: one for place in sorted(places) if len(places[place]) > fewest and (one := mean_interval(places[place]))
    }
    if len(means) < 2:
        return ""
    dots = [_mood_dot(place, one) for place, one in means.items()]
    furthest = max(abs(end) for dot in dots for end in (dot.y, *(dot.ends or ())))
    most = min(1.0, ceil(5 * furthest + 0.5) / 5)
    return Plot(
        label=("mood by place in the conversation", "会话中各条消息的情绪"), across=("message", "第几条消息"), up=("polarity", "情绪"), y=(-most, most), dots=dots,
        x=(min(means) - 0.5, max(means) + 0.5), line=[(dot.x, dot.y) for dot in dots], places=list(means),
    ).svg(language)  # fmt: skip


def _mood_dot(place: int, mean: Interval) -> Dot:
    ends = None if mean.low is None or mean.high is None else (mean.low, mean.high)
    between = f" [{ends[0]:+.2f}, {ends[1]:+.2f}]" if ends else ""
    return Dot(
        x=place, y=mean.value, ends=ends,
        title=(
            f"message {place}: {mean.value:+.2f}{between}, {mean.n} messages",
            f"第 {place} 条：{mean.value:+.2f}{between}，共 {mean.n} 条",
        ),
    )  # fmt: skip


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
            x=at, y=run.right, radius=5 if run.same else 2.5, ends=run.ends,
            title=(
                f"{run.at} {run.folder}: {run.right:.1%}{_between(run)}" + ("" if run.same else " (other cases)"),
                f"{run.at} {run.folder}：{run.right:.1%}{_between(run)}" + ("" if run.same else "（案例不同）"),
            ),
        )
        for at, run in enumerate(runs)
    ]  # fmt: skip
    return Plot(
        label=("right answers over runs", "历次运行的正确率"), across=("runs, the newest last", "各次运行（最新在右）"), up=("right", "正确"), y=(0, 1), dots=dots,
        x=(-0.5, len(runs) - 0.5), line=[(dot.x, dot.y) for dot in dots], x_ticks=False, y_percent=True,
    ).svg(language)  # fmt: skip


def _between(run: Earlier) -> str:
    return f" [{run.ends[0]:.1%}, {run.ends[1]:.1%}]" if run.ends else ""
