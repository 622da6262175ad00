"""Reads a message that may lean on what was said before, and may not, in the way that the documents know more of.

On 460 messages of the questions for fitting, half of them leaning on what was said and half put after another subject, no
leaning one is lost by the margins below; of the others, quoted from the right article were 201 of 283 with what was carried
always, and are 262 (each by itself: 275).
"""

import asyncio
import math
from collections.abc import Callable, Sequence
from dataclasses import replace

from agent.ports import GenerationRequest, Understander
from agent.types import Draft, Language, Retrieval, Understanding, Utterance
from agent.understand.pointing import points_back
from agent.understand.small_talk import without_courtesies
from knowledge.text.compounds import of_one

_LESS = 0.025
"""By so much less may the best passage fit a message read by itself: the words that were carried fit their passage always."""
_SURER = 1.0  # logits
_NEARLY_NONE = 1e-6
_PASSAGES = 8


class SurerReading:
    """Implements `agent.ports.Understander` around another, which carries words of the conversation into short messages.

    search: the documents; called in a thread, as is
    compose: what would be answered from them, with its support; None where that is not at hand.
    asks: whether a message asks for what the graph states of its things; such a message is about the thing talked of.
    """

    def __init__(
        self,
        inner: Understander,
        search: Callable[[str, int, Language], Retrieval],
        compose: Callable[[GenerationRequest], Draft] | None = None,
        asks: Callable[[str], bool] = lambda _: False,
    ) -> None:
        self._inner, self._search, self._compose, self._asks = inner, search, compose, asks

    async def understand(
        self, text: str, history: Sequence[Utterance], conversation_id: str = "", page: Language | None = None
    ) -> Understanding:
        """As the Protocol says. "Can I use PayPal?" after shipping is about paying; "how many days?" is about shipping."""
        leaning = await self._inner.understand(text, history, conversation_id, page)
        alone = self._alone(leaning)
        if not alone or not await asyncio.to_thread(self._stands, alone, leaning):
            return leaning
        standing = await self._inner.understand(text, (), conversation_id, leaning.language)
        return replace(standing, language=leaning.language)

    def _alone(self, leaning: Understanding) -> str:
        """The message by itself, where words were put to it that nothing in it asks for; else ""."""
        said = of_one(without_courtesies(leaning.text))
        if leaning.question == said or said not in leaning.question or points_back(said):
            return ""
        return "" if leaning.entities and self._asks(said) else said

    def _stands(self, alone: str, leaning: Understanding) -> bool:
        """Whether the message by itself fits at least as well, or is answered more surely; a search that fails says nothing."""
        try:
            by_itself, carried = self._found(alone, leaning), self._found(leaning.question, leaning)
            if max(0.0, _fit(carried) - _LESS) < _fit(by_itself):
                return True
            return self._compose is not None and self._support(by_itself) > self._support(carried) + _SURER
        except Exception:  # noqa: BLE001 - the retrieve stage names what is broken
            return False

    def _found(self, question: str, leaning: Understanding) -> GenerationRequest:
        understanding = replace(leaning, question=question, intents=(), said=(), entities=())
        retrieval = self._search(question, _PASSAGES, leaning.language)
        return GenerationRequest(understanding=understanding, retrieval=retrieval, history=(), conversation_id="")

    def _support(self, request: GenerationRequest) -> float:
        """The logit of an answer's support."""
        support = self._compose(request).support if self._compose else 0.0
        return math.log(max(support, _NEARLY_NONE) / max(1 - support, _NEARLY_NONE))


def _fit(request: GenerationRequest) -> float:
    """The score of the passage that fits best; 0 where there is none."""
    return max((found.score for found in request.retrieval.passages), default=0.0)
