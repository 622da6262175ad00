"""Answers with the fallback when the model is down, hangs or dies in mid-answer, and says so; or where none is needed."""

import logging
import time
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeGuard

from agent.closing import closing
from agent.errors import ModelRefused, ModelUnavailable
from agent.generate.graph.composer import is_settled
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
    """Implements `agent.ports.Generator`: the first model that answers, else the composer with a note.

    What a model had said before it died is taken back by a Retract. A draft of which the evidence supported nothing gives
    way to the composer's, without a note. No model is asked, and nothing is noted, where the graph has computed the answer
    or there is no evidence to answer from. Who answered stands in the Draft. breakers: one for each model.
    """

    def __init__(
        self,
        models: Sequence[Generator],
        composer: Generator,
        phrases: Phrases,
        breakers: Sequence[CircuitBreaker] | None = None,
    ) -> None:
        self._models = models
        self._composer = composer
        self._phrases = phrases
        self._breakers = breakers or [CircuitBreaker() for _ in models]

    async def generate(self, request: GenerationRequest) -> AsyncIterator[str | Retract | Draft]:
        """As the Protocol says; raises only what the composer raises."""
        note, outcome = "", _Outcome()
        if not _needs_no_model(request.retrieval):
            note = self._phrases.say(NOTE, request.understanding.language)
            for model, breaker in zip(self._models, self._breakers, strict=True):
                if breaker.allows():
                    async with closing(self._of(model, breaker, request, outcome)) as steps:
                        async for step in steps:
                            yield step
                if outcome.answered:
                    return
                if outcome.unsupported is not None:
                    note = ""
                    break
        async with closing(self._composed(request, note, outcome.unsupported)) as steps:
            async for step in steps:
                yield step

    async def _of(
        self, model: Generator, breaker: CircuitBreaker, request: GenerationRequest, outcome: "_Outcome"
    ) -> AsyncIterator[str | Retract | Draft]:
        """What one model says, taken back where nothing comes of it; how it went is noted in the outcome."""
        said = False
        try:
            async with closing(model.generate(request)) as steps:
                async for step in steps:
                    if isinstance(step, Draft):
                        outcome.unsupported = step if _has_nothing(step) else None
                        outcome.answered = outcome.unsupported is None
                    if not (isinstance(step, Draft) and outcome.unsupported):
                        said = said or isinstance(step, str)
                        yield step
        except ModelUnavailable as error:
            # A request that the server cannot serve says nothing about the next customer's.
            if not isinstance(error, ModelRefused):
                breaker.failed()
            _log.warning("%s", error)
        else:
            breaker.succeeded()
        if said and not outcome.answered:
            yield Retract()

    async def _composed(
        self, request: GenerationRequest, note: str, unsupported: Draft | None
    ) -> AsyncIterator[str | Retract | Draft]:
        """The composer's answer; what a model said in vain is kept with it, for evaluation."""
        async with closing(self._composer.generate(request)) as steps:
            async for step in steps:
                answer = step
                if isinstance(answer, Draft) and unsupported is not None:
                    answer = replace(answer, withheld=unsupported.withheld, usage=unsupported.usage)
                if note and _answers(answer):
                    answer = replace(answer, text=f"{note}\n\n{answer.text}")
                yield answer


@dataclass(slots=True)
class _Outcome:
    """answered: a model's draft stands; unsupported: a draft of which the evidence supported nothing."""

    answered: bool = False
    unsupported: Draft | None = None


def _has_nothing(draft: Draft) -> bool:
    """Whether a model answered, and the evidence supported none of it."""
    return draft.decision is DecisionKind.ANSWER and not draft.text.strip()


def _needs_no_model(retrieval: Retrieval) -> bool:
    if retrieval.parts:
        return all(part.graph is not None and is_settled(part.graph) for part in retrieval.parts)
    graph = retrieval.graph
    if graph is None or not (graph.facts or graph.options):
        return not retrieval.passages
    return is_settled(graph)


def _answers(step: str | Retract | Draft) -> TypeGuard[Draft]:
    return isinstance(step, Draft) and step.decision is DecisionKind.ANSWER and bool(step.text.strip())
