"""The first stage of a home's agent alone: what it makes of a message, without looking anything up."""

import time
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Protocol

from agent.training.data import OUT_OF_SCOPE
from agent.types import DecisionKind, InboundMessage, Reply, Understanding, Utterance
from evals.cases import Case
from evals.scoring.turns import told_intent
from evals.targets.target import Answered


class Turns(Protocol):
    """The part of an agent that is asked."""

    def run(self, message: InboundMessage, history: Sequence[Utterance]) -> AsyncIterator[object]: ...


@dataclass(frozen=True, slots=True)
class UnderstandingTarget:
    """Leaves each turn after its first step. Its replies say nothing; only their understanding counts."""

    agent: Turns
    name: str = "understanding"

    async def answer(self, case: Case) -> Answered:
        message = InboundMessage(conversation_id="", channel="direct", channel_message_id="", text=case.question)
        history = [Utterance(role=said.role, content=said.content) for said in case.history]
        begun = time.perf_counter()
        async with aclosing(self.agent.run(message, history)) as steps:  # type: ignore[type-var]
            understood = await anext(steps)
        assert isinstance(understood, Understanding)
        timings = {"total": 1000 * (time.perf_counter() - begun)}
        reply = Reply(
            text="", language=understood.language, decision=DecisionKind.DECLINE, understanding=understood,
            generator="", timings_ms=timings,
        )  # fmt: skip
        return Answered(reply=reply)

    def score(self, case: Case, reply: Reply) -> dict[str, float]:
        """right: the intents that it acts upon hold the gold one, or are none where nothing is for it; intent_accuracy: the
        likeliest is the gold one, of cases that have one, wherever the threshold lies.
        """
        said = {one.name for one in reply.understanding.said}
        strange = case.intent == OUT_OF_SCOPE
        scores = {"right": float(not said if strange else case.intent in said)}
        return scores if strange else {**scores, "intent_accuracy": float(told_intent(reply) == case.intent)}
