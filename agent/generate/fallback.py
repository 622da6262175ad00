"""Answers with the fallback when the model is down, hangs or dies in mid-answer, and says so; or where none is needed."""

import logging
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import TypeGuard

from agent.closing import closing
from agent.errors import ModelRefused, ModelUnavailable
from agent.generate.facts import is_settled
from agent.phrases import Phrases
from agent.ports import GenerationRequest, Generator, Retract
from agent.types import DecisionKind, Draft, Retrieval

_log = logging.getLogger(__name__)

NOTE = "model_down"
"""Name of the phrase that tells the customer."""


class CircuitBreaker:
    """Rests a server that failed several times in a row, then lets one request at a time try it again.

    failures: how many in a row open the circuit; rest_s: seconds of rest (Nygard, "Release It!", 2007).
    """

    def __init__(self, *, failures: int = 2, rest_s: float = 30.0, clock: Callable[[], float] = time.monotonic) -> None:
        self._limit = failures
        self._rest_s = rest_s
        self._clock = clock
        self._failed = 0
        self._resting_until = 0.0

    def allows(self) -> bool:
        """Whether to try now."""
        if self._failed < self._limit:
            return True
        if self._clock() < self._resting_until:
            return False
        self._resting_until = self._clock() + self._rest_s
        return True

    def failed(self) -> None:
        """A try failed."""
        self._failed += 1
        self._resting_until = self._clock() + self._rest_s

    def succeeded(self) -> None:
        """A try went well."""
        self._failed = 0


class FallbackGenerator:
    """Implements `agent.ports.Generator`: the primary's answer, else the fallback's with a note.

    What the primary had said before it died is taken back by a Retract. The primary is not asked, and nothing is noted,
    where the graph has computed the answer or there is no evidence to answer from.
    """

    def __init__(
        self, primary: Generator, fallback: Generator, phrases: Phrases, breaker: CircuitBreaker | None = None
    ) -> None:
        self._primary = primary
        self._fallback = fallback
        self._phrases = phrases
        self._breaker = breaker or CircuitBreaker()

    async def generate(self, request: GenerationRequest) -> AsyncIterator[str | Retract | Draft]:
        """As the Protocol says; raises only what the fallback raises."""
        if _needs_no_model(request.retrieval):
            async with closing(self._fallback.generate(request)) as steps:
                async for step in steps:
                    yield step
            return
        if self._breaker.allows():
            said = False
            try:
                async with closing(self._primary.generate(request)) as steps:
                    async for step in steps:
                        said = said or isinstance(step, str)
                        yield step
            except ModelUnavailable as error:
                # A request that the server cannot serve says nothing about the next customer's.
                if not isinstance(error, ModelRefused):
                    self._breaker.failed()
                _log.warning("%s", error)
                if said:
                    yield Retract()
            else:
                self._breaker.succeeded()
                return
        note = self._phrases.say(NOTE, request.understanding.language)
        async with closing(self._fallback.generate(request)) as steps:
            async for step in steps:
                yield replace(step, text=f"{note}\n\n{step.text}") if _answers(step) else step


def _needs_no_model(retrieval: Retrieval) -> bool:
    graph = retrieval.graph
    if graph is None or not (graph.facts or graph.options):
        return not retrieval.passages
    return is_settled(graph)


def _answers(step: str | Retract | Draft) -> TypeGuard[Draft]:
    return isinstance(step, Draft) and step.decision is DecisionKind.ANSWER and bool(step.text.strip())
