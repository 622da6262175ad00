"""A trial in figures: how often a shadow agrees with who speaks, and how conversations go in either arm of a share."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from agent.learning.evaluate.statistics import wilson
from agent.learning.trial.turns import ShadowedTurn, TriedConversation

_Z = 1.959964  # 95 %


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A count out of a total, with its interval (Wilson 1927, 95 %). rate: NaN where there is nothing to count."""

    count: int
    total: int

    @property
    def rate(self) -> float:
        return self.count / self.total if self.total else math.nan

    @property
    def interval(self) -> tuple[float, float]:
        if not self.total:
            return 0.0, 1.0
        low, high = wilson(self.count, self.total, _Z)
        return max(0.0, low), min(1.0, high)


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Turns of one kind, and in how many both said the same. usual: what the shadow says most often instead."""

    said: str
    share: Share
    usual: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Latency:
    """Milliseconds: the middle one, and the one that 95 of 100 stay below."""

    median: float
    p95: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ShadowFigures:
    """A shadow beside who speaks. right: of the turns that a person corrected or confirmed, each one's."""

    agreement: Share
    by_intent: tuple[Agreement, ...]
    disagreements: tuple[ShadowedTurn, ...]
    speaks: Latency
    shadow: Latency
    speaks_right: Share
    shadow_right: Share


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One thing that should be rare, in both arms. low, high: 95 % interval of tried − speaks (Newcombe 1998, method 10).

    p: Fisher's exact test, two-sided; p_holm: corrected for the number of outcomes (Holm 1979).
    """

    name: str
    speaks: Share
    tried: Share
    low: float
    high: float
    p: float
    p_holm: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareFigures:
    """Both arms. mixed: conversations in which both spoke, since they began before the trial; counted in neither."""

    conversations: tuple[int, int]
    mixed: int
    outcomes: tuple[Outcome, ...]
    speaks: Latency
    tried: Latency


def shadow_figures(turns: Sequence[ShadowedTurn]) -> ShadowFigures:
    """How a shadow did beside who speaks; the surest disagreements first."""
    same = Counter(turn.said for turn in turns if turn.said == turn.shadow)
    every = Counter(turn.said for turn in turns)
    instead = {said: Counter(t.shadow for t in turns if t.said == said and t.shadow != said) for said in every}
    by_intent = tuple(
        Agreement(
            said=said,
            share=Share(count=same[said], total=total),
            usual=instead[said].most_common(1)[0][0] if instead[said] else "",
        )
        for said, total in every.most_common()
    )
    apart = [turn for turn in turns if turn.said != turn.shadow]
    known = [turn for turn in turns if turn.truth is not None]
    return ShadowFigures(
        agreement=Share(count=same.total(), total=len(turns)),
        by_intent=by_intent,
        disagreements=tuple(sorted(apart, key=lambda turn: -min(turn.said_confidence, turn.shadow_confidence))),
        speaks=latency([turn.said_ms for turn in turns]),
        shadow=latency([turn.shadow_ms for turn in turns]),
        speaks_right=Share(count=sum(turn.said == turn.truth for turn in known), total=len(known)),
        shadow_right=Share(count=sum(turn.shadow == turn.truth for turn in known), total=len(known)),
    )


def share_figures(conversations: Sequence[TriedConversation], tried: str, speaks: str) -> ShareFigures:
    """How conversations went where the one on trial spoke, and where it did not. A conversation counts once."""
    arms = [[one for one in conversations if one.versions == {version}] for version in (speaks, tried)]
    counted: dict[str, tuple[Share, Share]] = {
        "handed over": (_handed_over(arms[0]), _handed_over(arms[1])),
        "declined": (_declined(arms[0]), _declined(arms[1])),
        "rated down": (_rated_down(arms[0]), _rated_down(arms[1])),
    }
    p_values = [_fisher(one, other) for one, other in counted.values()]
    outcomes = tuple(
        Outcome(name=name, speaks=one, tried=other, low=low, high=high, p=p, p_holm=corrected)
        for (name, (one, other)), p, corrected in zip(counted.items(), p_values, _holm(p_values), strict=True)
        for low, high in [_difference(one, other)]
    )
    times = [latency([ms for one in arm for ms in one.understood_ms]) for arm in arms]
    mixed = sum({tried, speaks} <= one.versions for one in conversations)
    sizes = (len(arms[0]), len(arms[1]))
    return ShareFigures(conversations=sizes, mixed=mixed, outcomes=outcomes, speaks=times[0], tried=times[1])


def latency(ms: Sequence[float]) -> Latency:
    """NaN where nothing was measured."""
    if not ms:
        return Latency(median=math.nan, p95=math.nan)
    return Latency(median=float(np.median(ms)), p95=float(np.quantile(ms, 0.95)))


def _handed_over(arm: Sequence[TriedConversation]) -> Share:
    return Share(count=sum(one.handed_over for one in arm), total=len(arm))


def _declined(arm: Sequence[TriedConversation]) -> Share:
    return Share(count=sum(one.declined for one in arm), total=len(arm))


def _rated_down(arm: Sequence[TriedConversation]) -> Share:
    rated = [one.rated for one in arm if one.rated]
    return Share(count=sum(min(verdicts) < 0 for verdicts in rated), total=len(rated))


def _difference(speaks: Share, tried: Share) -> tuple[float, float]:
    if not speaks.total or not tried.total:
        return -1.0, 1.0
    (low_s, high_s), (low_t, high_t) = speaks.interval, tried.interval
    apart = tried.rate - speaks.rate
    down = math.hypot(tried.rate - low_t, high_s - speaks.rate)
    up = math.hypot(high_t - tried.rate, speaks.rate - low_s)
    return apart - down, apart + up


def _fisher(speaks: Share, tried: Share) -> float:
    if not speaks.total or not tried.total:
        return 1.0
    from scipy.stats import fisher_exact

    table = [[one.count, one.total - one.count] for one in (speaks, tried)]
    return float(fisher_exact(table).pvalue)


def _holm(p_values: Sequence[float]) -> list[float]:
    corrected, most = [1.0] * len(p_values), 0.0
    for place, n in enumerate(sorted(range(len(p_values)), key=lambda n: p_values[n])):
        most = max(most, min(1.0, p_values[n] * (len(p_values) - place)))
        corrected[n] = most
    return corrected
