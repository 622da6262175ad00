"""Whether an answer is right: it holds one alternative of every group, and nothing that it must not hold."""

import re
from collections.abc import Sequence
from functools import lru_cache

from agent.types import DecisionKind
from evals.cases import Case

_ANSWERING = {DecisionKind.ANSWER, DecisionKind.ACT, DecisionKind.FLOW}


def normalised(text: str) -> str:
    """Lower case, without spaces, `**`, and commas between digits."""
    return re.sub(r"\s+", "", re.sub(r"(?<=\d),(?=\d)", "", text.lower().replace("**", "")))


def holds(text: str, alternatives: Sequence[str]) -> bool:
    """Whether one of the alternatives stands in the text, its ends no part of a longer number."""
    plain = normalised(text)
    return any(_pattern(alternative).search(plain) for alternative in alternatives)


@lru_cache(maxsize=4096)
def _pattern(alternative: str) -> re.Pattern[str]:
    plain = normalised(alternative)
    before = r"(?<!\d)(?<!\d\.)" if plain[:1].isdigit() else ""
    after = r"(?!\d)(?!\.\d)" if plain[-1:].isdigit() else ""
    return re.compile(before + re.escape(plain) + after)


def includes_all(text: str, groups: Sequence[Sequence[str]]) -> bool:
    """Whether the text holds one alternative of every group."""
    return all(holds(text, group) for group in groups)


def key_facts(text: str, groups: Sequence[Sequence[str]]) -> float | None:
    """Share of the groups of which the text holds an alternative (nugget recall, Voorhees 2003), 0…1; None without groups."""
    return sum(holds(text, group) for group in groups) / len(groups) if groups else None


def is_right(case: Case, text: str, decision: DecisionKind) -> bool:
    """The verdict on one reply; an unanswerable question is right when it is not answered."""
    answered = decision in _ANSWERING
    if not case.answerable:
        return not answered
    return answered and includes_all(text, case.must_include) and not any(holds(text, [x]) for x in case.must_exclude)


def is_declined(decision: DecisionKind) -> bool:
    """Whether the reply gives no answer."""
    return decision not in _ANSWERING


def is_wrong(case: Case, text: str, decision: DecisionKind) -> bool:
    """Whether an answer was given that is not right."""
    return not is_declined(decision) and not is_right(case, text, decision)
