"""Whole conversations: whether they came to an end that helps, and how they went on the way."""

import statistics
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from rapidfuzz.fuzz import ratio

from knowledge.contradictions import Contradiction
from knowledge.contradictions import contradictions as contradicting
from knowledge.index.names import Names
from knowledge.types import Passage

_ANSWERING = frozenset({"answer", "act", "flow"})
_ALIKE = 90.0
_UNHAPPY = -0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One message. polarity: of a customer's, −1…1; decision: of the agent's reply, as in `agent.types.DecisionKind`."""

    role: Literal["user", "assistant", "agent"]
    text: str
    polarity: float | None = None
    decision: str = ""


def resolved(said: Sequence[Said], goal_met: bool | None = None) -> float | None:
    """1 when the customer got what they came for; None where the agent said nothing.

    goal_met: what the store says, where it can be asked; it alone decides then (as τ-bench does, Yao et al. 2024). Else
    the last reply must answer, nobody have taken over, and the customer not leave unhappy or asking the same again.
    """
    if goal_met is not None:
        return float(goal_met)
    replies = [one for one in said if one.role == "assistant"]
    if not replies:
        return None
    if not contained(said) or replies[-1].decision not in _ANSWERING:
        return 0.0
    asked = [one for one in said if one.role == "user"]
    unhappy = bool(asked) and (asked[-1].polarity or 0.0) < _UNHAPPY
    again = bool(asked) and any(_alike(asked[-1].text, one.text) for one in asked[:-1])
    return float(not unhappy and not again)


def turns_to_resolution(said: Sequence[Said], goal_met: bool | None = None) -> int | None:
    """How many messages the customer had to write, up to the last reply that answers; None where it was not resolved."""
    if not resolved(said, goal_met):
        return None
    ends = [place for place, one in enumerate(said) if one.role == "assistant" and one.decision in _ANSWERING]
    return sum(one.role == "user" for one in said[: ends[-1]]) if ends else None


def contained(said: Sequence[Said]) -> float | None:
    """1 when no person took over, else 0; its mean is the containment rate of contact centres.

    None where no machine said a word: people answered, and took nothing over.
    """
    if not any(one.role == "assistant" for one in said):
        return None
    return float(not any(one.role == "agent" or one.decision == "handoff" for one in said))


def handover_right(handed_over: bool, needed: bool) -> float:
    """1 when a conversation was handed over where it needed a person, or kept where it did not; else 0."""
    return float(handed_over == needed)


def repeated_answers(said: Sequence[Said]) -> float | None:
    """Share of the agent's replies that all but repeat an earlier one (nine tenths of the characters), 0…1; None without replies."""
    replies = [one.text for one in said if one.role == "assistant"]
    repeats = [any(_alike(text, earlier) for earlier in replies[:place]) for place, text in enumerate(replies)]
    return sum(repeats) / len(repeats) if repeats else None


def contradictions(said: Sequence[Said]) -> int:
    """How many pairs of replies say the same with other numbers, or one yes and the other no; 0…∞.

    What a reply answers tells what it speaks of: "the phone is 555-01" after other questions is of two things.
    """
    return len({frozenset((one.older.passage.id, one.newer.passage.id)) for one in _contradicting(said)})


def contradicting_statements(said: Sequence[Said]) -> list[tuple[str, str]]:
    """The pairs of statements that `contradictions` counts replies by, the earlier first."""
    return [(one.older.span.text, one.newer.span.text) for one in _contradicting(said)]


def _contradicting(said: Sequence[Said]) -> list[Contradiction]:
    passages, question = [], ""
    for n, one in enumerate(said):
        if one.role == "user":
            question = one.text
        elif one.role == "assistant":
            passages.append(Passage(id=str(n), source_id=str(n), title=question, section=(), text=one.text, position=0))
    return contradicting(passages, Names({}, {}))


def sentiment_course(said: Sequence[Said]) -> float | None:
    """How the customer's mood went: mean polarity of the later half of the messages less that of the earlier, −2…2.

    The message in the middle of an odd number counts for both; None with fewer than two messages.
    """
    moods = [one.polarity for one in said if one.role == "user" and one.polarity is not None]
    if len(moods) < 2:
        return None
    half = (len(moods) + 1) // 2
    return statistics.fmean(moods[-half:]) - statistics.fmean(moods[:half])


def policy_obedience(decisions: Sequence[str], allowed: Sequence[Collection[str]]) -> float | None:
    """Share of turns that decided what the policy allows there, 0…1; None where it speaks of no turn (empty: any decision)."""
    bound = [(decision, rule) for decision, rule in zip(decisions, allowed, strict=True) if rule]
    return sum(decision in rule for decision, rule in bound) / len(bound) if bound else None


def _alike(one: str, other: str) -> bool:
    return ratio(one.strip().lower(), other.strip().lower(), score_cutoff=_ALIKE) > 0
