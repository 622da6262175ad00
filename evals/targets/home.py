"""The agent of a home, in this process."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from agent.types import Reply, Utterance
from evals.cases import Case
from evals.runner import score
from evals.targets.replies import usage_of
from evals.targets.target import Answered


class Answerer(Protocol):
    """The part of an agent that is asked."""

    async def answer(
        self, question: str, history: Sequence[Utterance] = (), customer_id: str | None = None
    ) -> Reply: ...


@dataclass(frozen=True, slots=True)
class HomeTarget:
    """name: the home's folder with what of it is known to change answers. Its errors are the operator's, and end the run."""

    agent: Answerer
    name: str = "home"
    instructions: tuple[str, ...] = ()
    public: tuple[str, ...] = ()

    def score(self, case: Case, reply: Reply) -> dict[str, float]:
        return score(case, reply, self.instructions, self.public)

    async def answer(self, case: Case) -> Answered:
        history = [Utterance(role=said.role, content=said.content) for said in case.history]
        reply = await self.agent.answer(case.question, history)
        return Answered(reply=reply, usage=usage_of(reply))
