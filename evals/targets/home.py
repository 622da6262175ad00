"""The agent of a home, in this process."""

from dataclasses import dataclass

from agent.types import Reply, Utterance
from evals.cases import Case
from evals.dialogues import Answerer, run_dialogue
from evals.runner import score
from evals.targets.replies import usage_of
from evals.targets.target import Answered


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
        if case.dialogue is not None:
            held = await run_dialogue(case.dialogue, self.agent)
            return Answered(reply=held.replies[-1], problems=held.problems, transcript=held.transcript)
        history = [Utterance(role=said.role, content=said.content) for said in case.history]
        reply = await self.agent.answer(case.question, history)
        return Answered(reply=reply, usage=usage_of(reply))
