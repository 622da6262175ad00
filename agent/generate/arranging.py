"""Which passages a prompt shows, and in which order: as far as it can be, that of the conversation's last prompt.

A server that caches prefixes reads anew all that stands behind the first difference. So what a conversation was shown
stays where it stood, and what is found new is put behind it; only when the room is used up does the list begin anew.
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from functools import partial

from agent.generate.remembering import estimated_tokens
from agent.types import Language, PassageEvidence
from knowledge.types import Passage

PASSAGE_CHARS = 3_000
"""What is shown of one passage."""

_CONVERSATIONS = 4_096
_MINUTES = 10  # a server's cache seldom keeps a prefix for longer, and an article may be another one by then


def arranged(
    found: Sequence[PassageEvidence], before: Sequence[Passage], language: Language, budget: int
) -> tuple[Passage, ...]:
    """The passages of a prompt. found: best first; before: those of the last prompt; budget: tokens.

    All that was found and fits is there, and what stood there before where both fit. Of what is found the first always
    fits: it is cut where it is shown.
    """
    best = _within(found, budget)
    new = [passage for passage in best if passage not in before]
    together = (*before, *_in_order(new, language))
    outdated = {passage.id for passage in before} & {passage.id for passage in new}
    if not before or outdated or sum(map(_tokens, together)) > budget:
        return _in_order(best, language)
    return together


class ShownBefore:
    """The passages of each conversation's last prompt, for some minutes, in this process.

    A conversation that goes on elsewhere loses nothing but the cached prefix. clock: seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._shown: OrderedDict[tuple[str, Language], tuple[float, tuple[Passage, ...]]] = OrderedDict()

    def of(self, conversation_id: str, language: Language) -> tuple[Passage, ...]:
        """() where nothing was shown lately."""
        since, passages = self._shown.get((conversation_id, language), (0.0, ()))
        return passages if passages and self._clock() - since < _MINUTES * 60 else ()

    def keep(self, conversation_id: str, language: Language, passages: tuple[Passage, ...]) -> None:
        """Instead of what was kept before; the conversations that were silent longest are forgotten first."""
        if not conversation_id or not passages:
            return
        self._shown[conversation_id, language] = (self._clock(), passages)
        self._shown.move_to_end((conversation_id, language))
        if len(self._shown) > _CONVERSATIONS:
            self._shown.popitem(last=False)


def _within(found: Sequence[PassageEvidence], budget: int) -> list[Passage]:
    """The best passages that fit."""
    chosen: list[Passage] = []
    for item in found:
        budget -= _tokens(item.passage)
        if budget < 0 and chosen:
            break
        chosen.append(item.passage)
    return chosen


def _tokens(passage: Passage) -> int:
    return estimated_tokens(passage.text[:PASSAGE_CHARS])


def _in_order(passages: Sequence[Passage], language: Language) -> tuple[Passage, ...]:
    """One order whatever the question: those in the customer's language first."""
    return tuple(sorted(passages, key=partial(_place, language=language)))


def _place(passage: Passage, language: Language) -> tuple[bool, str, int, str]:
    return passage.language not in {language, ""}, passage.source_id, passage.position, passage.id
