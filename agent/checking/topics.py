"""Which articles are near enough to a question to be offered where it is declined."""

from collections.abc import Sequence

from agent.types import Language, PassageEvidence
from knowledge.release import calls_itself_internal

_NEAR, _GAP = 0.34, 0.08
"""How near a topic must be, and how much less than the nearest: chosen on what the sample shop's customers say, of which what
is about something else altogether has nothing near in nine cases of ten."""
MOST = 3
"""Topics that are offered at a time."""
_PERHAPS = 0.25  # of an article that nearly answered
_WORD, _MOST_WORDS = 0.01, 10.0
_WORDS_ALONE = 15.0


def near_topics(evidence: Sequence[PassageEvidence], language: Language, *, by_words: bool = False) -> tuple[str, ...]:
    """Titles of the nearest articles, best first; none where nothing is near. by_words: likeness says nothing sure here."""
    nearness: dict[str, float] = {}
    for one in _offered(evidence, language):
        nearness[one.passage.title] = max(nearness.get(one.passage.title, 0.0), _nearness(one, by_words))
    best = sorted(nearness, key=lambda title: -nearness[title])[:MOST]
    return tuple(title for title in best if nearness[title] >= max(_NEAR, nearness[best[0]] - _GAP))


def first_topic(
    evidence: Sequence[PassageEvidence], language: Language, source_id: str, *, by_words: bool = False
) -> str:
    """The title of the first article that was found, if it is this one and not far; else ""."""
    first = next(iter(_offered(evidence, language)), None)
    fits = first is not None and first.passage.source_id == source_id and _nearness(first, by_words) >= _PERHAPS
    return first.passage.title if first and fits else ""


def _offered(evidence: Sequence[PassageEvidence], language: Language) -> list[PassageEvidence]:
    """What is meant for customers, in their language; where there is nothing in it, in another."""
    shown = [one for one in evidence if one.passage.title and not calls_itself_internal(one.passage.title)]
    return [one for one in shown if one.passage.language in {language, ""}] or shown


def _nearness(one: PassageEvidence, by_words: bool) -> float:
    """By the likeness of passage and best sentence, and a little by words; by words alone where nothing is known of likeness."""
    arms = one.arm_scores
    words, alike = arms.get("lexical", 0.0), (arms.get("vector", 0.0), arms.get("span", 0.0))
    if by_words or not any(alike):
        return words / _WORDS_ALONE
    return sum(alike) / len(alike) + _WORD * min(words, _MOST_WORDS)
