"""The agent of a home, in this process."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from agent.conversations import Conversations
from agent.types import Reply, Utterance
from evals.cases import Case
from evals.gold_docs import without
from evals.scoring.turns import score
from evals.targets.desk import desk_conversation
from evals.targets.held import hold
from evals.targets.replies import usage_of
from evals.targets.target import Answered


class Answerer(Protocol):
    """The part of an agent that is asked."""

    async def answer(
        self, question: str, history: Sequence[Utterance] = (), customer_id: str | None = None
    ) -> Reply: ...


@dataclass(frozen=True, slots=True)
class HomeTarget:
    """name: the home's folder with what of it is known to change answers. Its errors are the operator's, and end the run.

    agent: answers questions; desk: holds dialogues. Either may be None where no case needs it.
    missing: gold documents that the home does not hold.
    """

    agent: Answerer | None
    name: str = "home"
    instructions: tuple[str, ...] = ()
    public: tuple[str, ...] = ()
    desk: Conversations | None = None
    missing: frozenset[str] = frozenset()

    def score(self, case: Case, reply: Reply) -> dict[str, float]:
        return score(without(case, self.missing), reply, self.instructions, self.public)

    async def answer(self, case: Case) -> Answered:
        if case.dialogue is not None:
            assert self.desk is not None
            async with desk_conversation(self.desk) as held:
                return await hold(case.dialogue, held)
        assert self.agent is not None
        history = [Utterance(role=said.role, content=said.content) for said in case.history]
        reply = await self.agent.answer(case.question, history)
        return Answered(reply=reply, usage=usage_of(reply))
