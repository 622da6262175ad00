"""A trial in figures, checked against other implementations and against trials whose truth is known."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from agent.learning.evaluate.comparison import Verdict
from agent.learning.trial.advice import Advice, advise_shadow, advise_share
from agent.learning.trial.comparing import Share, shadow_figures, share_figures
from agent.learning.trial.turns import ShadowedTurn, TriedConversation

OLD, NEW = "2026-11-24-1", "2026-11-25-1"


def turn(said: str, shadow: str, *, ms: float = 2.0, sure: float = 0.9, truth: str | None = None) -> ShadowedTurn:
    return ShadowedTurn(
        conversation_id="c",
        message=1,
        text="退款",
        said=said,
        shadow=shadow,
        said_confidence=sure,
        shadow_confidence=sure,
        said_ms=2.0,
        shadow_ms=ms,
        truth=truth,
    )


def conversation(number: int, version: str, *, handed: bool = False, rated: tuple[int, ...] = ()) -> TriedConversation:
    return TriedConversation(
        id=str(number),
        versions=frozenset({version}),
        turns=1,
        handed_over=handed,
        declined=False,
        rated=rated,
        understood_ms=(3.0,),
    )


@given(st.integers(0, 50), st.integers(1, 50))
def test_the_interval_of_a_share_is_wilsons(count: int, more: int) -> None:
    share = Share(count=count, total=count + more)
    known = binomtest(count, count + more).proportion_ci(method="wilson")
    assert share.interval == pytest.approx((known.low, known.high), abs=1e-6)


def test_nothing_to_count_is_no_rate() -> None:
    assert math.isnan(Share(count=0, total=0).rate)
    assert Share(count=0, total=0).interval == (0.0, 1.0)


def test_agreement_is_told_by_intent_with_what_is_said_instead() -> None:
    turns = (
        [turn("refund", "refund")] * 6
        + [turn("refund", "cancel")] * 3
        + [turn("refund", "invoice"), turn("退货", "退货")]
    )
    figures = shadow_figures(turns)
    assert (figures.agreement.count, figures.agreement.total) == (7, 11)
    refund = figures.by_intent[0]
    assert (refund.said, refund.share.count, refund.share.total, refund.usual) == ("refund", 6, 10, "cancel")
    assert len(figures.disagreements) == 4


def test_disagreements_in_which_both_are_sure_come_first() -> None:
    figures = shadow_figures([turn("a", "b", sure=0.4), turn("a", "c", sure=0.9)])
    assert [one.shadow for one in figures.disagreements] == ["c", "b"]


@pytest.mark.parametrize(
    ("turns", "evaluated", "advice"),
    [
        ([turn("a", "a")] * 10, Verdict.BETTER, Advice.WAIT),
        ([turn("a", "a")] * 300, None, Advice.PROMOTE),
        ([turn("a", "a")] * 200 + [turn("a", "b")] * 100, None, Advice.GO_ON),
        ([turn("a", "a")] * 200 + [turn("a", "b")] * 100, Verdict.BETTER, Advice.PROMOTE),
        ([turn("a", "a")] * 300, Verdict.WORSE, Advice.ROLL_BACK),
        ([turn("a", "a", ms=400)] * 300, Verdict.BETTER, Advice.ROLL_BACK),
        ([turn("a", "a", ms=20)] * 300, Verdict.BETTER, Advice.PROMOTE),
        ([turn("a", "b", truth="a")] * 30, None, Advice.ROLL_BACK),
        ([], None, Advice.WAIT),
    ],
)
def test_the_advice_on_a_shadow(turns: list[ShadowedTurn], evaluated: Verdict | None, advice: Advice) -> None:
    assert advise_shadow(shadow_figures(turns), evaluated, "intent", NEW).advice is advice


def arms(n: int, usual: float, tried: float, seed: int = 0) -> list[TriedConversation]:
    random = np.random.default_rng(seed)
    return [
        conversation(2 * k + arm, version, handed=bool(random.random() < rate))
        for k in range(n)
        for arm, (version, rate) in enumerate(((OLD, usual), (NEW, tried)))
    ]


@pytest.mark.parametrize(
    ("n", "usual", "tried", "advice"),
    [
        (50, 0.1, 0.1, Advice.GO_ON),
        (2_000, 0.1, 0.1, Advice.PROMOTE),
        (2_000, 0.1, 0.05, Advice.PROMOTE),
        (1_000, 0.1, 0.2, Advice.ROLL_BACK),
        (0, 0.1, 0.1, Advice.GO_ON),
    ],
)
def test_the_advice_on_a_share(n: int, usual: float, tried: float, advice: Advice) -> None:
    said = advise_share(share_figures(arms(n, usual, tried), NEW, OLD), "intent", NEW)
    assert said.advice is advice, said


def test_of_trials_in_which_nothing_is_worse_few_are_taken_back() -> None:
    back = sum(
        advise_share(share_figures(arms(300, 0.2, 0.2, seed), NEW, OLD), "intent", NEW).advice is Advice.ROLL_BACK
        for seed in range(100)
    )
    assert back <= 5


def test_a_conversation_counts_once_and_one_with_both_not_at_all() -> None:
    both = TriedConversation(
        id="x",
        versions=frozenset({OLD, NEW}),
        turns=2,
        handed_over=True,
        declined=False,
        rated=(-1,),
        understood_ms=(),
    )
    figures = share_figures([both, conversation(1, NEW, rated=(-1, -1, 1)), conversation(2, OLD)], NEW, OLD)
    assert (figures.conversations, figures.mixed) == ((1, 1), 1)
    rated = figures.outcomes[2]
    assert (rated.tried.count, rated.tried.total, rated.speaks.total) == (1, 1, 0)
