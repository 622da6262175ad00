"""Reads a message that may lean on what was said before, and may not, in the way that the documents know more of."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace

from agent.ports import Understander
from agent.types import Language, Understanding, Utterance
from agent.understand.pointing import points_back
from agent.understand.small_talk import without_courtesies
from knowledge.text.compounds import of_one

_LESS = 0.025
"""By so much less may the best passage fit a message read by itself: the words that were carried fit their passage always."""


class SurerReading:
    """Implements `agent.ports.Understander` around another, which carries words of the conversation into short messages.

    fit: how well the best passage fits a question in a language, as the search weighs it; called in a thread.
    """

    def __init__(self, inner: Understander, fit: Callable[[str, Language], float]) -> None:
        self._inner, self._fit = inner, fit

    async def understand(
        self, text: str, history: Sequence[Utterance], conversation_id: str = "", page: Language | None = None
    ) -> Understanding:
        """As the Protocol says. "Can I use PayPal?" after shipping is about paying; "how many days?" is about shipping."""
        leaning = await self._inner.understand(text, history, conversation_id, page)
        alone = _alone(leaning)
        if not alone or not await asyncio.to_thread(self._stands, alone, leaning):
            return leaning
        standing = await self._inner.understand(text, (), conversation_id, leaning.language)
        return replace(standing, language=leaning.language)

    def _stands(self, alone: str, leaning: Understanding) -> bool:
        """Whether the message by itself fits at least as well; a search that fails says nothing, and tells so where it is asked."""
        language = leaning.language
        try:
            return self._fit(alone, language) > self._fit(leaning.question, language) - _LESS
        except Exception:  # noqa: BLE001 - the retrieve stage names what is broken
            return False


def _alone(leaning: Understanding) -> str:
    """The message by itself, where words were put after it that nothing in it asks for; "" else, and where they are a thing of
    the graph.
    """
    said = of_one(without_courtesies(leaning.text))
    if leaning.question == said or not leaning.question.startswith(said) or points_back(said):
        return ""
    return "" if any(entity.span[1] > len(said) for entity in leaning.entities) else said
