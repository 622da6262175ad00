"""What to do with a trial: go on, promote, or roll back; and why."""

import math
from dataclasses import dataclass
from enum import StrEnum

from agent.learning.evaluate.comparison import Verdict
from agent.learning.trial.comparing import Latency, ShadowFigures, ShareFigures
from agent.training.bundle import Task

ENOUGH_TURNS = 200
MARGIN = 0.05
"""A rise in what should be rare that would matter."""
_ALPHA = 0.05
_SLOW_MS, _SLOWER = 50.0, 3.0
_ALIKE = 0.9


class Advice(StrEnum):
    """What to do."""

    GO_ON = "go on"
    PROMOTE = "promote"
    ROLL_BACK = "roll back"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommendation:
    """command: what does it, after `parley learn `; "" where time does."""

    advice: Advice
    why: str
    command: str = ""


def advise_shadow(figures: ShadowFigures, evaluated: Verdict | None, task: str, version: str) -> Recommendation:
    """A shadow that agrees, or that was evaluated and disagrees little, may speak to some.

    Disagreement alone tells nothing of who is right: without labels it asks for labels.
    """
    if fault := _fault(figures, evaluated):
        return Recommendation(advice=Advice.ROLL_BACK, why=fault, command=f"rollback {task}")
    if figures.agreement.total < ENOUGH_TURNS:
        why = f"{figures.agreement.total} turns of at least {ENOUGH_TURNS} were compared"
        return Recommendation(advice=Advice.GO_ON, why=why)
    said = f"it agrees in {figures.agreement.rate:.1%} of {figures.agreement.total} turns"
    found = evaluated if evaluated in {Verdict.BETTER, Verdict.NO_WORSE} else None
    if found or figures.agreement.interval[0] >= _ALIKE:
        also = f", and the evaluation found it {found.value}" if found else ""
        some = task != Task.EMOTION.value  # which speaks in all conversations or in none
        command = f"promote {task} {version} {'--share 10' if some else '--all'}"
        return Recommendation(
            advice=Advice.PROMOTE, why=f"{said}{also}: let it speak{' to some' if some else ''}", command=command
        )
    why = f"{said}; who is right in the others only labels tell: fill in to_label.csv, train and evaluate"
    return Recommendation(advice=Advice.GO_ON, why=why)


def _fault(figures: ShadowFigures, evaluated: Verdict | None) -> str:
    """Why a shadow must not speak; "" where nothing is known against it."""
    if too_slow(figures.speaks, figures.shadow):
        return f"it takes {figures.shadow.p95:.0f} ms where {figures.speaks.p95:.0f} ms do (95 of 100 turns)"
    if evaluated is Verdict.WORSE:
        return "the evaluation found it significantly worse"
    ours, its = figures.speaks_right, figures.shadow_right
    if ours.interval[0] > its.interval[1]:
        return f"where people put intents right it was right in {its.rate:.0%}, who speaks in {ours.rate:.0%}"
    return ""


def advise_share(figures: ShareFigures, task: str, version: str) -> Recommendation:
    """Promoted once a rise that would matter can be ruled out; rolled back once a rise is certain."""
    worse = [
        outcome for outcome in figures.outcomes if outcome.p_holm < _ALPHA and outcome.tried.rate > outcome.speaks.rate
    ]
    if worse:
        said = "; ".join(
            f"{one.name}: {one.tried.rate:.1%} where {one.speaks.rate:.1%} are usual (p = {one.p_holm:.2g})"
            for one in worse
        )
        return Recommendation(advice=Advice.ROLL_BACK, why=said, command=f"rollback {task}")
    if too_slow(figures.speaks, figures.tried):
        why = f"understanding takes {figures.tried.p95:.0f} ms where {figures.speaks.p95:.0f} ms do (95 of 100 turns)"
        return Recommendation(advice=Advice.ROLL_BACK, why=why, command=f"rollback {task}")
    handed = figures.outcomes[0]
    if handed.high <= MARGIN:
        why = f"more than {MARGIN:.0%} more conversations handed over can be ruled out (at most {handed.high:+.1%})"
        return Recommendation(advice=Advice.PROMOTE, why=why, command=f"promote {task} {version} --all")
    more = max(needed(handed.speaks.rate) - figures.conversations[1], 0)
    wanted = f"; about {more:,} more with it would do" if more else ""
    why = f"a rise in hand-overs of {handed.high:.1%} can't be ruled out yet{wanted}"
    return Recommendation(advice=Advice.GO_ON, why=why)


def too_slow(speaks: Latency, other: Latency) -> bool:
    """Whether a customer could notice: slower by a factor, and not fast all the same."""
    return other.p95 > max(_SLOW_MS, _SLOWER * speaks.p95)


def needed(rate: float) -> int:
    """Conversations in an arm from which a rise of MARGIN would be ruled out, were there none (power 80 %)."""
    p = min(max(rate if not math.isnan(rate) else 0.1, 0.02), 0.98)
    return math.ceil((1.96 + 0.84) ** 2 * 2 * p * (1 - p) / MARGIN**2)
