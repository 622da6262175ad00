"""A Python function, named `module:function`: question, and history where it takes one, to a text or a Reply."""

import asyncio
import inspect
import time
from collections.abc import Callable
from dataclasses import dataclass

from agent.errors import CallerError, SettingsError
from agent.tools.functions import function_at
from agent.types import Reply
from evals.cases import Case
from evals.scoring.turns import score
from evals.targets.held import Replayed, hold
from evals.targets.replies import plain_reply
from evals.targets.target import Answered, TargetFailed


@dataclass(frozen=True, slots=True)
class FunctionTarget:
    """function: plain, which runs in a thread, or async. What it raises fails the case, not the run."""

    function: Callable[..., object]
    name: str

    @classmethod
    def load(cls, place: str) -> "FunctionTarget":
        """Of `module:function`. Raises CallerError where there is none."""
        try:
            return cls(function_at(place), f"function {place}")
        except SettingsError as error:
            raise CallerError(f"--function: {error}") from error

    def score(self, case: Case, reply: Reply) -> dict[str, float]:
        return score(case, reply)

    async def answer(self, case: Case) -> Answered:
        if case.dialogue is not None:
            return await hold(case.dialogue, Replayed(self.answer, case))
        history = [{"role": said.role, "content": said.content} for said in case.history]
        arguments = (case.question, history)[: _takes(self.function)]
        begun = time.perf_counter()
        try:
            if inspect.iscoroutinefunction(self.function):
                said = await self.function(*arguments)
            else:
                said = await asyncio.to_thread(self.function, *arguments)
        except Exception as error:  # the function is the user's, and may raise anything
            raise TargetFailed(f"{type(error).__name__}: {error}") from error
        if isinstance(said, Reply):
            return Answered(reply=said)
        if not isinstance(said, str):
            raise TargetFailed(f"it returned {type(said).__name__}, not a text or a Reply", again=False)
        timings = {"total": 1000 * (time.perf_counter() - begun)}
        return Answered(reply=plain_reply(said, case.question, case.lang, timings, self.name), bare=True)


def _takes(function: Callable[..., object]) -> int:
    """How many of question and history it takes."""
    kinds = [parameter.kind for parameter in inspect.signature(function).parameters.values()]
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return 2 if inspect.Parameter.VAR_POSITIONAL in kinds else min(2, sum(kind in positional for kind in kinds))
