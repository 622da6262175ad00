"""What to do with a trial: wait, go on, promote, or roll back; and why."""

import math
from dataclasses import dataclass
from enum import StrEnum

from agent.learning.evaluate.comparison import Verdict
from agent.learning.trial.comparing import Latency, Outcome, ShadowFigures, ShareFigures
from agent.learning.wording import Said, said
from agent.training.bundle import Task

ENOUGH_TURNS = 200
MARGIN = 0.05
"""A rise in what should be rare that would matter."""
_ALPHA = 0.05
_SLOW_MS, _SLOWER = 50.0, 3.0
_ALIKE = 0.9


class Advice(StrEnum):
    """What to do."""

    WAIT = "wait"
    GO_ON = "go on"
    PROMOTE = "promote"
    ROLL_BACK = "roll back"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommendation:
    """command: what does it, after `parley learn `; "" where time does."""

    advice: Advice
    why: Said
    command: str = ""


def advise_shadow(figures: ShadowFigures, evaluated: Verdict | None, task: str, version: str) -> Recommendation:
    """A shadow that agrees, or that was evaluated and disagrees little, may speak to some.

    Disagreement alone tells nothing of who is right: without labels it asks for labels.
    """
    if fault := _fault(figures, evaluated):
        return Recommendation(advice=Advice.ROLL_BACK, why=fault, command=f"rollback {task}")
    if figures.agreement.total < ENOUGH_TURNS:
        why = said("{turns} turns of at least {least} were compared", turns=figures.agreement.total, least=ENOUGH_TURNS)
        return Recommendation(advice=Advice.WAIT, why=why)
    agrees = said(
        "it agrees in {rate:.1%} of {turns} turns", rate=figures.agreement.rate, turns=figures.agreement.total
    )
    found = evaluated if evaluated in {Verdict.BETTER, Verdict.NO_WORSE} else None
    if found or figures.agreement.interval[0] >= _ALIKE:
        also = (
            said("{agrees}, and the evaluation found it {verdict}", agrees=agrees, verdict=said(found.value))
            if found
            else agrees
        )
        some = task != Task.EMOTION.value  # which speaks in all conversations or in none
        command = f"promote {task} {version} {'--share 10' if some else '--all'}"
        let = said("{why}: let it speak to some" if some else "{why}: let it speak", why=also)
        return Recommendation(advice=Advice.PROMOTE, why=let, command=command)
    why = said(
        "{agrees}; who is right in the others only labels tell: fill in to_label.csv, train and evaluate", agrees=agrees
    )
    return Recommendation(advice=Advice.GO_ON, why=why)


def _fault(figures: ShadowFigures, evaluated: Verdict | None) -> Said | None:
    """Why a shadow must not speak; None where nothing is known against it."""
    if too_slow(figures.speaks, figures.shadow):
        return said(
            "it takes {its:.0f} ms where {ours:.0f} ms do (95 of 100 turns)",
            its=figures.shadow.p95,
            ours=figures.speaks.p95,
        )
    if evaluated is Verdict.WORSE:
        return said("the evaluation found it significantly worse")
    ours, its = figures.speaks_right, figures.shadow_right
    if ours.interval[0] > its.interval[1]:
        return said(
            "where people put intents right it was right in {its:.0%}, who speaks in {ours:.0%}",
            its=its.rate,
            ours=ours.rate,
        )
    return None


def advise_share(figures: ShareFigures, task: str, version: str) -> Recommendation:
    """Promoted once a rise that would matter can be ruled out; rolled back once a rise is certain."""
    worse = [
        outcome for outcome in figures.outcomes if outcome.p_holm < _ALPHA and outcome.tried.rate > outcome.speaks.rate
    ]
    if worse:
        why = said("{losses}", losses=tuple(_loss(one) for one in worse))
        return Recommendation(advice=Advice.ROLL_BACK, why=why, command=f"rollback {task}")
    if too_slow(figures.speaks, figures.tried):
        why = said(
            "understanding takes {its:.0f} ms where {ours:.0f} ms do (95 of 100 turns)",
            its=figures.tried.p95,
            ours=figures.speaks.p95,
        )
        return Recommendation(advice=Advice.ROLL_BACK, why=why, command=f"rollback {task}")
    handed = figures.outcomes[0]
    if handed.high <= MARGIN:
        why = said(
            "more than {margin:.0%} more conversations handed over can be ruled out (at most {most:+.1%})",
            margin=MARGIN,
            most=handed.high,
        )
        return Recommendation(advice=Advice.PROMOTE, why=why, command=f"promote {task} {version} --all")
    more = max(needed(handed.speaks.rate) - figures.conversations[1], 0)
    why = said("a rise in hand-overs of {rise:.1%} can't be ruled out yet", rise=handed.high)
    if more:
        why = said("{why}; about {more:,} more with it would do", why=why, more=more)
    return Recommendation(advice=Advice.GO_ON, why=why)


def _loss(one: Outcome) -> Said:
    return said(
        "{name}: {its:.1%} where {ours:.1%} are usual (p = {p:.2g})",
        name=said(one.name),
        its=one.tried.rate,
        ours=one.speaks.rate,
        p=one.p_holm,
    )


def too_slow(speaks: Latency, other: Latency) -> bool:
    """Whether a customer could notice: slower by a factor, and not fast all the same."""
    return other.p95 > max(_SLOW_MS, _SLOWER * speaks.p95)


def needed(rate: float) -> int:
    """Conversations in an arm from which a rise of MARGIN would be ruled out, were there none (power 80 %)."""
    p = min(max(rate if not math.isnan(rate) else 0.1, 0.02), 0.98)
    return math.ceil((1.96 + 0.84) ** 2 * 2 * p * (1 - p) / MARGIN**2)
